"""Canonical pictures are enlarged by the embedded upscaler, or by one that the user has."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from clip_head.core.compat import prepare_torchvision
from clip_head.core.errors import ModelError
from clip_head.core.models import EMBEDDED
from clip_head.core.texture.painter.upscale import load_upscaler, upscale


def picture(size: int = 64) -> np.ndarray:
    """Smooth colours."""
    row, column = np.mgrid[:size, :size] / size
    return np.round(255 * np.stack([row, column, 0.5 + 0 * row], axis=-1)).astype(np.uint8)


def users_model(folder: Path, suffix: str = ".safetensors") -> Path:
    """A tiny model of Real-ESRGAN's compact kind, in its own format, and the model.json that names it."""
    prepare_torchvision()
    from spandrel.architectures.Compact.__arch.SRVGG import SRVGGNetCompact

    torch.manual_seed(0)
    network = SRVGGNetCompact(num_in_ch=3, num_out_ch=3, num_feat=8, num_conv=2, upscale=2)
    state = {name: tensor.contiguous() for name, tensor in network.state_dict().items()}
    folder.mkdir()
    if suffix == ".safetensors":
        save_file(state, folder / "model.safetensors")
    else:
        torch.save({"params": state}, folder / f"model{suffix}")
    config = {"file": f"model{suffix}"}
    (folder / "model.json").write_text(json.dumps({"kind": "upscaler", "name": "mine", "config": config}))
    return folder


def test_the_embedded_one_doubles_and_keeps_the_colours() -> None:
    small = picture(512)
    large = upscale(load_upscaler(EMBEDDED / "upscaler"), small, 1024)
    assert large.shape == (1024, 1024, 3)
    pooled = large.reshape(512, 2, 512, 2, 3).mean(axis=(1, 3))
    assert np.abs(pooled - small).mean() < 3


def test_a_texture_that_could_not_show_it_is_not_enlarged() -> None:
    small = picture(512)
    assert upscale(load_upscaler(EMBEDDED / "upscaler"), small, 512) is small
    assert upscale(None, small, 2048) is small


@pytest.mark.parametrize("suffix", [".safetensors", ".pth"])
def test_the_users_own_is_run_in_tiles_as_in_one(tmp_path: Path, suffix: str) -> None:
    upscaler = load_upscaler(users_model(tmp_path / "upscaler", suffix))
    assert upscaler is not None
    assert upscaler.card.name == "mine"
    tiled, whole = upscale(upscaler, picture(160), 320), upscale(upscaler, picture(160)[:128, :128], 320)
    assert tiled.shape == (320, 320, 3)
    assert np.abs(tiled[:220, :220].astype(int) - whole[:220, :220]).max() <= 1


def test_what_is_wrong_is_named(tmp_path: Path) -> None:
    assert load_upscaler(tmp_path / "nowhere") is None
    folder = users_model(tmp_path / "upscaler")
    (folder / "model.safetensors").unlink()
    with pytest.raises(ModelError, match=r"model\.safetensors"):
        load_upscaler(folder)
    save_file({"nothing": torch.zeros(3)}, folder / "model.safetensors")
    with pytest.raises(ModelError, match="spandrel knows"):
        load_upscaler(folder)
