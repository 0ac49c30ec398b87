"""Loading and running painters: tiny, but of the true classes and in the true format."""

import dataclasses
import json
import shutil
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from clip_head.core.errors import Cancelled, ModelError
from clip_head.core.text import TextModel
from clip_head.core.texture.painter import paint
from clip_head.core.texture.painter.load import load_painter
from clip_head.core.texture.painter.paint import Painter, paint_albedo
from clip_head.core.types import UVMaps

pytestmark = pytest.mark.slow

WEIGHTS = "diffusion_pytorch_model.safetensors"


@pytest.fixture(scope="module")
def embedded(embedded_folder: Path, text_model: TextModel) -> Painter:
    return load_painter(embedded_folder, text_model)


@pytest.fixture(scope="module")
def stable_diffusion(stable_diffusion_folder: Path) -> Painter:
    return dataclasses.replace(load_painter(stable_diffusion_folder, None), steps=3)


@pytest.fixture(params=["embedded", "stable_diffusion"])
def painter(request: pytest.FixtureRequest) -> Painter:
    return request.getfixturevalue(request.param)


def test_settings_come_from_model_json(embedded: Painter, stable_diffusion: Painter) -> None:
    assert (embedded.size, embedded.steps, embedded.guidance) == (64, 4, 3.0)
    assert embedded.card.name == "tiny painter"
    assert (stable_diffusion.size, stable_diffusion.guidance) == (64, 7.5)
    assert stable_diffusion.card.name == "pipeline"


def test_same_seed_same_bytes_other_seed_differs(painter: Painter, control: UVMaps) -> None:
    first = paint_albedo(painter, control, "an old man", 3, 64)
    assert first.shape == (64, 64, 3)
    assert first.dtype == np.uint8
    assert np.array_equal(first, paint_albedo(painter, control, "an old man", 3, 64))
    assert not np.array_equal(first, paint_albedo(painter, control, "an old man", 4, 64))


def test_words_and_control_image_matter(painter: Painter, control: UVMaps) -> None:
    picture = paint_albedo(painter, control, "an old man", 3, 64)
    assert not np.array_equal(picture, paint_albedo(painter, control, "red lips", 3, 64))
    assert not np.array_equal(picture, paint_albedo(painter, control, "an old man", 3, 64, negative="red lips"))
    flat = dataclasses.replace(control, normal=np.tile(np.array([0, 0, 1], np.float32), (64, 64, 1)))
    assert not np.array_equal(picture, paint_albedo(painter, flat, "an old man", 3, 64))


