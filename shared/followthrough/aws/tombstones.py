"""Tombstones in S3: `erasures/<tenant>/<subject>.json`, which no restore of a table touches."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from followthrough.ledger.erasure import Tombstone

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

_FOLDER = "erasures/"


class S3Tombstones:
    """Tombstones in a bucket."""

    def __init__(self, s3: "S3Client", bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def keep(self, tombstone: Tombstone) -> None:
        """Keep a tombstone; the first one of a subject stays."""
        try:
            self._s3.put_object(
                Bucket=self._bucket,
                Key=f"{_FOLDER}{tombstone.tenant}/{tombstone.subject}.json",
                Body=tombstone.model_dump_json().encode(),
                ContentType="application/json",
                IfNoneMatch="*",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "PreconditionFailed":
                raise

    def all(self) -> Iterator[Tombstone]:
        """Yield every tombstone of every tenant."""
        for page in self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=_FOLDER):
            for found in page.get("Contents", []):
                answer = self._s3.get_object(Bucket=self._bucket, Key=found["Key"])
                yield Tombstone.model_validate_json(answer["Body"].read())
