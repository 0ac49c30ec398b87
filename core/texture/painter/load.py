"""Opening a painter: a diffusers pipeline with a ControlNet, from a folder on this machine, never from a network."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch

from ...compat import prepare_torchvision
from ...errors import ModelError
from ...foreign_files import LARGEST_JSON, check_regular_file, read_json
from ...model_schema import PAINTER_SETTINGS
from ...models import check_text_files, open_model_folder
from ...schema import shown
from ...text import TextModel, encode_tokens
from ...types import ModelCard
from .official import SETTINGS as OFFICIAL
from .official import hint_size
from .paint import RESTORE, Painter
from .stable_diffusion import check_parts, open_inpainter, open_large, read_recipe

#: Entries of a model.json -> the fields of Painter that they fill, where the two have other names.
_FIELDS = {"prompt": "prompt_template", "control": "encoding"}


def load_painter(folder: Path, text: TextModel | None) -> Painter:
    """Load a painter, on CUDA or Metal where there is one. Safetensors only, and no network.

    folder: holds a StableDiffusionControlNetPipeline as diffusers saves it, or a model.json that names a base model and
        a ControlNet (see stable_diffusion.py). The config of a model.json may say how the painter is best run.
    text: makes the prompt embeddings where the pipeline has no text encoder of its own; None: it must have one.
    Raises ModelError when anything is missing, damaged, of another kind or not finite.
    """
    card, config = _read_description(folder)
    settings = _painter_settings(folder, config)
    if "base" in config:
        return _load_large(folder, card, config, settings)
    index = _read_index(folder)
    try:
        pipeline = _load_pipeline(folder, index)
    except Exception as error:  # diffusers raises whatever its readers of JSON, safetensors and state dicts raise
        raise ModelError(
            f"The texture model in {folder} cannot be loaded ({type(error).__name__}: {error}).", RESTORE
        ) from error
    _check_finite(folder, pipeline)
    embed = None if pipeline.text_encoder is not None else _embed_with(text, folder, pipeline.unet)
    return Painter(card, _native_size(pipeline), pipeline, embed, **settings)


def _load_large(folder: Path, card: ModelCard, config: dict[str, Any], settings: dict[str, Any]) -> Painter:
    """A painter put together from the base model and the ControlNet that its model.json names."""
    recipe = read_recipe(folder, config)
    prepare_torchvision()
    with _without_messages():
        pipeline = open_large(recipe, _device())
        inpainter = open_inpainter(recipe, pipeline, _device()) if config.get("procedure") == "official" else None
    for each in filter(None, (pipeline, inpainter)):
        _check_finite(folder, each)
        each.set_progress_bar_config(disable=True)
    side = _picture_size(folder, recipe.size, pipeline)
    size = side if inpainter is None else hint_size(side)
    return Painter(card, size, pipeline, None, **settings, inpainter=inpainter)


def _picture_size(folder: Path, size: object, pipeline: Any) -> int:
    """The side, pixels, of what is painted: model.json's `size`, or where it says none, the base model's own.

    Raises ModelError for a size that the pipeline cannot halve as often as its autoencoder and its UNet do.
    """
    if size is None:
        return _native_size(pipeline)
    step = pipeline.vae_scale_factor * 2 ** (len(pipeline.unet.config.block_out_channels) - 1)
    if not isinstance(size, int) or size <= 0 or size % step:
        raise ModelError(
            f"{folder / 'model.json'} says {size!r} for the size.",
            f"Write pixels in steps of {step}, such as {_native_size(pipeline)}.",
        )
    return size


def _native_size(pipeline: Any) -> int:
    """The side, pixels, of the pictures that the base model was trained on."""
    return int(pipeline.unet.config.sample_size * pipeline.vae_scale_factor)


def _check_finite(folder: Path, pipeline: Any) -> None:
    """Raise ModelError unless all weights of the pipeline's parts are finite numbers."""
    parts = {name: part for name, part in pipeline.components.items() if isinstance(part, torch.nn.Module)}
    for name, part in parts.items():
        if not all(bool(torch.isfinite(p).all()) for p in part.parameters()):
            raise ModelError(f"The texture model in {folder} holds numbers that are not finite, in {name}.", RESTORE)


def _read_description(folder: Path) -> tuple[ModelCard, dict[str, Any]]:
    """The card and config of model.json; a plain diffusers folder has no such file and runs with defaults."""
    if not (folder / "model.json").is_file() and (folder / "model_index.json").is_file():
        return ModelCard("texture", folder.name, "as its publisher states", str(folder)), {}
    model = open_model_folder(folder, "texture")
    return model.card, model.config


