"""The upscaler's training on a few windows of drawn pictures: it learns, goes on, and leaves a model that enlarges."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from clip_head.core.models import EMBEDDED
from clip_head.core.texture.painter.upscale import PlaceUpscaler, load_upscaler, upscale
from clip_head.training.__main__ import main as train_stage
from clip_head.training.engine.optimise import Schedule, cosine
from clip_head.training.skins.bake import HELD_OUT
from clip_head.training.upscaler import train as upscaler
from clip_head.training.upscaler.pairs import LARGE, SMALL, WINDOWS, read_pairs

pytestmark = pytest.mark.slow

#: The face is large: all but the held-out picture show two of the small windows.
SHOWN = (1, 3)


def drawn_picture(seed: int) -> Image.Image:
    """Skin of one colour with lines of hair across it."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:LARGE, :LARGE]
    hair = 0.5 + 0.5 * np.sin(0.4 * x + 0.13 * y + 3 * np.sin(y / 60))
    colour = rng.uniform(120, 220, 3)
    return Image.fromarray((colour * (0.7 + 0.3 * hair[..., None])).astype(np.uint8))


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As the stage bakes them: the last one shows a held-out face."""
    folder = tmp_path_factory.mktemp("upscale") / "pairs"
    folder.mkdir()
    for number in range(HELD_OUT):
        large = drawn_picture(number)
        small = large.resize((SMALL, SMALL), Image.Resampling.BOX)
        arrays = {}
        windows = (0,) if number == HELD_OUT - 1 else SHOWN
        for k in windows:
            for kind, picture in (("small", small), ("large", large)):
                scale = picture.width // SMALL
                top, left, height, width = (n * scale for n in WINDOWS[k])
                arrays[f"{kind}{k}"] = np.asarray(picture)[top : top + height, left : left + width]
        np.savez(folder / f"{number:04d}.npz", windows=np.array(windows), **arrays)
    return folder


@pytest.fixture(scope="module")
def examples(pairs: Path) -> list[upscaler.Example]:
    vae = upscaler.PatchAutoencoder.from_pretrained(EMBEDDED / "texture" / "vae", low_cpu_mem_usage=False).eval()
    return [upscaler.to_example(vae, pair) for pair in list(read_pairs(pairs, 3)) if not pair.held_out]


def fit(examples: list[upscaler.Example], out: Path) -> PlaceUpscaler:
    torch.manual_seed(0)
    network = PlaceUpscaler(**upscaler.CONFIG)
    schedule = Schedule(steps=60, rate=cosine(10, 0.05), clip_norm=1.0)
    upscaler.fit(network, examples, [], argparse.Namespace(rate=4e-3, batch=2, seed=0, out=out), schedule)
    return network


def test_it_learns_goes_on_after_an_interruption_and_enlarges(
    pairs: Path,
    examples: list[upscaler.Example],
    tmp_path: Path,
    interruption: Callable[..., AbstractContextManager[None]],
) -> None:
    whole = fit(examples, tmp_path / "whole")
    with interruption(9):
        fit(examples, pairs.parent)
    resumed = fit(examples, pairs.parent)
    for name, tensor in whole.state_dict().items():
        assert torch.equal(resumed.state_dict()[name], tensor), name

    small, large, windows = upscaler.random_crops(examples, np.random.default_rng(1), 6)
    torch.manual_seed(0)
    with torch.no_grad():
        before = upscaler.upscaler_loss(PlaceUpscaler(**upscaler.CONFIG)(small, windows), large)
        after = upscaler.upscaler_loss(resumed(small, windows), large)
    assert after < 0.85 * before

    # The stage without a further minute writes what the checkpoint holds.
    command = ["texture_upscale", "--assets", "none", "--vae", str(EMBEDDED / "texture" / "vae")]
    command += ["--count", str(HELD_OUT), "--minutes", "0"]
    train_stage([*command, "--out", str(pairs.parent), "--weights", str(tmp_path / "upscaler")])
    loaded = load_upscaler(tmp_path / "upscaler")
    assert loaded is not None
    assert "60 steps of 8" in loaded.card.source
    picture = np.asarray(drawn_picture(99).resize((64, 64), Image.Resampling.BOX))
    enlarged = upscale(loaded, picture, 128)
    assert enlarged.shape == (128, 128, 3)
    with torch.no_grad():
        expected = resumed(torch.from_numpy(picture.copy()).permute(2, 0, 1)[None].float() / 255)[0]
    assert np.abs(expected.permute(1, 2, 0).numpy() * 255 - enlarged).max() < 2, "as trained, but in half precision"
    with Image.open(pairs.parent / "watched.png") as sheet:
        assert sheet.size == (3 * 2 * WINDOWS[0][3], 2 * WINDOWS[0][2])


def test_crops_show_the_same_place_small_and_large(examples: list[upscaler.Example]) -> None:
    small, large, windows = upscaler.random_crops(examples, np.random.default_rng(0), 8)
    assert small.shape == (8, 3, upscaler.CROP, upscaler.CROP)
    means = [pictures.mean(dim=(1, 2, 3)) for pictures in (small, large)]
    assert (means[0] - means[1]).abs().max() < 0.05
    for top, left, bottom, right in windows:
        assert bottom - top == pytest.approx(upscaler.CROP / SMALL) == right - left
        places = [(row / SMALL, column / SMALL) for row, column, _, _ in (WINDOWS[k] for k in SHOWN)]
        assert any(top > row and left > column for row, column in places)


def test_the_loss_sees_detail_that_is_missing_but_not_where_it_lies() -> None:
    torch.manual_seed(0)
    detail = torch.rand(1, 3, 32, 32)
    smooth = torch.full_like(detail, 0.5)
    assert upscaler.upscaler_loss(detail, detail) == 0
    strength = upscaler.upscaler_loss(smooth, detail) - upscaler.upscaler_loss(smooth, smooth)
    assert strength > 0.1
    measured = upscaler._strength(detail), upscaler._strength(detail.flip(3)), upscaler._strength(smooth)
    assert abs(measured[0].mean() - measured[1].mean()) < 0.01 < measured[0].mean() - measured[2].mean()
