"""ControlNet_uv: a diffusers pipeline paints the albedo over the control image (CLIP-Head, section 2.3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch

from ...errors import Cancelled, ModelError
from ...types import Bytes, Edit, ModelCard, Progress, UVMaps, no_progress
from ...uv.raster import dilate
from ..edit import keep_rest, resized, spread_mask
from .official import paint_in_stages

#: What to do about a texture model that cannot be used.
RESTORE = "Restore the folder from the release it came from, or choose another texture model."


class PipelineOutput(Protocol):
    """What a pipeline answers, asked for output_type "pt"."""

    @property
    def images(self) -> torch.Tensor:
        """(1, 3, H, W) in [0, 1]."""


class ControlNetPipeline(Protocol):
    """What is used of diffusers' StableDiffusionControlNetPipeline and its relatives.

    components: its parts by name, of which others are put together.
    vae, unet, controlnet, text_encoder, tokenizer, scheduler: the parts; those for text are None where it takes prompt
        embeddings.
    num_timesteps: of the run in progress.
    """

    @property
    def components(self) -> dict[str, Any]: ...

    @property
    def vae(self) -> Any: ...

    @property
    def unet(self) -> Any: ...

    @property
    def controlnet(self) -> Any: ...

    @property
    def text_encoder(self) -> Any: ...

    @property
    def tokenizer(self) -> Any: ...

    @property
    def scheduler(self) -> Any: ...

    @property
    def num_timesteps(self) -> int: ...

    def __call__(self, **arguments: Any) -> PipelineOutput: ...


@dataclass(frozen=True)
class Painter:
    """A texture model ready to paint.

    card: its name and licence.
    size: the side, in pixels, of the control image that it takes and the picture that it paints.
    pipeline: a diffusers StableDiffusionControlNetPipeline.
    embed: prompt -> its embedding (1, T, C), or None where the pipeline has a text encoder of its own.
    steps, guidance, control_scale: how it is best run: denoising steps, classifier-free guidance, ControlNet's weight.
    temperature: the first noise's standard deviation as a fraction of what it was in training; less gives likelier,
        less varied pictures (only where the autoencoder draws the noise).
    prompt_template: a sentence that holds the prompt at {}.
    negative: words for what it must never show.
    encoding: how the control image holds normals, "unit" or "official" (see control_image).
    layout: the file of the UV layout that it was trained in, None for ours.
    inpainter: a StableDiffusionControlNetInpaintPipeline for the official release's procedure (see official.py), whose
        control image is `size` and whose picture is not; None for one pass.
    """

    card: ModelCard
    size: int
    pipeline: ControlNetPipeline
    embed: Callable[[str], torch.Tensor] | None
    steps: int = 25
    guidance: float = 7.5
    control_scale: float = 1.0
    temperature: float = 1.0
    prompt_template: str = "{}"
    negative: str = ""
    encoding: str = "unit"
    layout: Path | None = None
    inpainter: ControlNetPipeline | None = None


def paint_albedo(
    painter: Painter,
    control: UVMaps,
    words: str,
    seed: int,
    size: int,
    progress: Progress = no_progress,
    negative: str = "",
    edit: Edit | None = None,
) -> Bytes:
    """Paint the albedo that the words describe (CLIP-Head, section 2.3).

    Same painter, control, words, edit and seed on one machine: same bytes.

    painter: the texture model.
    control: UV maps drawn at painter.size.
    words: the prompt.
    seed: of the noise.
    size: side of the result, pixels.
    progress: called as progress("texture", fraction) after every step; what it raises ends the work at once.
    negative: words for what it must not show.
    edit: the painting that this one starts from, whose bytes stay outside its mask; None for a new one.
    Returns (size, size, 3) sRGB bytes, carried past the chart's edge.
    Raises ModelError when the model computes numbers that are not finite.
    """
    if edit is not None and edit.strength == 0:
        return keep_rest(edit.albedo, edit, control.mask, size)
    words = painter.prompt_template.replace("{}", words)
    negative = ", ".join(filter(None, [negative, painter.negative]))
    arguments: dict[str, Any] = {"prompt": words, "negative_prompt": negative}
    if painter.embed is not None:
        arguments = {"prompt_embeds": painter.embed(words), "negative_prompt_embeds": painter.embed(negative)}
    arguments |= {
        "guidance_scale": painter.guidance,
        "controlnet_conditioning_scale": painter.control_scale,
        "generator": torch.Generator("cpu").manual_seed(seed % 2**63),
        "output_type": "pt",
    }
    try:
        if edit is None or (edit.strength == 1 and edit.mask is None):
            paint = _paint if painter.inpainter is None else _paint_in_stages
            return _finish(paint(painter, control, arguments, progress), control, size)
        start = _start(painter, control, edit)
        picture = _finish(_paint_over(painter, control, start, arguments, progress), control, size)
        # Detail of the old painting that the autoencoder loses is put back, as far as the old painting stays.
        lost = resized(edit.albedo, size) - _finish(start.decoded, control, size).astype(np.float32)
        detail = (1 - edit.strength) * lost
        return keep_rest(np.round(picture + detail).clip(0, 255).astype(np.uint8), edit, control.mask, size)
    except (Cancelled, ModelError):
        raise
    except (RuntimeError, ValueError) as error:  # shapes that do not fit together, out of memory
        raise ModelError(
            f"The texture model {painter.card.name!r} failed ({error}).",
            "Choose another texture model, or a smaller one if memory ran out.",
        ) from error


@dataclass(frozen=True)
class _Start:
    """The painting that an edit starts from.

    latents (1, C, h, w): its codes.
    decoded (1, 3, H, W): what the autoencoder makes of them, in [0, 1].
    free (1, 1, h, w): 1 where they may change.
    strength: as in Edit.
    """

    latents: torch.Tensor
    decoded: torch.Tensor
    free: torch.Tensor
    strength: float


@torch.inference_mode()
def _start(painter: Painter, control: UVMaps, edit: Edit) -> _Start:
    """The edit's albedo as latents of the painter's autoencoder, and its mask at their size."""
    vae = painter.pipeline.vae
    picture = torch.from_numpy(resized(edit.albedo, painter.size)).to(vae.device, vae.dtype)
    codes = vae.encode(picture.permute(2, 0, 1)[None] / 127.5 - 1).latent_dist.mode()
    decoded = (vae.decode(codes).sample / 2 + 0.5).clamp(0, 1)
    free = torch.ones(1, 1, painter.size, painter.size)
    if edit.mask is not None:
        free = torch.from_numpy(spread_mask(edit.mask, control.mask) > 0).float()[None, None]
    free = torch.nn.functional.adaptive_max_pool2d(free, codes.shape[-2:]).to(codes)
    return _Start(vae.config.scaling_factor * codes, decoded, free, edit.strength)


def _paint(painter: Painter, control: UVMaps, arguments: dict[str, Any], progress: Progress) -> torch.Tensor:
    """A picture (1, 3, H, W) in [0, 1] that starts from noise."""

    def after_step(pipeline: Any, step: int, _timestep: Any, tensors: dict[str, torch.Tensor]) -> dict[str, Any]:
        _check_finite(tensors["latents"], painter)
        progress("texture", (step + 1) / pipeline.num_timesteps)
        return {}

    vae = painter.pipeline.vae
    if hasattr(vae, "draw_noise"):
        arguments = arguments | {"latents": painter.temperature * vae.draw_noise(1, arguments["generator"])}
    with _embedded_once(painter.pipeline.controlnet):
        picture: torch.Tensor = painter.pipeline(
            **arguments,
            image=control_image(control, painter.encoding),
            num_inference_steps=painter.steps,
            callback_on_step_end=after_step,
        ).images
    _check_finite(picture, painter)
    return picture


def _paint_in_stages(painter: Painter, control: UVMaps, arguments: dict[str, Any], progress: Progress) -> torch.Tensor:
    """A picture (1, 3, H, W) in [0, 1] by the official release's three passes."""
    passes = iter(range(3))

    def run(pipeline: Any, scale: float, **images: torch.Tensor) -> torch.Tensor:
        finished = next(passes)

        def after_step(_: Any, step: int, _timestep: Any, tensors: dict[str, torch.Tensor]) -> dict[str, Any]:
            _check_finite(tensors["latents"], painter)
            progress("texture", (finished + (step + 1) / pipeline.num_timesteps) / 3)
            return {}

        settings = arguments | {"controlnet_conditioning_scale": scale, "num_inference_steps": painter.steps}
        with _embedded_once(pipeline.controlnet):
            picture: torch.Tensor = pipeline(**settings, **images, callback_on_step_end=after_step).images
        _check_finite(picture, painter)
        return picture.float().cpu()

    def paint(image: torch.Tensor, scale: float) -> torch.Tensor:
        return run(painter.pipeline, scale, image=image)

    def inpaint(image: torch.Tensor, scale: float, picture: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        return run(painter.inpainter, scale, image=picture, mask_image=mask, control_image=image)

    hint = control_image(control, painter.encoding)
    return paint_in_stages(hint, control.mask, painter.control_scale, paint, inpaint)


def _paint_over(
    painter: Painter, control: UVMaps, start: _Start, arguments: dict[str, Any], progress: Progress
) -> torch.Tensor:
    """A picture (1, 3, H, W) in [0, 1] that starts from another's latents, noised as far as the strength says (SDEdit);
    where it may not change, the latents of each step are the old painting's with as much noise."""
    from diffusers import StableDiffusionControlNetImg2ImgPipeline

    pipeline = StableDiffusionControlNetImg2ImgPipeline(**painter.pipeline.components, requires_safety_checker=False)
    pipeline.set_progress_bar_config(disable=True)
    scheduler, vae = pipeline.scheduler, pipeline.vae
    # painter.steps steps at any strength: a weak edit starts from less noise and takes finer steps, so that a small
    # difference of strength makes a difference.
    count = min(round(painter.steps / start.strength), scheduler.config.num_train_timesteps)
    strength = min((painter.steps + 0.5) / count, 1.0)
    scheduler.set_timesteps(count, device=start.latents.device)
    timesteps, _ = pipeline.get_timesteps(count, strength, start.latents.device)

    if hasattr(vae, "draw_noise"):
        noise = painter.temperature * vae.draw_noise(1, arguments["generator"])
    else:
        noise = torch.randn(start.latents.shape, generator=arguments["generator"])
    noise = noise.to(start.latents)
    if start.strength == 1:
        latents = noise * scheduler.init_noise_sigma
    else:
        latents = scheduler.add_noise(start.latents, noise, timesteps[:1])

    def after_step(_pipeline: Any, step: int, _timestep: Any, tensors: dict[str, torch.Tensor]) -> dict[str, Any]:
        _check_finite(tensors["latents"], painter)
        progress("texture", (step + 1) / len(timesteps))
        last = step + 1 == len(timesteps)
        old = start.latents if last else scheduler.add_noise(start.latents, noise, timesteps[step + 1 : step + 2])
        return {"latents": old + start.free * (tensors["latents"] - old)}

    with _embedded_once(pipeline.controlnet):
        picture: torch.Tensor = pipeline(
            **arguments,
            image=start.decoded,
            control_image=control_image(control, painter.encoding),
            latents=latents,
            strength=strength,
            num_inference_steps=count,
            callback_on_step_end=after_step,
        ).images
    _check_finite(picture, painter)
    return picture


def control_image(control: UVMaps, encoding: str = "unit") -> torch.Tensor:
    """The control image (1, 3, H, W) in [0, 1]: the head's normals in its UV, black outside the chart.

    control: UV maps of size H x W.
    encoding: "unit" is (n + 1) / 2 with x red, y green, z blue; "official" is the CLIP-Head release's,
    (n + 2 pi) / (4 pi) with z red, y green, x blue.
    """
    normal = control.normal
    values = (normal + 1) / 2 if encoding == "unit" else (normal[..., ::-1] + 2 * np.pi) / (4 * np.pi)
    image = np.where(control.mask[..., None], values, 0).astype(np.float32)
    return torch.from_numpy(image).permute(2, 0, 1)[None]


@contextmanager
def _embedded_once(controlnet: Any) -> Iterator[None]:
    """While it lasts, a ControlNet embeds its control image once: it is the same at every step, and for the words that
    are wanted and those that are not."""
    layers = controlnet.controlnet_cond_embedding
    embed = layers.forward
    embedded: torch.Tensor | None = None

    def once(images: torch.Tensor) -> torch.Tensor:
        nonlocal embedded
        if embedded is None:
            embedded = embed(images[:1])
        return embedded.expand(len(images), -1, -1, -1)

    layers.forward = once
    try:
        yield
    finally:
        del layers.forward


def _finish(picture: torch.Tensor, control: UVMaps, size: int) -> Bytes:
    """Values (1, 3, H, W) in [0, 1] to bytes of the wanted size, the chart's colours carried beyond its edge."""
    mask = torch.from_numpy(control.mask)
    if picture.shape[-2:] != mask.shape:  # whole texels of the chart
        mask = torch.nn.functional.interpolate(mask[None, None].float(), picture.shape[-2:], mode="area")[0, 0] > 0.999
    inside = dilate(picture[0].permute(1, 2, 0).float().cpu().numpy(), mask.numpy(), float("inf"))
    image = torch.from_numpy(inside).permute(2, 0, 1)[None]
    if image.shape[-2:] != (size, size):
        image = torch.nn.functional.interpolate(image, (size, size), mode="bicubic", antialias=True)
    return image[0].permute(1, 2, 0).mul(255).round().clamp(0, 255).byte().numpy()


def _check_finite(values: torch.Tensor, painter: Painter) -> None:
    if not bool(torch.isfinite(values).all()):
        raise ModelError(f"The texture model {painter.card.name!r} computed numbers that are not finite.", RESTORE)
