"""Entries' texts that are too large for an item, in S3: `traces/<tenant>/<SHA-256 of the text>`.

They hold what items hold: nothing personal that is not encrypted under its subject's key.
"""

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client


class S3Bodies:
    """Bodies in a bucket."""

    def __init__(self, s3: "S3Client", bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def keep(self, tenant: str, body: str) -> str:
        """Keep a text and return its hash; keeping it again changes nothing."""
        digest = hashlib.sha256(body.encode()).hexdigest()
        self._s3.put_object(
            Bucket=self._bucket, Key=_key(tenant, digest), Body=body.encode(), ContentType="application/json"
        )
        return digest

    def read(self, tenant: str, digest: str) -> str | None:
        """Return the text; None when it is gone or no longer the one of that hash."""
        try:
            text = self._s3.get_object(Bucket=self._bucket, Key=_key(tenant, digest))["Body"].read()
        except self._s3.exceptions.NoSuchKey:
            return None
        return text.decode() if hashlib.sha256(text).hexdigest() == digest else None


def _key(tenant: str, digest: str) -> str:
    return f"traces/{tenant}/{digest}"