def test_the_control_image_is_embedded_once_and_the_picture_is_the_same(
    painter: Painter, control: UVMaps, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    layers = painter.pipeline.controlnet.controlnet_cond_embedding
    hook = layers.conv_in.register_forward_pre_hook(lambda _, images: sizes.append(len(images[0])))
    once = paint_albedo(painter, control, "an old man", 3, 64)
    assert sizes == [1]
    monkeypatch.setattr(paint, "_embedded_once", lambda _: nullcontext())
    every_time = paint_albedo(painter, control, "an old man", 3, 64)
    hook.remove()
    assert sizes == [1] + painter.steps * [2], "at every step, for both halves of the batch"
    assert np.abs(once.astype(int) - every_time).max() <= 1
    assert "forward" not in vars(layers), "nothing is left behind"


def test_another_size_is_the_same_picture_resampled(embedded: Painter, control: UVMaps) -> None:
    small = paint_albedo(embedded, control, "a face", 0, 64)
    large = paint_albedo(embedded, control, "a face", 0, 128)
    assert large.shape == (128, 128, 3)
    halved = large.reshape(64, 2, 64, 2, 3).mean((1, 3))
    assert np.abs(halved - small).mean() < 8


def test_colours_are_carried_past_the_edge(embedded: Painter, control: UVMaps) -> None:
    picture = paint_albedo(embedded, control, "a face", 0, 64)
    row, columns = 32, np.flatnonzero(control.mask[32])
    assert (picture[row, : columns[0]] == picture[row, columns[0]]).all()


def test_progress_rises_to_one(painter: Painter, control: UVMaps) -> None:
    seen: list[tuple[str, float]] = []
    paint_albedo(painter, control, "a face", 0, 64, lambda stage, fraction: seen.append((stage, fraction)))
    assert {stage for stage, _ in seen} == {"texture"}
    fractions = [fraction for _, fraction in seen]
    assert len(fractions) == painter.steps
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1


def test_cancel_leaves_at_once(painter: Painter, control: UVMaps) -> None:
    seen = []

    def cancel(stage: str, fraction: float) -> None:
        seen.append(fraction)
        raise Cancelled

    with pytest.raises(Cancelled):
        paint_albedo(painter, control, "a face", 0, 64, cancel)
    assert len(seen) == 1


def test_text_encoder_is_needed_where_the_folder_has_none(embedded_folder: Path) -> None:
    with pytest.raises(ModelError, match="no text encoder"):
        load_painter(embedded_folder, None)


def spoil(source: Path, target: Path, part: str) -> Path:
    """A copy of a pipeline folder without its manifest, with one NaN in a part's weights."""
    shutil.copytree(source, target)
    (target / "model.json").unlink(missing_ok=True)
    tensors = load_file(target / part / WEIGHTS)
    next(t for t in tensors.values() if t.is_floating_point()).view(-1)[0] = float("nan")
    save_file(tensors, target / part / WEIGHTS, {"format": "pt"})
    return target


@pytest.mark.parametrize("part", ["unet", "vae", "controlnet"])
def test_nan_in_the_weights_is_named(embedded_folder: Path, text_model: TextModel, tmp_path: Path, part: str) -> None:
    with pytest.raises(ModelError, match=f"not finite, in {part}"):
        load_painter(spoil(embedded_folder, tmp_path / "copy", part), text_model)


def test_nan_while_painting_is_an_error(embedded_folder: Path, text_model: TextModel, control: UVMaps) -> None:
    painter = load_painter(embedded_folder, text_model)
    with torch.no_grad():
        painter.pipeline.vae.decoder[0].weight[0] = float("nan")
    with pytest.raises(ModelError, match="not finite"):
        paint_albedo(painter, control, "a face", 0, 64)


def test_wrong_folders_are_named(embedded_folder: Path, text_model: TextModel, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no model\.json"):
        load_painter(tmp_path, text_model)

    (tmp_path / "model_index.json").write_text(json.dumps({"_class_name": "StableDiffusionXLPipeline"}))
    with pytest.raises(ModelError, match="StableDiffusionXLPipeline"):
        load_painter(tmp_path, text_model)

    for content in ("{", "[" * 100_000, "3"):
        (tmp_path / "model_index.json").write_text(content)
        with pytest.raises(ModelError, match="cannot be read"):
            load_painter(tmp_path, text_model)


def test_a_part_with_code_of_its_own_is_neither_imported_nor_run(stable_diffusion_folder: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(stable_diffusion_folder, tmp_path / "copy")
    (folder / "unet" / "mine.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")
    index = json.loads((folder / "model_index.json").read_text()) | {"unet": ["mine", "UNet2DConditionModel"]}
    (folder / "model_index.json").write_text(json.dumps(index))
    with pytest.raises(ModelError, match=r"model_index\.json says \['mine', 'UNet2DConditionModel'\] for 'unet'"):
        load_painter(folder, None)
    assert not (tmp_path / "ran").exists()


def test_truncated_and_missing_weights_are_named(embedded_folder: Path, text_model: TextModel, tmp_path: Path) -> None:
    checked = shutil.copytree(embedded_folder, tmp_path / "checked")
    weights = checked / "unet" / WEIGHTS
    weights.write_bytes(weights.read_bytes()[:-100])
    with pytest.raises(ModelError, match="truncated"):
        load_painter(checked, text_model)

    (checked / "model.json").unlink()
    with pytest.raises(ModelError, match="cannot be loaded"):
        load_painter(checked, text_model)

    weights.unlink()
    with pytest.raises(ModelError, match="cannot be loaded"):
        load_painter(checked, text_model)
