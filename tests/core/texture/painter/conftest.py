"""The same tiny model in every form in which models for Stable Diffusion are passed on."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from clip_head.core.compat import prepare_torchvision
from clip_head.core.texture.painter.checkpoint import FAMILIES, clip_tokenizer
from clip_head.core.texture.painter.paint import Painter, paint_albedo
from clip_head.core.types import UVMaps

prepare_torchvision()

from diffusers import (  # noqa: E402
    AutoencoderKL,
    ControlNetModel,
    DDIMScheduler,
    StableDiffusionPipeline,
    UNet2DConditionModel,
)
from transformers import CLIPTextConfig, CLIPTextModel  # noqa: E402

Tensors = dict[str, torch.Tensor]

#: As Stable Diffusion 1, two levels deep and a few channels wide.
TINY: dict[str, Any] = {
    "name": "tiny",
    "pad": "<|endoftext|>",
    "unet": {
        "sample_size": 8,
        "in_channels": 4,
        "out_channels": 4,
        "block_out_channels": [16, 32],
        "layers_per_block": 1,
        "down_block_types": ["CrossAttnDownBlock2D", "DownBlock2D"],
        "up_block_types": ["UpBlock2D", "CrossAttnUpBlock2D"],
        "cross_attention_dim": 32,
        "attention_head_dim": 2,
        "norm_num_groups": 8,
    },
    "vae": {
        "down_block_types": ["DownEncoderBlock2D"] * 4,
        "up_block_types": ["UpDecoderBlock2D"] * 4,
        "block_out_channels": [8, 8, 16, 16],
        "layers_per_block": 1,
        "norm_num_groups": 4,
        "latent_channels": 4,
        "sample_size": 64,
    },
    "text_encoder": {
        "vocab_size": 49408,
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "max_position_embeddings": 77,
        "bos_token_id": 49406,
        "eos_token_id": 49407,
        "pad_token_id": 1,
    },
    # Saved schedulers say how their steps are spaced; the first ones did not.
    "noise": json.loads((FAMILIES / "sd1.json").read_text())["noise"] | {"timestep_spacing": "leading"},
}


@pytest.fixture(scope="module")
def parts() -> dict[str, Any]:
    """The parts of a pipeline; words and control image matter to it."""
    torch.manual_seed(0)
    unet = UNet2DConditionModel.from_config(TINY["unet"])
    controlnet = ControlNetModel.from_unet(unet)
    for name, parameter in unet.named_parameters():
        if "attn2" in name:
            torch.nn.init.normal_(parameter, std=0.5)
    for part in ("controlnet_down_blocks", "controlnet_mid_block", "controlnet_cond_embedding"):
        for parameter in getattr(controlnet, part).parameters():
            torch.nn.init.normal_(parameter, std=0.2)
    return {
        "unet": unet,
        "vae": AutoencoderKL.from_config(TINY["vae"]),
        "text_encoder": CLIPTextModel(CLIPTextConfig(**TINY["text_encoder"])).eval(),
        "controlnet": controlnet,
    }


@pytest.fixture(scope="module")
def shop(parts: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every form in which the same model is passed on."""
    folder = tmp_path_factory.mktemp("shop")
    (folder / "tiny.json").write_text(json.dumps(TINY))
    StableDiffusionPipeline(
        **{name: parts[name] for name in ("unet", "vae", "text_encoder")},
        tokenizer=clip_tokenizer("<|endoftext|>", 77),
        scheduler=DDIMScheduler(**TINY["noise"]),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    ).save_pretrained(folder / "base")
    parts["controlnet"].save_pretrained(folder / "controlnet_uv")
    save(folder / "base.safetensors", original_checkpoint(parts))
    save(folder / "control_original.safetensors", original_controlnet(parts["controlnet"]))
    save(folder / "control_diffusers.safetensors", parts["controlnet"].state_dict())
    return folder


Describe = Callable[..., Path]


@pytest.fixture
def describe(shop: Path, tmp_path: Path) -> Describe:
    """Writes a model.json as an artist would; returns its folder."""

    def write(**config: Any) -> Path:
        usual: dict[str, Any] = {
            "base": "base.safetensors",
            "controlnet": "controlnet_uv",
            "architecture": "tiny.json",
            "steps": 2,
        }
        entries = {name: entry for name, entry in (usual | config).items() if entry is not None}
        for name in ("base", "controlnet", "architecture", "inpaint", "lora"):
            if isinstance(entries.get(name), str) and (shop / entries[name]).exists():
                entries[name] = str(shop / entries[name])
        (tmp_path / "model.json").write_text(json.dumps({"kind": "texture", "name": "mine", "config": entries}))
        return tmp_path

    return write


def save(path: Path, tensors: Tensors) -> None:
    save_file({key: tensor.detach().clone().contiguous() for key, tensor in tensors.items()}, path)


