"""A model folder is believed only when it is whole: every way to be broken is named, with the file."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

from clip_head.core.errors import ModelError
from clip_head.core.models import check_text_files, load_tensors, open_model_folder, write_model_json
from clip_head.core.types import ModelCard

CARD = ModelCard("mapping", "a small test model", "CC0-1.0", "made in a test")
CONFIG = {"identity": "net.safetensors", "expression": "net.safetensors"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    tensors = {"weight": torch.arange(6.0).reshape(2, 3).half(), "steps": torch.tensor([7])}
    save_file(tensors, tmp_path / "net.safetensors")
    write_model_json(tmp_path, CARD, CONFIG, {"error_mm": 0.5}, ["net.safetensors"])
    return tmp_path


def test_a_whole_model_opens(folder: Path) -> None:
    opened = open_model_folder(folder, "mapping")
    assert opened.card == CARD
    assert opened.config == CONFIG
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


@pytest.mark.parametrize("content", ["", "{", "[]", "\0", "[" * 100_000, '{"config": ' * 100 + "1" + "}" * 100])
def test_a_model_json_that_describes_nothing(folder: Path, content: str) -> None:
    (folder / "model.json").write_text(content)
    with pytest.raises(ModelError, match=r"model\.json cannot be read"):
        open_model_folder(folder, "mapping")


def describe(folder: Path, **entries: Any) -> None:
    """Change entries of the folder's model.json; None takes one out."""
    described = json.loads((folder / "model.json").read_text()) | entries
    kept = {name: value for name, value in described.items() if value is not None}
    (folder / "model.json").write_text(json.dumps(kept))


@pytest.mark.parametrize("name", ["kind", "name", "config"])
def test_an_entry_that_is_missing_is_named(folder: Path, name: str) -> None:
    describe(folder, **{name: None})
    with pytest.raises(ModelError, match=rf"model\.json lacks '{name}'"):
        open_model_folder(folder, "mapping")


GOOD = {"bytes": 3, "sha256": 64 * "0"}


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([], r"\[\] for 'files'"),
        (["net.safetensors"], "for 'files'"),
        ({"net.safetensors": {"bytes": 3}}, "lacks .*net.safetensors.*sha256"),
        ({"net.safetensors": GOOD | {"sha256": "abc"}}, "'abc' for .*sha256"),
        ({"net.safetensors": GOOD | {"bytes": "3"}}, "'3' for .*bytes"),
        ({"net.safetensors": GOOD | {"bytes": -1}}, "-1 for .*bytes"),
        ({"../net.safetensors": GOOD}, r"'\.\./net.safetensors' for"),
        ({"a/../../net.safetensors": GOOD}, "for 'name in files'"),
        ({"..\\net.safetensors": GOOD}, "for 'name in files'"),
        ({"/etc/passwd": GOOD}, "'/etc/passwd' for"),
        ({"C:\\secret": GOOD}, "for 'name in files'"),
        ({"~/secret": GOOD}, "for 'name in files'"),
    ],
)
def test_files_that_are_described_wrongly_are_not_looked_at(folder: Path, files: Any, words: str) -> None:
    describe(folder, files=files)
    with pytest.raises(ModelError, match=words) as error:
        open_model_folder(folder, "mapping")
    assert str(folder / "model.json") in error.value.cause


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names there")
def test_a_description_or_a_file_that_never_ends_is_not_opened(folder: Path) -> None:
    (folder / "net.safetensors").unlink()
    os.mkfifo(folder / "net.safetensors")
    with pytest.raises(ModelError, match=r"net\.safetensors is missing"):
        open_model_folder(folder, "mapping")
    (folder / "model.json").unlink()
    os.mkfifo(folder / "model.json")
    with pytest.raises(ModelError, match=r"no model\.json"):
        open_model_folder(folder, "mapping")


def test_a_digit_that_flipped_in_the_config_is_noticed(folder: Path) -> None:
    described = json.loads((folder / "model.json").read_text())
    describe(folder, config=described["config"] | {"hair_styles": 3})
    with pytest.raises(ModelError, match=r"model\.json has another 'config' .* delete the line 'config_sha256'"):
        open_model_folder(folder, "mapping")
    describe(folder, config_sha256=None)
    assert open_model_folder(folder, "mapping").config["hair_styles"] == 3


def test_entries_that_are_null_count_as_not_given(folder: Path) -> None:
    described = json.loads((folder / "model.json").read_text())
    described |= {"licence": None, "figures": None}
    described["config"] |= {"hair_styles": None}
    del described["config_sha256"]
    (folder / "model.json").write_text(json.dumps(described))
    opened = open_model_folder(folder, "mapping")
    assert (opened.card.licence, opened.figures, opened.config) == ("as its publisher states", {}, CONFIG)


def test_code_and_endless_texts_beside_the_weights_are_refused(tmp_path: Path) -> None:
    config = tmp_path / "tokenizer" / "tokenizer_config.json"
    config.parent.mkdir()
    config.write_text('{"model_max_length": 77}')
    check_text_files(tmp_path)
    config.write_text('{"auto_map": {"AutoTokenizer": "evil.Tokenizer"}}')
    with pytest.raises(ModelError, match=r"tokenizer_config\.json names Python code"):
        check_text_files(tmp_path)
    config.write_text("[" * 100_000)
    with pytest.raises(ModelError, match="nested more than 64 deep"):
        check_text_files(tmp_path)
    with config.open("wb") as file:
        file.truncate(2**40)
    with pytest.raises(ModelError, match="1099512 MB"):
        check_text_files(tmp_path)
    config.unlink()
    (tmp_path / "merges.txt").symlink_to("/dev/zero")
    with pytest.raises(ModelError, match=r"merges\.txt cannot be read \(it is no regular file"):
        check_text_files(tmp_path)


def test_a_file_that_is_no_safetensors(folder: Path) -> None:
    (folder / "net.safetensors").write_bytes(b"PK\x03\x04 a pickle in a zip")
    write_model_json(folder, CARD, CONFIG, {}, ["net.safetensors"])
    with pytest.raises(ModelError, match=r"net\.safetensors is damaged"):
        load_tensors(open_model_folder(folder, "mapping"), "net.safetensors")


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_numbers_that_are_not_finite_are_named(folder: Path, value: float) -> None:
    save_file({"good": torch.ones(2), "bad": torch.tensor([1.0, value])}, folder / "net.safetensors")
    write_model_json(folder, CARD, CONFIG, {}, ["net.safetensors"])
    with pytest.raises(ModelError, match="not finite, in 'bad'"):
        load_tensors(open_model_folder(folder, "mapping"), "net.safetensors")


def test_the_embedded_models_are_whole_small_and_say_where_they_come_from() -> None:
    from clip_head.core.models import EMBEDDED

    total = 0
    for kind in ("text", "splitter", "mapping", "pairs", "nphm", "texture", "upscaler"):
        opened = open_model_folder(EMBEDDED / kind, kind)
        assert opened.card.licence
        assert "python -m training" in opened.card.source
        assert json.loads((EMBEDDED / kind / "model.json").read_text())["files"]
        sizes = [file.stat().st_size for file in (EMBEDDED / kind).rglob("*") if file.is_file()]
        assert max(sizes) <= 50 * 1024**2
        total += sum(sizes)
    assert total < 150e6
