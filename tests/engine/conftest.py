"""The workbench, as the agents' folder makes it."""

from tests.agents.conftest import bench, do, here, job

__all__ = ["bench", "do", "here", "job"]
