"""The autoencoder's training on crops of drawn skins: it learns, goes on, and leaves a folder that opens."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import numpy as np
import pytest
import torch

from clip_head.training.__main__ import main as train_stage
from clip_head.training.engine.optimise import Schedule, cosine
from clip_head.training.texture import autoencoder
from clip_head.training.texture.autoencoder import PatchAutoencoder
from clip_head.training.texture.autoencoder_images import Stock, load_stock, random_crops

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def stock(assets_folder: Path) -> Stock:
    return load_stock(assets_folder, [])


def small_autoencoder() -> PatchAutoencoder:
    torch.manual_seed(0)
    return PatchAutoencoder(latent_channels=16, block_out_channels=(48, 48, 16, 16, 24, 16), sample_size=128)


def fit(stock: Stock, out: Path, **changes: bool) -> tuple[PatchAutoencoder, dict[str, torch.Tensor]]:
    out.mkdir(exist_ok=True)
    vae = small_autoencoder()
    args = argparse.Namespace(out=out, device="cpu", decoder_only=False, rate=6e-3, seed=0, batch=2, baked=0.8)
    schedule = Schedule(steps=40, rate=cosine(4, 0.05), clip_norm=1.0)
    trained = autoencoder.fit(vae, stock, argparse.Namespace(**vars(args) | changes), schedule)
    return vae, trained.average


def psnr(vae: PatchAutoencoder, crops: torch.Tensor) -> float:
    with torch.no_grad():
        return autoencoder.psnr(vae.decoder(vae.encoder(crops).chunk(2, dim=1)[0]), crops)


def test_it_learns_goes_on_after_an_interruption_and_opens_again(
    stock: Stock, assets_folder: Path, tmp_path: Path, interruption: Callable[..., AbstractContextManager[None]]
) -> None:
    whole, average = fit(stock, tmp_path / "whole")
    with interruption(7):
        fit(stock, tmp_path / "resumed")
    resumed, resumed_average = fit(stock, tmp_path / "resumed")
    for name, tensor in whole.state_dict().items():
        assert torch.equal(resumed.state_dict()[name], tensor), name
        assert torch.equal(resumed_average[name], average[name]), name

    opened = PatchAutoencoder.from_pretrained(tmp_path / "whole", low_cpu_mem_usage=False)
    assert all(torch.equal(tensor, average[name]) for name, tensor in opened.state_dict().items())
    crops = random_crops(stock, np.random.default_rng(1), 6, autoencoder.CROP, 0.8)
    assert psnr(opened, crops) > psnr(small_autoencoder(), crops) + 3

    # The stage goes on from there, where there is no checkpoint as well.
    (tmp_path / "whole" / "checkpoint.pt").unlink()
    command = ["texture_vae", "--assets", str(assets_folder), "--pairs", "--batch", "1", "--device", "cpu"]
    train_stage([*command, "--out", str(tmp_path / "whole"), "--minutes", "0.001"])
    further = PatchAutoencoder.from_pretrained(tmp_path / "whole", low_cpu_mem_usage=False)
    changes = [(tensor - average[name]).abs().max() for name, tensor in further.state_dict().items()]
    assert 0 < max(changes) < 0.1


def test_an_encoder_that_is_kept_stays_as_it_is(stock: Stock, tmp_path: Path) -> None:
    trained, _ = fit(stock, tmp_path / "decoder", decoder_only=True)
    before = small_autoencoder().state_dict()
    same = {name: torch.equal(tensor, before[name]) for name, tensor in trained.state_dict().items()}
    assert all(value for name, value in same.items() if name.startswith("encoder."))
    assert not all(value for name, value in same.items() if name.startswith("decoder."))
