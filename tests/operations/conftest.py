"""The workbench, for what runs by the clock."""

from tests.agents.conftest import bench, here

__all__ = ["bench", "here"]
