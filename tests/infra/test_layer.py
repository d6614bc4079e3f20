"""The layers fit into Lambda, and carry what the product imports."""

from pathlib import Path

import pytest

from infra.aws import layer
from infra.aws.stage import Platform

LIMIT = 250 * 2**20
"""Lambda's, for a function with all its layers, unpacked."""


@pytest.fixture
def layers(tmp_path: Path) -> list[layer.Layer]:
    return [layer.dependencies(Platform.AWS, tmp_path), layer.product(Platform.AWS, tmp_path)]


def test_both_fit_into_a_function(layers: list[layer.Layer]) -> None:
    size = sum(file.stat().st_size for each in layers for file in each.folder.rglob("*") if file.is_file())
    assert size < LIMIT


def test_binaries_are_for_lambdas_processor(layers: list[layer.Layer]) -> None:
    binaries = [file.name for file in layers[0].folder.rglob("*.so") if ".cpython-" in file.name]
    assert binaries
    assert all("cpython-313-aarch64" in name for name in binaries)


def test_a_product_layer_is_known_by_its_content(tmp_path: Path) -> None:
    first = layer.product(Platform.LOCAL, tmp_path / "first")
    second = layer.product(Platform.LOCAL, tmp_path / "second")
    assert first.fingerprint == second.fingerprint
    assert (first.folder / "python" / "followthrough" / "errors.py").exists()
