"""Painters put together from checkpoints as artists have them: tiny, of the true classes and in the true formats."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from clip_head.core.compat import prepare_torchvision
from clip_head.core.models import EMBEDDED
from clip_head.core.pipeline import load_models
from clip_head.core.text import load_text_model
from clip_head.core.texture.painter.checkpoint import FAMILIES, clip_tokenizer, load_family
from clip_head.core.texture.painter.load import load_painter
from clip_head.core.texture.painter.paint import control_image, paint_albedo
from clip_head.core.texture.painter.stable_diffusion import spares_memory
from clip_head.core.types import UVMaps
from clip_head.core.uv.layout import EMBEDDED_LAYOUT

prepare_torchvision()

from diffusers import (  # noqa: E402
    AutoencoderKL,
    ControlNetModel,
    UNet2DConditionModel,
    UniPCMultistepScheduler,
)
from transformers import CLIPTextConfig, CLIPTextModel  # noqa: E402

from .conftest import TINY, Describe, original_checkpoint, picture, save  # noqa: E402

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("family", "unet", "text", "controlnet"),
    [("sd1", 859_520_964, 123_060_480, 361_279_120), ("sd2", 865_910_724, 340_387_840, 364_228_240)],
)
def test_the_families_are_those_that_were_published(family: str, unet: int, text: int, controlnet: int) -> None:
    described = load_family(FAMILIES / f"{family}.json")
    with torch.device("meta"):
        net = UNet2DConditionModel.from_config(described.unet)
        models = (
            net,
            AutoencoderKL.from_config(described.vae),
            CLIPTextModel(CLIPTextConfig(**described.text_encoder)),
            ControlNetModel.from_unet(net, load_weights_from_unet=False),
        )
    assert [sum(p.numel() for p in model.parameters()) for model in models] == [unet, 83_653_863, text, controlnet]


@pytest.mark.parametrize("words", ["an old man, with a Big nose's & 12 wrinkles", "", "été 日本語", "a " * 100])
def test_words_are_cut_up_as_clip_does(words: str) -> None:
    import open_clip

    expected = open_clip.SimpleTokenizer(context_length=77)([words])[0].tolist()
    tokens = clip_tokenizer("!", 77)(words, padding="max_length", truncation=True).input_ids
    assert tokens == expected


def test_every_form_of_a_model_paints_the_same_picture(describe: Describe, control: UVMaps) -> None:
    seen = [
        picture(load_painter(describe(base=base, controlnet=controlnet, scheduler="unipc"), None), control)
        for base, controlnet in (
            ("base", "controlnet_uv"),
            ("base.safetensors", "controlnet_uv"),
            ("base.safetensors", "control_original.safetensors"),
            ("base", "control_diffusers.safetensors"),
        )
    ]
    assert seen[0].std() > 1
    assert all(np.array_equal(seen[0], other) for other in seen[1:])


def test_words_and_shape_matter(describe: Describe, control: UVMaps) -> None:
    painter = load_painter(describe(), None)
    flat = UVMaps(np.zeros_like(control.normal), control.position, control.mask)
    assert not np.array_equal(picture(painter, control), picture(painter, control, "red lips"))
    assert not np.array_equal(picture(painter, control), picture(painter, flat))


def test_a_handwritten_description_needs_little(describe: Describe) -> None:
    painter = load_painter(describe(guidance=3, prompt="{}, 8k", negative="blurry"), None)
    assert (painter.card.name, painter.size, painter.steps, painter.guidance) == ("mine", 64, 2, 3)
    assert (painter.prompt_template, painter.negative, painter.layout, painter.inpainter) == (
        "{}, 8k",
        "blurry",
        None,
        None,
    )
    assert isinstance(painter.pipeline.scheduler, UniPCMultistepScheduler)
    assert load_painter(describe(size=128), None).size == 128


def test_a_negative_and_a_prompt_template_are_heard(describe: Describe, control: UVMaps) -> None:
    plain = picture(load_painter(describe(), None), control)
    assert not np.array_equal(plain, picture(load_painter(describe(negative="blurry"), None), control))
    worded = picture(load_painter(describe(prompt="a picture of {}"), None), control)
    said = picture(load_painter(describe(), None), control, "a picture of an old man")
    assert np.array_equal(worded, said)


def test_the_second_generation_reads_words_as_open_clip_does(parts: dict[str, Any], describe: Describe) -> None:
    import open_clip

    torch.manual_seed(1)
    text = {"context_length": 77, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 2}
    vision = {"layers": 1, "width": 32, "head_width": 16, "patch_size": 8, "image_size": 16}
    clip = open_clip.CLIP(embed_dim=32, vision_cfg=vision, text_cfg=text).eval()
    kept = ("transformer.", "token_embedding", "positional_embedding", "ln_final", "text_projection")
    states = {f"cond_stage_model.model.{k}": t for k, t in clip.state_dict().items() if k.startswith(kept)}
    older = {k: t for k, t in original_checkpoint(parts).items() if not k.startswith("cond_stage_model")}
    family = TINY | {
        "pad": "!",
        "text_encoder": TINY["text_encoder"] | {"hidden_act": "gelu", "intermediate_size": 128},
    }
    folder = describe(base="new.safetensors", architecture="family.json", prediction="v_prediction")
    save(folder / "new.safetensors", older | states)
    (folder / "family.json").write_text(json.dumps(family))
    pipeline = load_painter(folder, None).pipeline
    assert pipeline.scheduler.config.prediction_type == "v_prediction"

    tokens = torch.tensor([pipeline.tokenizer("a face", padding="max_length").input_ids])
    with torch.no_grad():
        found = pipeline.text_encoder(tokens)[0]
        states_in = clip.token_embedding(tokens) + clip.positional_embedding
        # Stable Diffusion 2 reads the states before open_clip's last layer.
        expected = clip.ln_final(clip.transformer.resblocks[0](states_in, attn_mask=clip.attn_mask))
    assert torch.allclose(found, expected, atol=1e-5)


def test_precision_and_memory(describe: Describe) -> None:
    painter = load_painter(describe(precision="float16", slicing=True), None)
    assert painter.pipeline.unet.dtype == painter.pipeline.controlnet.dtype == torch.float16
    assert "Sliced" in type(next(iter(painter.pipeline.unet.attn_processors.values()))).__name__
    assert not spares_memory("auto", None)
    assert spares_memory("auto", 4 * 2**30)
    assert not spares_memory("auto", 24 * 2**30)
    assert not spares_memory(False, 4 * 2**30)


def test_the_official_procedure(describe: Describe, parts: dict[str, Any], control: UVMaps) -> None:
    """Its settings, a checkpoint for inpainting with nine channels, and the layout from the user's folder."""
    torch.manual_seed(2)
    nine = UNet2DConditionModel.from_config(TINY["unet"] | {"in_channels": 9})
    folder = describe(procedure="official", steps=2, inpaint="inpaint.safetensors", layout="mine.json")
    save(folder / "inpaint.safetensors", original_checkpoint(parts | {"unet": nine}))
    (folder / "mine.json").write_bytes(EMBEDDED_LAYOUT.read_bytes())
    painter = load_painter(folder, None)
    assert (painter.size, painter.steps, painter.guidance, painter.control_scale) == (160, 2, 10.0, 0.85)
    assert painter.layout == folder / "mine.json"
    assert painter.encoding == "official"
    assert painter.inpainter is not None
    assert painter.inpainter.unet.config.in_channels == 9
    assert painter.inpainter.controlnet is painter.pipeline.controlnet

    place = np.arange(160) * 64 // 160
    large = UVMaps(*(field[place][:, place] for field in (control.normal, control.position, control.mask)))
    seen: list[float] = []
    painted = paint_albedo(painter, large, "an old man", 3, 128, lambda _, fraction: seen.append(fraction))
    assert painted.shape == (128, 128, 3)
    assert painted.std() > 1
    assert seen == pytest.approx([k / 6 for k in range(1, 7)])
    assert np.array_equal(painted, paint_albedo(painter, large, "an old man", 3, 128))


def test_the_official_encoding(control: UVMaps) -> None:
    image = control_image(control, "official")[0].numpy()
    inside = control.mask
    for channel, axis in enumerate((2, 1, 0)):
        decoded = image[channel][inside] * 4 * np.pi - 2 * np.pi
        assert np.abs(decoded - control.normal[..., axis][inside]).max() < 1e-5
    assert (image[:, ~inside] == 0).all()


def test_a_folder_may_hold_nothing_but_the_painter(describe: Describe, tmp_path: Path) -> None:
    """Words and shapes are the embedded models' work then, and heads are laid out as the painter wants them."""
    layout = json.loads(EMBEDDED_LAYOUT.read_text()) | {"name": "of the user's folder"}
    models_folder = tmp_path / "models"
    models_folder.mkdir()
    (models_folder / "texture").symlink_to(describe(layout="mine.json"), target_is_directory=True)
    (tmp_path / "mine.json").write_text(json.dumps(layout))
    models = load_models(models_folder)
    assert models.texture.painter.card.name == "mine"
    assert models.layout.name == "of the user's folder"
    assert models.text.card == load_text_model(EMBEDDED / "text").card
