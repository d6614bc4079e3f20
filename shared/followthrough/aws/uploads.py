"""Operators' uploads and the reports on them, in S3."""

import json
import re
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from followthrough.tenant.models import TENANT
from followthrough.tenant.positions import LARGEST

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@dataclass(frozen=True)
class S3Uploads:
    """The bucket that operators upload to."""

    client: "S3Client"
    bucket: str

    def read(self, key: str) -> bytes | None:
        """Return the newest content of an object, of one that is too large not all; None when it is gone."""
        try:
            body = self.client.get_object(Bucket=self.bucket, Key=key)["Body"]
        except self.client.exceptions.NoSuchKey:
            return None
        with closing(body):
            return body.read(LARGEST + 1)

    def tenants(self) -> list[str]:
        """Name the tenants that ever uploaded a file."""
        pages = self.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket, Prefix="tenants/", Delimiter="/"
        )
        found = (prefix["Prefix"] for page in pages for prefix in page.get("CommonPrefixes", []))
        return sorted(name for name in (prefix.split("/")[1] for prefix in found) if re.fullmatch(TENANT, name))

    def report(self, key: str, report: Mapping[str, Any]) -> None:
        """Write a report object."""
        body = json.dumps(report, indent=2).encode()
        self.client.put_object(Bucket=self.bucket, Key=key, Body=body, ContentType="application/json")
