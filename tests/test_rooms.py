"""The README's list of rooms and the linter's contract say the same."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_readme_lists_the_rooms_as_the_linter_orders_them() -> None:
    """From the top floor down, each with what is said there."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    [rooms] = [contract["layers"] for contract in contracts if contract["id"] == "rooms"]
    listed = re.search(
        r"\| room \| what is said there \|\n\| --- \| --- \|\n((?:\|.*\n)+)", (ROOT / "README.md").read_text()
    )
    assert listed is not None
    assert re.findall(r"^\| `(\w+)` \|", listed[1], re.MULTILINE) == rooms
