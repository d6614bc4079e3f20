"""A second start neither synthesises nor installs."""

from pathlib import Path

import pytest

from infra.aws import layer
from infra.local import synth
from infra.local.standin import STAGE
from tests.infra.conftest import HANDLERS


def test_what_was_synthesised_is_used_again(template: object, monkeypatch: pytest.MonkeyPatch) -> None:
    assert template
    monkeypatch.setattr(synth, "synthesise", lambda context, out: pytest.fail("synthesised again"))
    folder = synth.assembly(STAGE, HANDLERS)
    assert (folder / f"{STAGE.prefix}.template.json").exists()
    assert all(asset.with_name(f"{asset.name}.zip").exists() for asset in folder.glob("asset.*") if asset.is_dir())


def test_other_handlers_are_another_stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[dict[str, str]] = []
    monkeypatch.setattr(synth, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(synth, "synthesise", lambda context, out: seen.append(context))
    (tmp_path / "handlers").mkdir()
    handler = tmp_path / "handlers" / "one.py"
    handler.write_text("a = 1\n")
    first = synth.assembly(STAGE, tmp_path / "handlers")
    assert synth.assembly(STAGE, tmp_path / "handlers") == first
    handler.write_text("a = 2\n")
    assert synth.assembly(STAGE, tmp_path / "handlers") != first
    assert [context["platform"] for context in seen] == ["local", "local"]


def test_a_failed_synthesis_says_why_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(synth, "CACHE", tmp_path / "cache")
    (tmp_path / "handlers").mkdir()
    monkeypatch.setattr(synth, "_context", lambda stage, handlers: {"stage": "dev-2"})
    with pytest.raises(RuntimeError, match="1 to 12 lower-case letters"):
        synth.assembly(STAGE, tmp_path / "handlers")
    assert list((tmp_path / "cache").iterdir()) == []


def test_the_interpreter_is_made_once() -> None:
    first = layer.interpreter()
    made = first.lstat().st_mtime_ns
    assert layer.interpreter() == first
    assert first.lstat().st_mtime_ns == made
