"""A file's bytes are UTF-8 whose letters are all there; anything else is refused at the first letter that is lost."""

from pathlib import Path

import pytest
from hypothesis import given, strategies as st
from typer.testing import CliRunner

from followthrough.errors import Misconfigured
from followthrough.tenant.encoding import decoded
from infra.cli.main import app
from infra.local.accounts import source


@pytest.mark.parametrize(
    ("content", "place", "said"),
    [
        ("a: x\nb: Se\u00f1or".encode("latin-1"), "2:6", "the byte 0xf1 is no UTF-8"),
        ("a: \u20ac".encode("cp1252"), "1:4", "the byte 0x80 is no UTF-8"),
        ("a: x".encode("utf-16"), "1:1", "the byte 0xff is no UTF-8"),
        ("a: \u00f1".encode()[:-1], "1:4", "is no UTF-8"),
        ("a: x\n  b: Se\ufffdor".encode(), "2:8", "a letter was lost here"),
        ("a: Se\u00f1or".encode().decode("latin-1").encode(), "1:6", "was one letter before"),
        ("a: It\u2019s".encode().decode("cp1252").encode(), "1:6", "was one letter before"),
    ],
)
def test_lost_letters(content: bytes, place: str, said: str) -> None:
    """T12: another encoding, or one that was passed through, is refused at its first letter with what to do."""
    with pytest.raises(Misconfigured) as caught:
        decoded(content)
    (problem,) = caught.value.problems
    assert str(problem).startswith(f"{place} (file): ")
    assert said in problem.message
    assert "save it as UTF-8" in problem.message


@given(st.text(alphabet=st.characters(codec="ascii") | st.sampled_from("\u00e1\u00f1\u00bf\u20ac\u2019")))
def test_what_is_utf8_is_read_as_it_is(text: str) -> None:
    """T12: letters of any language are no mistake."""
    assert decoded(text.encode()) == text


def test_real_file_is_read() -> None:
    """T12: a configuration in two languages is read as it was written."""
    assert decoded(source("brightsmile").encode()) == source("brightsmile")


def test_the_command_refuses_alike(tmp_path: Path) -> None:
    """T12: `validate` names the place of the first letter that is no UTF-8, as the report on an upload does."""
    path = tmp_path / "tenant.yaml"
    path.write_bytes("tenant: x\nname: \u00e9t\u00e9\n".encode("latin-1"))
    done = CliRunner().invoke(app, ["validate", str(path)])
    assert done.exit_code == 1
    assert f"{path}:2:7 (file): the byte 0xe9 is no UTF-8" in done.output
