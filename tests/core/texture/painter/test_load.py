"""What cannot be used as a painter is named: pickles, other families, settings without meaning."""

import json
import pickle
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import ControlNetModel, UNet2DConditionModel

from clip_head.core.errors import ModelError
from clip_head.core.texture.painter.load import load_painter

from .conftest import TINY, Describe, original_checkpoint, save


class Trap:
    """A pickle of it writes a file when it is opened."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.write_text, (self.file, "opened")


@pytest.mark.parametrize("name", ["base", "controlnet", "inpaint", "lora"])
@pytest.mark.parametrize("ending", ["ckpt", "bin", "pt", "PTH"])
def test_pickles_are_refused_by_name(describe: Describe, tmp_path: Path, name: str, ending: str) -> None:
    folder = describe(**{name: f"evil.{ending}"})
    (folder / f"evil.{ending}").write_bytes(pickle.dumps(Trap(tmp_path / "opened")))
    with pytest.raises(ModelError, match=rf"evil\.{ending} is a pickle"):
        load_painter(folder, None)
    assert not (tmp_path / "opened").exists()


def test_folders_of_pickles_are_refused_by_name(describe: Describe, shop: Path, tmp_path: Path) -> None:
    folder = describe(controlnet="bad")
    (folder / "bad").mkdir()
    (folder / "bad" / "config.json").write_text((shop / "controlnet_uv" / "config.json").read_text())
    (folder / "bad" / "diffusion_pytorch_model.bin").write_bytes(pickle.dumps(Trap(tmp_path / "opened")))
    with pytest.raises(ModelError, match=r"diffusion_pytorch_model\.bin is a pickle"):
        load_painter(folder, None)
    assert not (tmp_path / "opened").exists()


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"controlnet": None}, "lacks 'controlnet'"),
        ({"base": "nowhere.safetensors"}, "There is no .*nowhere"),
        ({"base": 3}, "says 3 for 'base'"),
        ({"controlnet_scale": 1}, "'controlnet_scale', which means nothing here"),
        ({"scheduler": "ddpm"}, "'ddpm' for 'scheduler'"),
        ({"steps": "many"}, "'many' for 'steps'"),
        ({"steps": 0}, "0 for 'steps'"),
        ({"size": 60}, "60 for the size"),
        ({"precision": "int8"}, "'int8' for 'precision'"),
        ({"procedure": "magic"}, "'magic' for 'procedure'"),
        ({"layout": "nowhere.obj"}, "no UV layout"),
        ({"layout": "deep.json"}, r"deep\.json is not a UV layout .*nested"),
        ({"architecture": "deep.json"}, r"deep\.json does not describe a family .*nested"),
        ({"base": "endless.safetensors"}, "There is no .*endless"),
        ({"procedure": "official"}, "no UV layout .*reference_uv_vt_scaled"),
        ({"architecture": None}, "none of Stable Diffusion 1 or 2"),
        ({"base": "control_original.safetensors", "architecture": None}, "is a ControlNet"),
        ({"base": "control_original.safetensors"}, "no whole UNet2DConditionModel"),
        ({"base": "controlnet_uv"}, "no pipeline"),
        ({"controlnet": "base"}, "has no config.json"),
        ({"controlnet": "base.safetensors"}, "no whole ControlNetModel"),
        ({"architecture": "base.safetensors"}, "does not describe a family"),
    ],
)
def test_what_is_wrong_is_named(describe: Describe, tmp_path: Path, config: dict[str, Any], words: str) -> None:
    (tmp_path / "deep.json").write_text("[" * 100_000)
    (tmp_path / "endless.safetensors").symlink_to("/dev/zero")
    with pytest.raises(ModelError, match=words):
        load_painter(describe(**config), None)


@pytest.mark.parametrize("part", ["scheduler", "tokenizer", "vae"])
def test_parts_of_other_libraries_are_not_imported(describe: Describe, shop: Path, tmp_path: Path, part: str) -> None:
    base = shutil.copytree(shop / "base", tmp_path / "other")
    index = json.loads((base / "model_index.json").read_text()) | {part: ["antigravity", "Class"]}
    (base / "model_index.json").write_text(json.dumps(index))
    with pytest.raises(ModelError, match=rf"'antigravity', 'Class'\] for '{part}', which is no class of diffusers"):
        load_painter(describe(base=str(base)), None)


def test_code_beside_a_base_model_is_refused_by_name(describe: Describe, shop: Path, tmp_path: Path) -> None:
    base = shutil.copytree(shop / "base", tmp_path / "other")
    config = json.loads((base / "text_encoder" / "config.json").read_text()) | {"auto_map": {"AutoModel": "evil.Model"}}
    (base / "text_encoder" / "config.json").write_text(json.dumps(config))
    with pytest.raises(ModelError, match=r"text_encoder.config\.json names Python code"):
        load_painter(describe(base=str(base)), None)


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("conditioner.embedders.0.transformer.weight", "Stable Diffusion XL"),
        ("model.diffusion_model.double_blocks.0.weight", "Flux"),
        ("lora_unet_x.lora_up.weight", "under 'lora'"),
    ],
)
def test_other_families_are_named(describe: Describe, key: str, words: str) -> None:
    folder = describe(base="other.safetensors", architecture=None)
    save(folder / "other.safetensors", {key: torch.ones(2)})
    with pytest.raises(ModelError, match=words):
        load_painter(folder, None)


def test_a_controlnet_of_another_family_is_named(describe: Describe, parts: dict[str, Any]) -> None:
    folder = describe(controlnet="other")
    other = UNet2DConditionModel.from_config(TINY["unet"] | {"cross_attention_dim": 48})
    ControlNetModel.from_unet(other).save_pretrained(folder / "other")
    save(folder / "other.safetensors", ControlNetModel.from_unet(other).state_dict())
    for name in ("other", "other.safetensors"):
        with pytest.raises(ModelError, match="made for models that read words of 48 numbers"):
            load_painter(describe(controlnet=name), None)


def test_numbers_that_are_not_finite_are_named(describe: Describe, parts: dict[str, Any]) -> None:
    table = original_checkpoint(parts)
    key = next(key for key in table if key.startswith("first_stage_model."))
    folder = describe(base="spoilt.safetensors")
    save(folder / "spoilt.safetensors", table | {key: torch.full_like(table[key], float("nan"))})
    with pytest.raises(ModelError, match="not finite, in vae"):
        load_painter(folder, None)
