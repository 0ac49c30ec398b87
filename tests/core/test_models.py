"""A model folder is believed only when it is whole: every way to be broken is named, with the file."""

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from clip_head.core.errors import ModelError
from clip_head.core.models import load_tensors, open_model_folder, write_model_json
from clip_head.core.types import ModelCard

CARD = ModelCard("mapping", "a small test model", "CC0-1.0", "made in a test")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    tensors = {"weight": torch.arange(6.0).reshape(2, 3).half(), "steps": torch.tensor([7])}
    save_file(tensors, tmp_path / "net.safetensors")
    write_model_json(tmp_path, CARD, {"width": 3}, {"error_mm": 0.5}, ["net.safetensors"])
    return tmp_path


def test_a_whole_model_opens(folder: Path) -> None:
    opened = open_model_folder(folder, "mapping")
    assert opened.card == CARD
    assert opened.config == {"width": 3}
    assert opened.figures == {"error_mm": 0.5}
    tensors = load_tensors(opened, "net.safetensors")
    assert tensors["weight"].dtype == torch.float32
    assert tensors["weight"].tolist() == [[0, 1, 2], [3, 4, 5]]
    assert tensors["steps"].tolist() == [7]


def test_a_missing_folder_or_file_is_named(folder: Path) -> None:
    with pytest.raises(ModelError, match="mapping model is missing"):
        open_model_folder(folder / "nowhere", "mapping")
    (folder / "net.safetensors").unlink()
    with pytest.raises(ModelError, match=r"net\.safetensors is missing"):
        open_model_folder(folder, "mapping")


def test_a_truncated_file_is_named_with_both_sizes(folder: Path) -> None:
    file = folder / "net.safetensors"
    size = file.stat().st_size
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(ModelError, match=rf"{size - 1} bytes where {size}"):
        open_model_folder(folder, "mapping")


def test_one_changed_byte_is_noticed(folder: Path) -> None:
    file = folder / "net.safetensors"
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    with pytest.raises(ModelError, match="checksum"):
        open_model_folder(folder, "mapping")


def test_a_model_of_another_kind_is_refused(folder: Path) -> None:
    with pytest.raises(ModelError, match="'mapping' model where a 'nphm' model"):
        open_model_folder(folder, "nphm")


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"kind": "mapping"}', "\0"])
def test_a_model_json_that_describes_nothing(folder: Path, content: str) -> None:
    (folder / "model.json").write_text(content)
    with pytest.raises(ModelError, match=r"model\.json cannot be read"):
        open_model_folder(folder, "mapping")


def test_a_file_that_is_no_safetensors(folder: Path) -> None:
    (folder / "net.safetensors").write_bytes(b"PK\x03\x04 a pickle in a zip")
    write_model_json(folder, CARD, {}, {}, ["net.safetensors"])
    with pytest.raises(ModelError, match=r"net\.safetensors is damaged"):
        load_tensors(open_model_folder(folder, "mapping"), "net.safetensors")


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_numbers_that_are_not_finite_are_named(folder: Path, value: float) -> None:
    save_file({"good": torch.ones(2), "bad": torch.tensor([1.0, value])}, folder / "net.safetensors")
    write_model_json(folder, CARD, {}, {}, ["net.safetensors"])
    with pytest.raises(ModelError, match="not finite, in 'bad'"):
        load_tensors(open_model_folder(folder, "mapping"), "net.safetensors")


def test_the_embedded_models_are_whole_small_and_say_where_they_come_from() -> None:
    from clip_head.core.models import EMBEDDED

    total = 0
    for kind in ("text", "mapping", "nphm", "texture"):
        opened = open_model_folder(EMBEDDED / kind, kind)
        assert opened.card.licence
        assert "python -m training" in opened.card.source
        assert json.loads((EMBEDDED / kind / "model.json").read_text())["files"]
        sizes = [file.stat().st_size for file in (EMBEDDED / kind).rglob("*") if file.is_file()]
        assert max(sizes) <= 50 * 1024**2
        total += sum(sizes)
    assert total < 150e6
