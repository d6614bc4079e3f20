"""The rows of the tables in docs/compensation.md."""

import re
from pathlib import Path
from typing import Final

DOCUMENT: Final = Path(__file__).parents[2] / "docs" / "compensation.md"
KEY: Final = ("Step", "What goes wrong")


def rows(text: str) -> list[dict[str, str]]:
    """Read every table whose header begins with the two cells that name a row."""
    found: list[dict[str, str]] = []
    header: list[str] = []
    for line in text.splitlines():
        if not line.startswith("|"):
            header = []
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not header:
            header = cells
        elif tuple(header[:2]) == KEY and set(cells[0]) != {"-"}:
            found.append(dict(zip(header, cells, strict=True)))
    return found


def says(cell: str, words: str) -> bool:
    """Tell whether a text is what a cell says, with `…` for a date or an amount, and its reference at the end."""
    pattern = ".+?".join(re.escape(part) for part in cell.split("…"))
    return re.fullmatch(rf"{pattern} Ref\. [0-9A-F]{{8}}\.", words) is not None
