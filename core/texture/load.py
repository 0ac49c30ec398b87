"""Opening a painter: a diffusers pipeline with a ControlNet, from a folder on this machine, never from a network."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch

from ..compat import prepare_torchvision
from ..errors import ModelError
from ..models import open_model_folder
from ..text import TextModel, encode_tokens
from ..types import ModelCard
from .painter import RESTORE, Painter


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
            f"The texture model in {folder} cannot be loaded ({type(error).__name__}: {error}).", RESTORE
        ) from error
    parts = {name: part for name, part in pipeline.components.items() if isinstance(part, torch.nn.Module)}
    for name, part in parts.items():
        if not all(bool(torch.isfinite(p).all()) for p in part.parameters()):
            raise ModelError(f"The texture model in {folder} holds numbers that are not finite, in {name}.", RESTORE)
    embed = None if pipeline.text_encoder is not None else _embed_with(text, folder, pipeline.unet)
    size = pipeline.unet.config.sample_size * pipeline.vae_scale_factor
    return Painter(card, size, pipeline, embed, **config)


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
        raise ModelError(f"{path} cannot be read ({error}).", RESTORE) from error


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
