"""Renders that Stable Diffusion paints over their normals, in place of the synthetic colours, where it is at hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch

from clip_head.core.compat import prepare_torchvision
from clip_head.core.errors import ModelError
from clip_head.core.types import Bytes

#: Steps and guidance that are usual for Stable Diffusion.
STEPS, GUIDANCE = 20, 7.0

#: A normal map (H, W, 3), a caption and a seed -> an image (size, size, 3).
Painter = Callable[[Bytes, str, int], Bytes]


def load_painter(folder: Path, size: int) -> Painter:
    """Stable Diffusion under a ControlNet for normal maps, from a folder in diffusers' layout, offline.

    folder: of the pipeline.
    size: side of the images that it shall give, pixels.

    Raises ModelError where the folder holds no such pipeline.
    """
    prepare_torchvision()
    from diffusers import StableDiffusionControlNetPipeline
    from PIL import Image

    device = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        pipeline: Any = StableDiffusionControlNetPipeline.from_pretrained(
            folder, local_files_only=True, use_safetensors=True, safety_checker=None
        )
    except Exception as error:  # whatever diffusers' readers of JSON and safetensors raise
        raise ModelError(
            f"There is no Stable Diffusion with a ControlNet in {folder} ({type(error).__name__}: {error}).",
            "Name a folder that StableDiffusionControlNetPipeline.save_pretrained wrote, or leave --diffusion out.",
        ) from error
    pipeline.to(device)
    pipeline.set_progress_bar_config(disable=True)

    def paint(hint: Bytes, words: str, seed: int) -> Bytes:
        output = pipeline(
            words,
            image=Image.fromarray(hint),
            num_inference_steps=STEPS,
            guidance_scale=GUIDANCE,
            generator=torch.Generator(device).manual_seed(seed),
        )
        return np.asarray(output.images[0].convert("RGB").resize((size, size), Image.Resampling.BOX))

    return paint
