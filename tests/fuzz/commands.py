"""Whatever is typed after `followthrough`: a sentence and a status, never a traceback."""

import random
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from typer.testing import CliRunner

from infra.cli.main import app
from tests.fuzz.tally import Tally

WORDS = (
    *(
        "",
        " ",
        "-",
        "--",
        "---",
        "\x01",
        "é",
        "x" * 5000,
        "../..",
        "/",
        ".",
        "nobody",
        "brightsmile",
        "0",
        "-1",
        "1e9",
        "NaN",
        "=",
    ),
    *(
        "{}",
        "[]",
        "%s",
        "$(ls)",
        "`ls`",
        "; ls",
        "*",
        "\u202e",
        "2026-02-30",
        "9999-12-31",
        "+1",
        "--json",
        "--help",
        "--tenant",
        "--from",
    ),
)
COMMANDS: tuple[list[str], ...] = (
    *(
        ["validate"],
        ["say"],
        ["say", "--tenant"],
        ["trace"],
        ["trace", "list"],
        ["trace", "list", "--tenant"],
        ["trace", "show"],
    ),
    *(["trace", "why"], ["trace", "verify"], ["trace", "export"], ["trace", "list", "--day"], ["nonsense"], []),
)


def fuzz(share: float, seed: int) -> Tally:
    """Type this share of everything; return what came of it."""
    chance = random.Random(seed)
    tally = Tally("the command line")
    with TemporaryDirectory() as folder:
        binary = Path(folder) / "binary.yaml"
        binary.write_bytes(b"\xff\xfe\x00tenant")
        for path in (binary, Path(folder), Path(folder) / "missing.yaml", Path("/dev/null")):
            tally.count(f"validate {path.name}", partial(_typed, ["validate", str(path)]))
    for command in COMMANDS:
        for first in WORDS:
            for second in (None, *WORDS):
                if chance.random() < share:
                    words = [*command, first, *([second] if second is not None else [])]
                    tally.count(" ".join(words)[:80], partial(_typed, words))
    return tally


def _typed(words: list[str]) -> str:
    done = CliRunner().invoke(app, words)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return f"exit {done.exit_code}"