def _painter_settings(folder: Path, config: dict[str, Any]) -> dict[str, Any]:
    """The fields of Painter that a config sets; what it leaves open, the official procedure sets in its own way.

    Raises ModelError for a UV layout that is missing or no layout.
    """
    settings: dict[str, Any] = {name: config[name] for name in PAINTER_SETTINGS if name in config}
    if settings.pop("procedure", None) == "official":
        settings = OFFICIAL | settings
    layout = settings.pop("layout", "embedded")
    if layout != "embedded":
        path = folder / Path(layout).expanduser()
        if not path.is_file():
            raise ModelError(
                f"There is no UV layout {path}, in which the texture model paints.",
                "Copy it from the model's release, or write another name, or 'embedded' for our own, as 'layout'.",
            )
        _check_layout(path)
        settings["layout"] = path
    return {_FIELDS.get(name, name): value for name, value in settings.items()}


def _check_layout(path: Path) -> None:
    """Raise ModelError for a UV layout that is too large or nested too deep to be one."""
    try:
        if path.suffix.lower() == ".json":
            read_json(path)
        else:
            check_regular_file(path, LARGEST_JSON)
    except (OSError, ValueError) as error:
        raise ModelError(f"{path} is not a UV layout ({error}).", RESTORE) from error


def _read_index(folder: Path) -> dict[str, Any]:
    """What model_index.json says: for each part of the pipeline the library and class that it is of."""
    path = folder / "model_index.json"
    try:
        index = read_json(path)
        name = dict(index).get("_class_name")
    except (OSError, ValueError, TypeError) as error:
        raise ModelError(f"{path} cannot be read ({error}).", RESTORE) from error
    if name != "StableDiffusionControlNetPipeline":
        raise ModelError(
            f"{folder} holds a {shown(name)} where a 'StableDiffusionControlNetPipeline' is needed.",
            "Choose the folder of a diffusers pipeline with a ControlNet.",
        )
    check_parts(path, index)
    check_text_files(folder)
    return dict(index)


def _load_pipeline(folder: Path, index: dict[str, Any]) -> Any:
    """The StableDiffusionControlNetPipeline in a folder, on the device; index: its model_index.json."""
    prepare_torchvision()
    import diffusers
    from diffusers import StableDiffusionControlNetPipeline

    from .autoencoder import PatchAutoencoder

    options: dict[str, Any] = {
        "dtype": torch.float32,
        "use_safetensors": True,
        "low_cpu_mem_usage": False,
        "local_files_only": True,
    }
    # Parts that the folder does not hold (null in its index) must be passed to diffusers as None.
    parts: dict[str, Any] = {name: None for name, entry in index.items() if entry == [None, None]}
    parts |= {"safety_checker": None, "requires_safety_checker": False}
    with _without_messages():
        if index["vae"][1] == PatchAutoencoder.__name__:
            # diffusers would look for the module that the index names; its name depends on where this package lives.
            parts |= {"feature_extractor": None, "vae": PatchAutoencoder.from_pretrained(folder / "vae", **options)}
            for name in ("unet", "controlnet", "scheduler"):
                kind = getattr(diffusers, index[name][1])
                parts[name] = kind.from_pretrained(folder / name, **({} if name == "scheduler" else options))
            pipeline = StableDiffusionControlNetPipeline(**parts)
        else:
            pipeline = StableDiffusionControlNetPipeline.from_pretrained(
                folder, **parts, **options, trust_remote_code=False
            )
    pipeline.set_progress_bar_config(disable=True)
    return pipeline.to(_device())


@contextmanager
def _without_messages() -> Iterator[None]:
    """Without the warnings and loading bars of diffusers and transformers: the artist sees this program's progress."""
    from diffusers.utils import logging as diffusers_log
    from transformers.utils import logging as transformers_log

    logs = (diffusers_log, transformers_log)
    saved = [(log, log.get_verbosity(), log.is_progress_bar_enabled()) for log in logs]
    for log in logs:
        log.set_verbosity_error()
        log.disable_progress_bar()
    try:
        yield
    finally:
        for log, verbosity, had_bars in saved:
            log.set_verbosity(verbosity)
            if had_bars:
                log.enable_progress_bar()


def _device() -> str:
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _embed_with(text: TextModel | None, folder: Path, unet: Any) -> Callable[[str], torch.Tensor]:
    """What makes prompt embeddings (1, T, C) of words with a text model; ModelError unless the UNet reads such C."""
    if text is None:
        raise ModelError(
            f"The texture model in {folder} has no text encoder of its own and no text model was given.",
            "Give it the text model that it was trained with.",
        )
    model = text

    @lru_cache(8)  # of a head's words all are read twice, and those that it must never show come with every head
    def embed(prompt: str) -> torch.Tensor:
        return torch.from_numpy(encode_tokens(model, [prompt])).to(unet.device)

    width = embed("a face").shape[-1]
    if width != unet.config.cross_attention_dim:
        raise ModelError(
            f"The texture model in {folder} reads words of {unet.config.cross_attention_dim} numbers each, the text "
            f"model {model.card.name!r} gives {width}.",
            "Use the text model that it was trained with.",
        )
    return embed
