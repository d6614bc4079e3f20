"""Property tests of the ledger, and one embedded AWS for all that need one."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from infra.local.emulator import emulator
from tests.ledger.tables import TABLES, Aws, create

# A busy machine is no failure: what must be fast says so in its own test.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture(scope="session")
def aws() -> Iterator[Aws]:
    with emulator(Path(sys.executable)) as running:
        dynamodb, kms, s3 = (running.client(service) for service in ("dynamodb", "kms", "s3"))
        for table in TABLES:
            create(dynamodb, table, like=table)
        s3.create_bucket(Bucket="tenants")
        yield Aws(dynamodb, kms, s3, kms.create_key()["KeyMetadata"]["KeyId"])
