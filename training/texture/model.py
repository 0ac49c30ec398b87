"""The parts of the embedded ControlNet_uv, and the folder that they are saved in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers import (
    ControlNetModel,
    DDIMScheduler,
    DPMSolverMultistepScheduler,
    StableDiffusionControlNetPipeline,
    UNet2DConditionModel,
)
from torch import nn

from clip_head.core.models import write_model_json
from clip_head.core.texture.painter.autoencoder import PatchAutoencoder
from clip_head.core.types import ModelCard

#: Name and licence of the model card.
NAME, LICENCE = "CLIP-Head ControlNet_uv, embedded", "GPL-3.0-or-later"
#: How the painter runs it; chosen by `python -m training.evaluate texture_curve` and by eye. steps: of the sampler;
#: guidance: classifier-free; control_scale: factor of the ControlNet's outputs; temperature: factor of the first noise.
SETTINGS: dict[str, Any] = {"steps": 4, "guidance": 1.7, "control_scale": 1.0, "temperature": 0.15}

#: Noise over signal halfway through the steps, in standard deviations; 1 is the linear path of flow matching.
SHIFT = 1.5
#: A ControlNet's last layers usually begin at zero, so that it is silent; this one's begin at this factor of the usual
#: standard deviation, for it is trained together with the UNet.
CONTROL_SCALE = 0.3
#: The words' states, pooled by attention, are added to the embedding of the time, which scales and shifts all residual
#: blocks.
TEXT_CONDITIONING: dict[str, Any] = {
    "resnet_time_scale_shift": "scale_shift",
    "addition_embed_type": "text",
    "addition_embed_type_num_heads": 12,
}


def noise_schedule(steps: int = 1000) -> dict[str, Any]:
    """v-prediction down to (nearly) pure noise, for diffusers' schedulers.

    With less noise at the end, the mean colour of a map would leak through the last step of training, and sampling,
    which starts without it, could reach neither very dark nor very light skins.

    steps: of the training, from little noise to much.
    """
    time = np.arange(1, steps + 1) / (steps + 0.25)
    alphas_cumprod = 1 / (1 + (SHIFT * time / (1 - time)) ** 2)
    betas = 1 - alphas_cumprod / np.concatenate([[1.0], alphas_cumprod[:-1]])
    return {
        "trained_betas": np.round(betas, 8).tolist(),
        "prediction_type": "v_prediction",
        "timestep_spacing": "trailing",
    }


def new_unet(latent_channels: int, words_width: int, sample_size: int) -> UNet2DConditionModel:
    """A UNet of 8 million parameters, for 16 x 16 latents. Words enter twice: by cross-attention at 8 x 8, and pooled,
    as scale and shift of every residual block: what colour lies where is a product of words and place, which sums
    alone are slow to learn.

    latent_channels: C of the latents.
    words_width: of a token state.
    sample_size: side of the latents.
    """
    return UNet2DConditionModel(
        sample_size=sample_size,
        in_channels=latent_channels,
        out_channels=latent_channels,
        block_out_channels=(96, 160),
        layers_per_block=1,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=words_width,
        attention_head_dim=4,
        norm_num_groups=16,
        **TEXT_CONDITIONING,
    )


def new_controlnet(unet: UNet2DConditionModel) -> ControlNetModel:
    """A ControlNet of 3 million parameters; the control image enters at 512 px and is reduced by 32 on its way.

    It has the widths of the UNet, to whose features its outputs are added, but no attention: words reach it by scale
    and shift alone.

    unet: that it is for.
    """
    net = ControlNetModel(
        in_channels=unet.config.in_channels,
        conditioning_channels=3,
        down_block_types=("DownBlock2D", "DownBlock2D"),
        mid_block_type="UNetMidBlock2D",
        block_out_channels=unet.config.block_out_channels,
        layers_per_block=unet.config.layers_per_block,
        cross_attention_dim=unet.config.cross_attention_dim,
        attention_head_dim=unet.config.attention_head_dim,
        norm_num_groups=unet.config.norm_num_groups,
        conditioning_embedding_out_channels=(8, 16, 32, 64, 96, 128),
        **TEXT_CONDITIONING,
    )
    for module in [*net.controlnet_down_blocks, net.controlnet_mid_block, net.controlnet_cond_embedding.conv_out]:
        nn.init.kaiming_normal_(module.weight, nonlinearity="linear")
        module.weight.data *= CONTROL_SCALE
    return net


def training_noise() -> DDIMScheduler:
    """The noise schedule for training."""
    return DDIMScheduler(clip_sample=False, **noise_schedule())


def new_pipeline(
    vae: PatchAutoencoder, unet: UNet2DConditionModel, controlnet: ControlNetModel
) -> StableDiffusionControlNetPipeline:
    """The parts as one pipeline, which takes prompt embeddings, since it has no text encoder.

    vae: the autoencoder.
    unet, controlnet: the networks.
    """
    pipeline = StableDiffusionControlNetPipeline(
        vae=vae,
        text_encoder=None,
        tokenizer=None,
        unet=unet,
        controlnet=controlnet,
        scheduler=DPMSolverMultistepScheduler(**noise_schedule()),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def save_painter(
    folder: Path, pipeline: StableDiffusionControlNetPipeline, source: str, figures: dict[str, Any]
) -> None:
    """Write the pipeline as diffusers does, in float16, and its model.json. The parts are left in float16.

    folder: to write to.
    pipeline: what to write.
    source, figures: as in describe_painter.
    """
    pipeline.to(dtype=torch.float16)
    pipeline.save_pretrained(folder)
    describe_painter(folder, source, figures)


def describe_painter(folder: Path, source: str, figures: dict[str, Any]) -> None:
    """Write model.json anew for the files that are in the folder.

    folder: of the painter.
    source: the command that made it.
    figures: of the evaluation.
    """
    files = [str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file() and p.name != "model.json"]
    write_model_json(folder, ModelCard("texture", NAME, LICENCE, source), SETTINGS, figures, files)
