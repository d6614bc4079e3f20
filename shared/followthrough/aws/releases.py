"""Releases in S3 (`releases/<tenant>/<release>.json`), the live record in DynamoDB (`<tenant>` with `live`)."""

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from followthrough.errors import Conflict, Missing
from followthrough.ledger.dynamodb.table import Table
from followthrough.ledger.jitter import tries
from followthrough.routing.releases import Live, Release

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_s3.client import S3Client

_MOST_REMEMBERED = 100


class AwsReleases:
    """Releases on a bucket and the table named `tenants`. Kept ones never change, so an instance reads each once."""

    def __init__(self, client: "DynamoDBClient", s3: "S3Client", tenants: str, bucket: str) -> None:
        self._table = Table(client, tenants)
        self._s3 = s3
        self._bucket = bucket
        self._read: dict[tuple[str, str], Release] = {}

    def keep(self, release: Release) -> None:
        """Store the release under its id; storing the same one again changes nothing. Raises Conflict."""
        name = _object(release.tenant.tenant, release.id)
        body = release.model_dump_json().encode()
        for _ in tries():
            try:
                self._s3.put_object(
                    Bucket=self._bucket, Key=name, Body=body, ContentType="application/json", IfNoneMatch="*"
                )
            except ClientError as error:
                code = error.response["Error"]["Code"]
                if code == "ConditionalRequestConflict":  # another upload of it is under way: wait for its end
                    continue
                if code != "PreconditionFailed":  # it is there; its name is a hash of what it holds
                    raise
            return
        raise Conflict(f"release {release.id} is being written all the time")

    def release(self, tenant: str, release: str) -> Release:
        """Return a kept release. Raises Missing."""
        known = self._read.get((tenant, release))
        if known is None:
            try:
                answer = self._s3.get_object(Bucket=self._bucket, Key=_object(tenant, release))
            except self._s3.exceptions.NoSuchKey as error:
                raise Missing(f"no release {release} of {tenant}") from error
            known = Release.model_validate_json(answer["Body"].read())
            if len(self._read) >= _MOST_REMEMBERED:
                self._read.clear()
            self._read[tenant, release] = known
        return known

    def live(self, tenant: str) -> Live | None:
        """Return the live record, strongly consistent; None when the tenant never went live."""
        stored = self._table.get(tenant, "live")
        return None if stored is None else Live.model_validate(stored)

    def go_live(self, live: Live) -> Live:
        """Make a release live if the record is still the version that was read (0: none). Raises Conflict."""
        written = live.model_copy(update={"version": live.version + 1})
        item = {"pk": live.tenant, "sk": "live", **written.model_dump(mode="json")}
        won = self._table.replace(item, version=live.version) if live.version else self._table.create(item) is None
        if not won:
            raise Conflict(f"{live.tenant} went live with another release meanwhile")
        return written


def _object(tenant: str, release: str) -> str:
    return f"releases/{tenant}/{release}.json"
