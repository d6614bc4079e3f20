"""The workbench and the embedded AWS, as other folders make them."""

from tests.agents.conftest import bench, here
from tests.ledger.conftest import aws

__all__ = ["aws", "bench", "here"]