def original_checkpoint(parts: dict[str, Any]) -> Tensors:
    """As the first Stable Diffusion was passed on: all parts in one table, in the latent diffusion code's words."""
    unet = original_unet(parts["unet"].state_dict(), "model.diffusion_model.")
    text = {f"cond_stage_model.transformer.text_model.{k}": t for k, t in parts["text_encoder"].state_dict().items()}
    return unet | original_vae(parts["vae"].state_dict()) | text | {"model_ema.decay": torch.ones(())}


RESNET = {
    "norm1": "in_layers.0",
    "conv1": "in_layers.2",
    "norm2": "out_layers.0",
    "conv2": "out_layers.3",
    "time_emb_proj": "emb_layers.1",
    "conv_shortcut": "skip_connection",
}


def original_unet(state: Tensors, prefix: str, layers: int = 1) -> Tensors:
    """diffusers' names of a UNet's (or a ControlNet's) layers as the latent diffusion code has them."""
    plain = {
        "time_embedding.linear_1": "time_embed.0",
        "time_embedding.linear_2": "time_embed.2",
        "conv_in": "input_blocks.0.0",
        "conv_norm_out": "out.0",
        "conv_out": "out.2",
        "mid_block.resnets.0": "middle_block.0",
        "mid_block.attentions.0": "middle_block.1",
        "mid_block.resnets.1": "middle_block.2",
    }
    for level in range(2):
        for layer in range(layers):
            block = f"input_blocks.{(layers + 1) * level + layer + 1}"
            plain[f"down_blocks.{level}.resnets.{layer}"] = f"{block}.0"
            plain[f"down_blocks.{level}.attentions.{layer}"] = f"{block}.1"
        plain[f"down_blocks.{level}.downsamplers.0.conv"] = f"input_blocks.{(layers + 1) * (level + 1)}.0.op"
        for layer in range(layers + 1):
            block = f"output_blocks.{(layers + 1) * level + layer}"
            plain[f"up_blocks.{level}.resnets.{layer}"] = f"{block}.0"
            plain[f"up_blocks.{level}.attentions.{layer}"] = f"{block}.1"
        last = f"output_blocks.{(layers + 1) * level + layers}"
        plain[f"up_blocks.{level}.upsamplers.0.conv"] = f"{last}.{1 if level == 0 else 2}.conv"
    found = {}
    for key, tensor in state.items():
        start = max((p for p in plain if key.startswith(f"{p}.")), key=len)
        rest = key[len(start) + 1 :]
        if "resnets" in start:
            inner = next(name for name in RESNET if rest.startswith(f"{name}."))
            rest = RESNET[inner] + rest[len(inner) :]
        found[f"{prefix}{plain[start]}.{rest}"] = tensor
    return found


def original_vae(state: Tensors) -> Tensors:
    found = {}
    for key, tensor in state.items():
        name = key
        for level in range(4):
            name = name.replace(f"encoder.down_blocks.{level}.", f"encoder.down.{level}.")
            name = name.replace(f"decoder.up_blocks.{level}.", f"decoder.up.{3 - level}.")
        pairs = {
            "downsamplers.0": "downsample",
            "upsamplers.0": "upsample",
            "mid_block.resnets.0": "mid.block_1",
            "mid_block.resnets.1": "mid.block_2",
            "mid_block.attentions.0": "mid.attn_1",
            "resnets.": "block.",
            "conv_shortcut": "nin_shortcut",
            "conv_norm_out": "norm_out",
            "group_norm": "norm",
            "to_q": "q",
            "to_k": "k",
            "to_v": "v",
            "to_out.0": "proj_out",
        }
        for ours, theirs in pairs.items():
            name = name.replace(ours, theirs)
        attention = "attn_1" in name and name.endswith("weight") and "norm" not in name
        found[f"first_stage_model.{name}"] = tensor[..., None, None] if attention else tensor
    return found


def original_controlnet(controlnet: Any) -> Tensors:
    """As lllyasviel's ControlNets are passed on."""
    found, body = {}, {}
    for key, tensor in controlnet.state_dict().items():
        name, last = key.rsplit(".", 1)
        words = name.split(".")
        if words[0] == "controlnet_cond_embedding":
            place = {"conv_in": 0, "conv_out": 14}.get(words[1])
            found[f"control_model.input_hint_block.{2 + 2 * int(words[2]) if place is None else place}.{last}"] = tensor
        elif words[0] == "controlnet_down_blocks":
            found[f"control_model.zero_convs.{words[1]}.0.{last}"] = tensor
        elif words[0] == "controlnet_mid_block":
            found[f"control_model.middle_block_out.0.{last}"] = tensor
        else:
            body[key] = tensor
    return found | original_unet(body, "control_model.")


def picture(painter: Painter, control: UVMaps, words: str = "an old man") -> np.ndarray:
    return paint_albedo(painter, control, words, 3, 64)
