"""ControlNet_uv: a diffusers pipeline paints the albedo over the control image (CLIP-Head, section 2.3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from ..errors import Cancelled, ModelError
from ..types import Bytes, ModelCard, Progress, UVMaps, no_progress
from ..uv.raster import dilate

RESTORE = "Restore the folder from the release it came from, or choose another texture model."


@dataclass(frozen=True)
class Painter:
    """A texture model ready to paint.

    pipeline: a diffusers StableDiffusionControlNetPipeline. size: the side, in pixels, of the control image that it
    takes and the picture that it paints. embed: words -> prompt embedding (1, T, C), or None where the pipeline has a
    text encoder of its own. steps, guidance, control_scale: how it is best run. temperature: the first noise's share of
    what it was in training; less gives likelier, less varied pictures (only where the autoencoder draws the noise).
    """

    card: ModelCard
    size: int
    pipeline: Any
    embed: Callable[[str], torch.Tensor] | None
    steps: int = 25
    guidance: float = 7.5
    control_scale: float = 1.0
    temperature: float = 1.0


def paint_albedo(
    painter: Painter,
    control: UVMaps,
    words: str,
    seed: int,
    size: int,
    progress: Progress = no_progress,
    negative: str = "",
) -> Bytes:
    """Paint the albedo that the words describe: (size, size, 3) sRGB bytes, carried past the chart's edge.

    control: UV maps drawn at painter.size. Same painter, control, words and seed on one machine: same bytes.
    progress("texture", fraction) follows the steps; what it raises ends the work at once.
    Raises ModelError when the model computes numbers that are not finite.
    """

    def after_step(pipeline: Any, step: int, _timestep: Any, tensors: dict[str, torch.Tensor]) -> dict[str, Any]:
        _check_finite(tensors["latents"], painter)
        progress("texture", (step + 1) / pipeline.num_timesteps)
        return {}

    given: dict[str, Any] = {"prompt": words, "negative_prompt": negative}
    if painter.embed is not None:
        given = {"prompt_embeds": painter.embed(words), "negative_prompt_embeds": painter.embed(negative)}
    generator = torch.Generator("cpu").manual_seed(seed % 2**63)
    vae = painter.pipeline.vae
    if hasattr(vae, "draw_noise"):
        given["latents"] = painter.temperature * vae.draw_noise(1, generator)
    try:
        picture = painter.pipeline(
            **given,
            image=control_image(control),
            num_inference_steps=painter.steps,
            guidance_scale=painter.guidance,
            controlnet_conditioning_scale=painter.control_scale,
            generator=generator,
            output_type="pt",
            callback_on_step_end=after_step,
        ).images
    except (Cancelled, ModelError):
        raise
    except (RuntimeError, ValueError) as error:  # shapes that do not fit together, out of memory
        raise ModelError(
            f"The texture model {painter.card.name!r} failed ({error}).",
            "Choose another texture model, or a smaller one if memory ran out.",
        ) from error
    _check_finite(picture, painter)
    return _finish(picture, control, size)


def control_image(control: UVMaps) -> torch.Tensor:
    """(1, 3, H, W) in [0, 1]: the normals as (n + 1) / 2, black outside the chart."""
    image = np.where(control.mask[..., None], (control.normal + 1) / 2, 0).astype(np.float32)
    return torch.from_numpy(image).permute(2, 0, 1)[None]


def _finish(picture: torch.Tensor, control: UVMaps, size: int) -> Bytes:
    """Values (1, 3, H, W) in [0, 1] to bytes of the wanted size, the chart's colours carried beyond its edge."""
    inside = dilate(picture[0].permute(1, 2, 0).float().cpu().numpy(), control.mask, float("inf"))
    image = torch.from_numpy(inside).permute(2, 0, 1)[None]
    if image.shape[-2:] != (size, size):
        image = torch.nn.functional.interpolate(image, (size, size), mode="bicubic", antialias=True)
    return image[0].permute(1, 2, 0).mul(255).round().clamp(0, 255).byte().numpy()


def _check_finite(values: torch.Tensor, painter: Painter) -> None:
    if not bool(torch.isfinite(values).all()):
        raise ModelError(f"The texture model {painter.card.name!r} computed numbers that are not finite.", RESTORE)
