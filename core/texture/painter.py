"""ControlNet_uv: a diffusers pipeline paints the albedo over the control image (CLIP-Head, section 2.3)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ..compat import prepare_torchvision
from ..errors import Cancelled, ModelError
from ..models import open_model_folder
from ..text import TextModel, encode_tokens
from ..types import Bytes, ModelCard, Progress, UVMaps, no_progress
from ..uv.raster import dilate

_RESTORE = "Restore the folder from the release it came from, or choose another texture model."


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


def load_painter(folder: Path, text: TextModel | None) -> Painter:
    """Load a folder that holds a StableDiffusionControlNetPipeline as diffusers saves it, safetensors only.

    A model.json in it is checked, and its config may say how it is best run. Where the pipeline
    has no text encoder, `text` makes the prompt embeddings. Runs on CUDA or Metal where there is one.

    Raises ModelError when anything is missing, damaged, of another kind or not finite.
    """
    card, config = _describe(folder)
    index = _read_json(folder / "model_index.json")
    if index.get("_class_name") != "StableDiffusionControlNetPipeline":
        raise ModelError(
            f"{folder} holds a {index.get('_class_name')!r} where a 'StableDiffusionControlNetPipeline' is needed.",
            "Choose the folder of a diffusers pipeline with a ControlNet.",
        )
    try:
        pipeline = _load_pipeline(folder, index)
    except Exception as error:  # diffusers raises whatever its readers of JSON, safetensors and state dicts raise
        raise ModelError(
            f"The texture model in {folder} cannot be loaded ({type(error).__name__}: {error}).", _RESTORE
        ) from error
    parts = {name: part for name, part in pipeline.components.items() if isinstance(part, torch.nn.Module)}
    for name, part in parts.items():
        if not all(bool(torch.isfinite(p).all()) for p in part.parameters()):
            raise ModelError(f"The texture model in {folder} holds numbers that are not finite, in {name}.", _RESTORE)
    embed = None if pipeline.text_encoder is not None else _embed_with(text, folder, pipeline.unet)
    size = pipeline.unet.config.sample_size * pipeline.vae_scale_factor
    return Painter(card, size, pipeline, embed, **config)


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


def _describe(folder: Path) -> tuple[ModelCard, dict[str, Any]]:
    """The card and the settings of model.json; a plain diffusers folder has no such file and runs with defaults."""
    if not (folder / "model.json").is_file() and (folder / "model_index.json").is_file():
        return ModelCard("texture", folder.name, "as its publisher states", str(folder)), {}
    opened = open_model_folder(folder, "texture")
    known = ("steps", "guidance", "control_scale", "temperature")
    return opened.card, {name: opened.config[name] for name in known if name in opened.config}


def _read_json(path: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise ModelError(f"{path} cannot be read ({error}).", _RESTORE) from error


def _load_pipeline(folder: Path, index: dict[str, Any]) -> Any:
    prepare_torchvision()
    import diffusers
    from diffusers import StableDiffusionControlNetPipeline
    from diffusers.utils import logging

    from .autoencoder import PatchAutoencoder

    options: dict[str, Any] = {
        "dtype": torch.float32,
        "use_safetensors": True,
        "low_cpu_mem_usage": False,
        "local_files_only": True,
    }
    # What the folder has not (null in its index), diffusers wants to be told.
    given: dict[str, Any] = {name: None for name, entry in index.items() if entry == [None, None]}
    given |= {"safety_checker": None, "requires_safety_checker": False}
    with _quiet(logging):
        if index["vae"][1] == PatchAutoencoder.__name__:
            # diffusers would look for the module that the index names; its name depends on where this package lives.
            given |= {"feature_extractor": None, "vae": PatchAutoencoder.from_pretrained(folder / "vae", **options)}
            for name in ("unet", "controlnet", "scheduler"):
                kind = getattr(diffusers, index[name][1])
                given[name] = kind.from_pretrained(folder / name, **({} if name == "scheduler" else options))
            pipeline = StableDiffusionControlNetPipeline(**given)
        else:
            pipeline = StableDiffusionControlNetPipeline.from_pretrained(folder, **given, **options)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline.to(_device())


@contextmanager
def _quiet(logging: Any) -> Iterator[None]:
    """diffusers tells of defaults and of loading bars; the artist has bars of our own."""
    level, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()


def _device() -> str:
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _embed_with(text: TextModel | None, folder: Path, unet: Any) -> Callable[[str], torch.Tensor]:
    if text is None:
        raise ModelError(
            f"The texture model in {folder} has no text encoder of its own and no text model was given.",
            "Give it the text model that it was trained with.",
        )
    model = text

    def embed(words: str) -> torch.Tensor:
        return torch.from_numpy(encode_tokens(model, [words])).to(unet.device)

    width = embed("a face").shape[-1]
    if width != unet.config.cross_attention_dim:
        raise ModelError(
            f"The texture model in {folder} reads words of {unet.config.cross_attention_dim} numbers each, the text "
            f"model {model.card.name!r} gives {width}.",
            "Use the text model that it was trained with.",
        )
    return embed


def _check_finite(values: torch.Tensor, painter: Painter) -> None:
    if not bool(torch.isfinite(values).all()):
        raise ModelError(f"The texture model {painter.card.name!r} computed numbers that are not finite.", _RESTORE)
