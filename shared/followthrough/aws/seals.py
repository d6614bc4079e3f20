"""Seals in S3: `seals/<tenant>/<UTC hour>.json` in a bucket of their own, whose Object Lock keeps every version.

A locked version can be hidden behind a newer one or a delete marker, but not changed: so the first version is read, and
anything on top of it is told.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from botocore.exceptions import ClientError

from followthrough.clock import Clock, utc_now
from followthrough.errors import Conflict
from followthrough.ledger.jitter import tries
from followthrough.ledger.seals import KeptSeal, Seal, name

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

_RECENT = timedelta(days=30)
"""S3 lists from the oldest on: the newest is looked for here first."""

_READ_AT_ONCE = 16


class _Version(NamedTuple):
    key: str
    id: str
    touched: str | None


class S3Seals:
    """Seals in a bucket, which may belong to another account."""

    def __init__(self, s3: "S3Client", bucket: str, *, clock: Clock = utc_now) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._clock = clock

    def latest(self, tenant: str) -> Seal | None:
        """Return the tenant's newest seal; None when it has none yet."""
        now = self._clock()
        for since in (name(now - _RECENT), ""):
            # One of an hour to come was not written by us, and must not keep us from sealing.
            versions = [one for one in self._versions(tenant, since) if _hour(one.key) <= name(now)]
            if versions:
                return Seal.model_validate_json(self._text(versions[-1]))
        return None

    def keep(self, seal: Seal) -> bool:
        """Write the seal; False when there is one of that hour already, which stays. Raises Conflict."""
        for _ in tries():
            try:
                self._s3.put_object(
                    Bucket=self._bucket,
                    Key=f"{_folder(seal.tenant)}{seal.hour}.json",
                    Body=seal.text().encode(),
                    ContentType="application/json",
                    # Object Lock takes nothing without a checksum.
                    ChecksumAlgorithm="SHA256",
                    IfNoneMatch="*",
                )
            except ClientError as error:
                code = error.response["Error"]["Code"]
                if code == "PreconditionFailed":
                    return False
                if code != "ConditionalRequestConflict":  # else another one is being written: see what becomes of it
                    raise
            else:
                return True
        raise Conflict(f"the seal of {seal.hour} is being written all the time")

    def read(self, tenant: str, since: str = "") -> Sequence[KeptSeal]:
        """Return the tenant's seals from that hour on, oldest first."""
        versions = self._versions(tenant, since)
        with ThreadPoolExecutor(_READ_AT_ONCE) as threads:
            texts = list(threads.map(self._text, versions))
        return [
            KeptSeal(_hour(version.key), text, version.touched) for version, text in zip(versions, texts, strict=True)
        ]

    def _text(self, version: _Version) -> str:
        answer = self._s3.get_object(Bucket=self._bucket, Key=version.key, VersionId=version.id)
        return answer["Body"].read().decode()

    def _versions(self, tenant: str, since: str) -> list[_Version]:
        """Return each seal's first version, by hour; `touched` says what was put on top of it."""
        first: dict[str, Any] = {}
        touched: dict[str, str] = {}
        for deleted, version in self._all(tenant, since):
            key = version["Key"]
            older = first.setdefault(key, version)
            if deleted:
                touched[key] = f"the seal of {_hour(key)} was deleted; the locked version behind it was read"
            elif older is not version:
                touched.setdefault(key, f"the seal of {_hour(key)} was written over; the first version was read")
        return [
            _Version(key, version["VersionId"], touched.get(key))
            for key, version in sorted(first.items())
            if "Size" in version
        ]

    def _all(self, tenant: str, since: str) -> Iterator[tuple[bool, Any]]:
        """Yield every version and delete marker from an hour on, as (is a marker, entry), each key's oldest first."""
        folder = _folder(tenant)
        more: dict[str, Any] = {"KeyMarker": f"{folder}{since}"} if since else {}
        pages = self._s3.get_paginator("list_object_versions").paginate(Bucket=self._bucket, Prefix=folder, **more)
        versions, markers = [], []
        for page in pages:
            versions += page.get("Versions", [])
            markers += page.get("DeleteMarkers", [])
        # S3 lists the newest first: versions of the same second are told apart by that alone.
        versions.reverse()
        yield from ((False, one) for one in sorted(versions, key=lambda one: one["LastModified"]))
        yield from ((True, one) for one in markers)


def _folder(tenant: str) -> str:
    return f"seals/{tenant}/"


def _hour(key: str) -> str:
    return key.rsplit("/", 1)[1].removesuffix(".json")
