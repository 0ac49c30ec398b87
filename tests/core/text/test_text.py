"""Embeddings of words and images, from folders that open_clip itself loads."""

import json
import re
import socket
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from clip_head.core.errors import ModelError
from clip_head.core.models import EMBEDDED
from clip_head.core.text import encode_images, encode_text, encode_tokens, load_text_model

from .conftest import describe

HARD_PROMPTS = [
    "an old man",
    "",
    "😀🤡👃🏾",
    "年老的男人",
    "رجل عجوز ذو أنف كبير",
    "a\u0000b\udcff\n\t ",
    "nose " * 2000,
]


@pytest.fixture
def no_network(monkeypatch):
    def refuse(*_args, **_keywords):
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture(scope="module")
def tiny(local_folder):
    return load_text_model(local_folder)


def test_local_folder_loads_without_network(local_folder, no_network):
    model = load_text_model(local_folder)
    assert model.card.name == "tiny"
    assert encode_text(model, ["an old man"]).shape == (1, 24)


def test_embeddings_are_unit_vectors_whatever_the_prompt(tiny):
    embeddings = encode_text(tiny, HARD_PROMPTS)
    assert embeddings.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(embeddings, axis=1), 1.0, atol=1e-5)


def test_one_text_does_not_depend_on_its_neighbours(tiny):
    np.testing.assert_allclose(encode_text(tiny, HARD_PROMPTS)[0], encode_text(tiny, HARD_PROMPTS[:1])[0], atol=1e-6)


def test_long_prompts_are_cut_at_the_context_length(tiny):
    long, longer = ["nose " * 30], ["nose " * 3000 + "an old woman"]
    np.testing.assert_array_equal(encode_text(tiny, long), encode_text(tiny, longer))
    np.testing.assert_array_equal(encode_tokens(tiny, long), encode_tokens(tiny, longer))


def test_token_states_have_a_fixed_length_and_zero_padding(tiny):
    states = encode_tokens(tiny, ["an old man", "nose " * 100])
    assert states.shape == (2, 12, 32)
    assert states.dtype == np.float32
    assert np.abs(states[0, :5]).sum(axis=1).min() > 0  # [CLS] an old man [SEP]
    assert not states[0, 5:].any()
    assert np.abs(states[1]).sum(axis=1).min() > 0
    alone = encode_tokens(tiny, ["an old man"])
    assert alone.shape == (1, 12, 32)
    np.testing.assert_allclose(alone[0], states[0], atol=1e-5)


def test_images_share_the_space_at_any_size(tiny):
    rows = np.linspace(0, 255, 64).astype(np.uint8)
    image = np.broadcast_to(rows[:, None, None], (1, 64, 64, 3))
    embedding = encode_images(tiny, image)
    assert embedding.shape == (1, 24)
    np.testing.assert_allclose(np.linalg.norm(embedding), 1.0, atol=1e-5)
    halved = image.reshape(1, 32, 2, 32, 2, 3).mean(axis=(2, 4)).astype(np.uint8)
    assert float((encode_images(tiny, halved) * embedding).sum()) > 0.99


@pytest.fixture(scope="module")
def named_folder(tmp_path_factory):
    """One of open_clip's own architectures by name, its weights a file in the folder, shrunk for the test."""
    import open_clip

    folder = tmp_path_factory.mktemp("named")
    config = {
        "embed_dim": 24,
        "vision_cfg": {"image_size": 32, "patch_size": 16, "width": 32, "layers": 1, "head_width": 16},
        "text_cfg": {"context_length": 20, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 1},
    }
    (folder / "clip-head-tiny.json").write_text(json.dumps(config))
    open_clip.add_model_config(folder / "clip-head-tiny.json")
    clip = open_clip.create_model("clip-head-tiny")
    save_file(clip.state_dict(), folder / "weights.safetensors")
    return describe(folder, {"open_clip": "clip-head-tiny", "weights": "weights.safetensors"}, ["weights.safetensors"])


