"""Operators' uploads and the reports on them, in S3."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@dataclass(frozen=True)
class S3Uploads:
    """The bucket that operators upload to."""

    client: "S3Client"
    bucket: str

    def read(self, key: str) -> str | None:
        """Return the newest content of an object; None when it is gone."""
        try:
            content = self.client.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        except self.client.exceptions.NoSuchKey:
            return None
        # What is no UTF-8 reaches the checker as replacement characters, which it refuses with their place.
        return content.decode("utf-8", errors="replace")

    def tenants(self) -> list[str]:
        """Name the tenants that ever uploaded a file."""
        pages = self.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket, Prefix="tenants/", Delimiter="/"
        )
        found = (prefix["Prefix"] for page in pages for prefix in page.get("CommonPrefixes", []))
        return sorted(prefix.split("/")[1] for prefix in found)

    def report(self, key: str, report: Mapping[str, Any]) -> None:
        """Write a report object."""
        body = json.dumps(report, indent=2).encode()
        self.client.put_object(Bucket=self.bucket, Key=key, Body=body, ContentType="application/json")
