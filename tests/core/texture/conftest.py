"""Tiny painters of the true classes, saved as diffusers saves them, and the embedded canonical head."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from clip_head.core.compat import prepare_torchvision
from clip_head.core.models import EMBEDDED, write_model_json
from clip_head.core.text import TextModel
from clip_head.core.texture.albedo.canonical import Canonical, load_canonical
from clip_head.core.texture.template import TemplateFacts, load_template
from clip_head.core.types import ModelCard, UVMaps

SIZE = 64
WORDS_WIDTH = 32


@pytest.fixture(scope="session")
def canonical() -> Canonical:
    """The head that the embedded painter paints on."""
    loaded = load_canonical(EMBEDDED / "texture")
    assert loaded is not None
    return loaded


@pytest.fixture(scope="session")
def template() -> TemplateFacts:
    """The facts of the embedded template."""
    return load_template(EMBEDDED / "texture")


@pytest.fixture(scope="session")
def text_model() -> TextModel:
    """A random open_clip model whose token states have WORDS_WIDTH numbers."""
    prepare_torchvision()
    import open_clip

    torch.manual_seed(0)
    clip = open_clip.CLIP(
        embed_dim=16,
        vision_cfg={"layers": 1, "width": 32, "head_width": 16, "patch_size": 8, "image_size": 16},
        text_cfg={"context_length": 12, "vocab_size": 49408, "width": WORDS_WIDTH, "heads": 2, "layers": 1},
    )
    tokenizer = open_clip.SimpleTokenizer(context_length=12)
    return TextModel(ModelCard("text", "tiny", "none", "test"), clip.eval().requires_grad_(False), tokenizer)


@pytest.fixture(scope="session")
def embedded_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A painter of the embedded kind: our autoencoder, no text encoder, a model.json."""
    prepare_torchvision()
    from clip_head.core.texture.painter.autoencoder import PatchAutoencoder

    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("embedded")
    vae = PatchAutoencoder(latent_channels=16, block_out_channels=(48, 48, 16, 16, 16, 16), sample_size=SIZE)
    save_pipeline(folder, vae, stride=32)
    files = [str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()]
    card = ModelCard("texture", "tiny painter", "none", "test")
    write_model_json(folder, card, {"steps": 4, "guidance": 3.0, "control_scale": 1.0}, {}, files)
    return folder


@pytest.fixture(scope="session")
def stable_diffusion_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A painter as other projects publish them: AutoencoderKL, CLIPTextModel and its tokenizer, no model.json."""
    prepare_torchvision()
    from diffusers import AutoencoderKL
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("stable diffusion")
    letters = [chr(c) for c in range(ord("a"), ord("z") + 1)]
    tokens = [*letters, *(f"{c}</w>" for c in letters), "<|startoftext|>", "<|endoftext|>"]
    (folder / "vocab.json").write_text(json.dumps({t: i for i, t in enumerate(tokens)}))
    (folder / "merges.txt").write_text("#version: 0.2\n")
    tokenizer = CLIPTokenizer(str(folder / "vocab.json"), str(folder / "merges.txt"), model_max_length=77)
    text_encoder = CLIPTextModel(
        CLIPTextConfig(
            vocab_size=len(tokens),
            hidden_size=WORDS_WIDTH,
            intermediate_size=32,
            num_hidden_layers=1,
            num_attention_heads=2,
            bos_token_id=len(tokens) - 2,
            eos_token_id=len(tokens) - 1,
            pad_token_id=len(tokens) - 1,
        )
    )
    vae = AutoencoderKL(
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        block_out_channels=(8, 8, 8, 8),
        norm_num_groups=4,
        latent_channels=4,
        sample_size=SIZE,
    )
    out = folder / "pipeline"
    save_pipeline(out, vae, stride=8, text_encoder=text_encoder, tokenizer=tokenizer)
    return out


def save_pipeline(folder: Path, vae: Any, stride: int, text_encoder: Any = None, tokenizer: Any = None) -> None:
    from diffusers import (
        ControlNetModel,
        DDIMScheduler,
        StableDiffusionControlNetPipeline,
        UNet2DConditionModel,
    )

    unet = UNet2DConditionModel(
        sample_size=SIZE // stride,
        in_channels=vae.config.latent_channels,
        out_channels=vae.config.latent_channels,
        block_out_channels=(16, 16),
        layers_per_block=1,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=WORDS_WIDTH,
        attention_head_dim=2,
        norm_num_groups=8,
    )
    widths = (8,) * (stride.bit_length() - 1) + (16,)
    controlnet = ControlNetModel.from_unet(unet, conditioning_embedding_out_channels=widths)
    # Random layers hardly listen to the words. Let them matter.
    for name, parameter in unet.named_parameters():
        if "attn2" in name:
            torch.nn.init.normal_(parameter, std=0.5)
    # A fresh ControlNet says nothing: its last convolutions are zero. Let the control image matter.
    for part in ("controlnet_down_blocks", "controlnet_mid_block", "controlnet_cond_embedding"):
        for parameter in getattr(controlnet, part).parameters():
            torch.nn.init.normal_(parameter, std=0.3)
    StableDiffusionControlNetPipeline(
        vae=vae,
        text_encoder=text_encoder,
        tokenizer=tokenizer,
        unet=unet,
        controlnet=controlnet,
        scheduler=DDIMScheduler(),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    ).save_pretrained(folder)


@pytest.fixture(scope="session")
def control() -> UVMaps:
    """A dome drawn into a round chart."""
    y, x = (1 - (np.mgrid[:SIZE, :SIZE] + 0.5) / (SIZE / 2)) * np.array([[[1.0]], [[-1.0]]])
    mask = x**2 + y**2 < 0.8
    z = np.sqrt(np.maximum(1 - x**2 - y**2, 0.05))
    normal = np.stack([x, y, z], -1)
    normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
    return UVMaps(normal.astype(np.float32), normal.astype(np.float32), mask)