def test_a_named_architecture_loads_from_its_weights(named_folder, no_network):
    model = load_text_model(named_folder)
    assert encode_text(model, HARD_PROMPTS).shape == (len(HARD_PROMPTS), 24)
    states = encode_tokens(model, ["an old man", "nose " * 100])
    assert states.shape == (2, 20, 32)
    assert np.abs(states[0, :5]).sum(axis=1).min() > 0
    assert not states[0, 5:].any()


def test_weights_of_another_shape_are_refused(local_folder, tmp_path):
    for file in local_folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    weights = load_file(local_folder / "open_clip_model.safetensors")
    weights["text.proj.weight"] = torch.zeros(7, 32)
    save_file(weights, tmp_path / "open_clip_model.safetensors")
    describe(tmp_path, {"open_clip": "local-dir"}, ["open_clip_model.safetensors"])
    with pytest.raises(ModelError, match=r"text\.proj\.weight"):
        load_text_model(tmp_path)


def test_numbers_that_are_not_finite_are_refused(local_folder, tmp_path):
    for file in local_folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    weights = load_file(local_folder / "open_clip_model.safetensors")
    weights["text.proj.weight"][0, 0] = float("nan")
    save_file(weights, tmp_path / "open_clip_model.safetensors")
    describe(tmp_path, {"open_clip": "local-dir"}, ["open_clip_model.safetensors"])
    with pytest.raises(ModelError, match="not finite"):
        load_text_model(tmp_path)


def test_weights_that_are_not_in_the_folder_are_named(tmp_path):
    describe(tmp_path, {"open_clip": "ViT-B-32", "weights": "gone.safetensors"}, [])
    with pytest.raises(ModelError, match=r"gone\.safetensors"):
        load_text_model(tmp_path)


@pytest.mark.parametrize(
    ("file", "entries"),
    [
        ("config.json", {"auto_map": {"AutoConfig": "evil.Config", "AutoModel": "evil.Model"}}),
        ("tokenizer_config.json", {"auto_map": {"AutoTokenizer": ["evil.Tokenizer", None]}}),
    ],
)
def test_code_beside_the_weights_is_neither_run_nor_asked_about(
    local_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, entries: dict
) -> None:
    for source in local_folder.iterdir():
        (tmp_path / source.name).write_bytes(source.read_bytes())
    config = json.loads((tmp_path / file).read_text()) | entries
    (tmp_path / file).write_text(json.dumps(config))
    (tmp_path / "evil.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")
    described = json.loads((tmp_path / "open_clip_config.json").read_text())
    described["model_cfg"]["text_cfg"]["tokenizer_kwargs"] = {"trust_remote_code": True}
    (tmp_path / "open_clip_config.json").write_text(json.dumps(described))
    describe(tmp_path, {"open_clip": "local-dir"}, [])
    monkeypatch.setattr("builtins.input", lambda question: pytest.fail(question))
    with pytest.raises(ModelError, match=rf"{re.escape(file)} names Python code of its own"):
        load_text_model(tmp_path)
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"open_clip": "ViT-B-32-of-nobody", "weights": "a.safetensors"}, "no architecture 'ViT-B-32-of-nobody'"),
        ({"open_clip": "hf-hub:somebody/model"}, "'hf-hub:somebody/model' for 'open_clip'"),
        ({"open_clip": "ViT-B-32"}, "lacks 'weights'"),
    ],
)
def test_names_that_open_clip_would_look_up_elsewhere_are_refused(tmp_path, no_network, config, words):
    describe(tmp_path, config, [])
    with pytest.raises(ModelError, match=words):
        load_text_model(tmp_path)


def test_the_embedded_model_knows_what_words_mean(no_network):
    model = load_text_model(EMBEDDED / "text")
    man, elder, girl = encode_text(
        model, ["an old man with a big nose", "an elderly man with a large nose", "a little girl with red hair"]
    )
    assert man @ elder > man @ girl + 0.2
    np.testing.assert_allclose(np.linalg.norm(encode_text(model, HARD_PROMPTS), axis=1), 1.0, atol=1e-5)
