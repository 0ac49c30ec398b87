"""Stable Diffusion 1.5, 2.1 and what is compatible with them, under a ControlNet_uv, as a model.json describes them.

Each part is a folder in diffusers' layout or one .safetensors file (checkpoint.py). Pickles (.ckpt, .bin, .pt) are
refused by name: opening one can run code.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import torch

from ...errors import ModelError
from ...foreign_files import read_json
from ...models import check_text_files
from ...schema import shown
from .checkpoint import REPAIR, base_from_file, empty, filled, read_tensors, text_widths
from .lora import merge_lora

#: The name an artist gives a scheduler -> its class in diffusers, and what differs from the base model's settings.
SCHEDULERS: dict[str, tuple[str, dict[str, Any]]] = {
    "unipc": ("UniPCMultistepScheduler", {}),
    "dpm++": ("DPMSolverMultistepScheduler", {"use_karras_sigmas": True}),
    "ddim": ("DDIMScheduler", {}),
    "ddim trailing": ("DDIMScheduler", {"timestep_spacing": "trailing"}),
    "euler": ("EulerDiscreteScheduler", {}),
    "euler trailing": ("EulerDiscreteScheduler", {"timestep_spacing": "trailing"}),
    "euler a": ("EulerAncestralDiscreteScheduler", {}),
    "lcm": ("LCMScheduler", {}),
    "tcd": ("TCDScheduler", {}),
}
#: The scheduler that the paper paints with: for single files, which name none.
DEFAULT_SCHEDULER = "unipc"
#: Memory of a graphics card, bytes (7 GB), below which attention is computed in slices: chosen so that the usual cards
#: of 6 GB and less are spared.
SMALL_CARD = 7 * 2**30
#: Endings of files that are pickles.
_PICKLES = {".ckpt", ".bin", ".pt", ".pth", ".pkl", ".pickle"}
#: Where the classes of a pipeline's parts may come from; "stable_diffusion" is a module of diffusers.
_LIBRARIES = ("diffusers", "transformers", "stable_diffusion")
#: Our own autoencoder's class, which is taken from this package, whichever module is named beside it.
_OWN_VAE = "PatchAutoencoder"
#: The remedy for a pickle.
_CONVERT = (
    "Choose the .safetensors file of the same model; most publishers offer both, and programs for Stable Diffusion "
    "convert one to the other."
)


@dataclass(frozen=True)
class LoraFile:
    """A LoRA file, and the factor of what it adds to the weights: 1 as it was trained."""

    file: Path
    strength: float = 1.0


@dataclass(frozen=True)
class Recipe:
    """How a large model is put together, as a model.json's config says it; paths are absolute.

    base, controlnet: folder or .safetensors file.
    inpaint: a checkpoint for inpainting, for the official procedure; None: the base model inpaints.
    architecture: a .json like those in families/, for single files of other sizes.
    lora: merged into the base model, in this order.
    scheduler: a name of SCHEDULERS; None: the base model's own.
    prediction: what the base model was trained to predict, where it is not what it says (SD 2.1 at 768:
        "v_prediction").
    size: side of the picture, pixels, where it is not what the base model was trained at.
    precision: "float16" or "float32"; "auto" is float16 on CUDA.
    slicing: whether attention is computed in slices, which needs less memory and more time; "auto": on small graphics
        cards.
    """

    base: Path
    controlnet: Path
    inpaint: Path | None = None
    architecture: Path | None = None
    lora: tuple[LoraFile, ...] = ()
    scheduler: str | None = None
    prediction: str | None = None
    size: int | None = None
    precision: str = "auto"
    slicing: bool | str = "auto"


def read_recipe(folder: Path, config: dict[str, Any]) -> Recipe:
    """The recipe in a model.json.

    folder: of the model.json; relative paths count from here.
    config: its config, which fits LARGE_PAINTER of core/model_schema.py.
    Raises ModelError naming a path that is wrong.
    """
    entries = {f.name: config[f.name] for f in fields(Recipe) if f.name in config}
    for name in ("base", "controlnet", "inpaint", "architecture"):
        if entries.get(name) is not None:
            entries[name] = _resolve(folder, entries[name], name)
    entries["lora"] = tuple(_read_lora(folder, entry) for entry in _as_list(entries.get("lora", [])))
    return Recipe(**entries)


def open_large(recipe: Recipe, device: str) -> Any:
    """The recipe's base, ControlNet, LoRAs and scheduler as a StableDiffusionControlNetPipeline.

    recipe: of the model.
    device: "cuda", "mps" or "cpu".
    Raises ModelError where a file is not what it is named as.
    """
    from diffusers import StableDiffusionControlNetPipeline

    parts = open_base(recipe.base, recipe)
    parts["controlnet"] = open_controlnet(recipe.controlnet, parts["unet"])
    pipeline = StableDiffusionControlNetPipeline(
        **parts, safety_checker=None, feature_extractor=None, requires_safety_checker=False
    )
    for lora in recipe.lora:
        merge_lora(pipeline, lora.file, lora.strength)
    return _configured(pipeline, recipe, device)


def open_inpainter(recipe: Recipe, pipeline: Any, device: str) -> Any:
    """A StableDiffusionControlNetInpaintPipeline for the official procedure.

    recipe: its inpainting checkpoint is used, or, where it names none, the painter's own parts.
    pipeline: the painter's (`open_large`), whose ControlNet is used here too.
    device: "cuda", "mps" or "cpu".
    Raises ModelError where the checkpoint does not fit the ControlNet.
    """
    from diffusers import StableDiffusionControlNetInpaintPipeline

    parts = dict(pipeline.components)
    if recipe.inpaint is not None:
        parts |= open_base(recipe.inpaint, recipe)
    widths = (parts[name].config.cross_attention_dim for name in ("unet", "controlnet"))
    _check_text_width(recipe.controlnet, *widths)
    return _configured(StableDiffusionControlNetInpaintPipeline(**parts, requires_safety_checker=False), recipe, device)


def open_controlnet(path: Path, unet: Any) -> Any:
    """A ControlNet for a UNet.

    path: a folder, or a single file, whose layers are those of the UNet.
    unet: a UNet2DConditionModel.
    Raises ModelError where it is damaged or made for another base model.
    """
    from diffusers import ControlNetModel
    from diffusers.loaders.single_file_utils import convert_controlnet_checkpoint

    if path.is_dir():
        controlnet = _from_folder(ControlNetModel, path)
    else:
        tensors = read_tensors(path)
        for width in text_widths(tensors):
            _check_text_width(path, unet.config.cross_attention_dim, width)
        # A ControlNet always has four latent channels, also beside a UNet for inpainting.
        config = dict(
            ControlNetModel.from_unet(empty(type(unet), dict(unet.config)), load_weights_from_unet=False).config
        )
        controlnet = filled(ControlNetModel, config, convert_controlnet_checkpoint(dict(tensors), config), path)
    _check_text_width(path, unet.config.cross_attention_dim, controlnet.config.cross_attention_dim)
    return controlnet


def spares_memory(choice: bool | str, card_bytes: int | None) -> bool:
    """Whether attention is computed in slices.

    choice: Recipe.slicing.
    card_bytes: memory of the graphics card; None without one.
    """
    if isinstance(choice, bool):
        return choice
    return card_bytes is not None and card_bytes < SMALL_CARD


def open_base(path: Path, recipe: Recipe) -> dict[str, Any]:
    """unet, vae, text_encoder, tokenizer and scheduler of a base model, by name, in float32 on the CPU.

    path: folder of a Stable Diffusion pipeline as diffusers saves it, or a single .safetensors file.
    recipe: says what of architecture, prediction and scheduler differs from the file.
    Raises ModelError where it is damaged or of another kind.
    """
    parts = _base_from_folder(path) if path.is_dir() else base_from_file(path, recipe.architecture)
    overrides = {} if recipe.prediction is None else {"prediction_type": recipe.prediction}
    name = recipe.scheduler or (None if path.is_dir() else DEFAULT_SCHEDULER)
    parts["scheduler"] = _scheduler(name, parts["scheduler"], overrides)
    return parts


def _base_from_folder(path: Path) -> dict[str, Any]:
    """As `open_base`, of the folder of a Stable Diffusion pipeline that diffusers saved."""
    import diffusers
    from transformers import CLIPTextModel, CLIPTokenizer

    index = _read_index(path)
    parts: dict[str, Any] = {
        "unet": _from_folder(diffusers.UNet2DConditionModel, path / "unet"),
        "vae": _from_folder(diffusers.AutoencoderKL, path / "vae"),
        "text_encoder": _from_folder(CLIPTextModel, path / "text_encoder"),
    }
    try:
        parts["tokenizer"] = CLIPTokenizer.from_pretrained(
            path / "tokenizer", local_files_only=True, trust_remote_code=False
        )
        scheduler = getattr(diffusers, index["scheduler"][1])
        parts["scheduler"] = scheduler.from_pretrained(path / "scheduler", local_files_only=True)
    except Exception as error:  # whatever the libraries' readers of JSON find wrong
        raise _load_error(path, error) from error
    return parts


def _scheduler(name: str | None, base: Any, overrides: dict[str, Any]) -> Any:
    """The scheduler of that name, or of the kind of the base model's where it is None, with the base model's noise."""
    import diffusers

    if name is None:
        return type(base).from_config(base.config, **overrides)
    kind, settings = SCHEDULERS[name]
    return getattr(diffusers, kind).from_config(base.config, **settings, **overrides)


def _configured(pipeline: Any, recipe: Recipe, device: str) -> Any:
    """The pipeline on the device, in the recipe's precision, in slices where the recipe or a small card wants it."""
    half = recipe.precision == "float16" or (recipe.precision == "auto" and device == "cuda")
    pipeline.to(device, torch.float16 if half else torch.float32)
    card = torch.cuda.get_device_properties(0).total_memory if device == "cuda" else None
    if spares_memory(recipe.slicing, card):
        pipeline.enable_attention_slicing()
        pipeline.vae.enable_slicing()
    return pipeline


def _from_folder(kind: Any, path: Path) -> Any:
    """A part as diffusers or transformers save it; of several precisions the full one."""
    if not (path / "config.json").is_file():
        raise ModelError(f"There is no model in {path}: it has no config.json.", "Choose the model's own folder.")
    check_text_files(path)
    weights = sorted(path.glob("*.safetensors"))
    if not weights:
        pickles = sorted(p.name for p in path.iterdir() if p.suffix in _PICKLES)
        if pickles:
            raise _pickle_error(path / pickles[0])
        raise ModelError(f"There are no weights in {path}: no .safetensors file.", REPAIR)
    plain = [file for file in weights if ".fp16" not in file.name]
    options: dict[str, Any] = {"local_files_only": True, "use_safetensors": True, "low_cpu_mem_usage": False}
    if kind.__module__.startswith("transformers"):
        del options["low_cpu_mem_usage"]
    try:
        return kind.from_pretrained(path, variant=None if plain else "fp16", dtype=torch.float32, **options).eval()
    except Exception as error:  # whatever the libraries' readers of JSON, safetensors and state dicts raise
        raise _load_error(path, error) from error


def _check_text_width(path: Path, unet: int, controlnet: int) -> None:
    """Raise ModelError unless a UNet and the ControlNet in `path` read words of as many numbers each."""
    if unet != controlnet:
        families = {768: "Stable Diffusion 1", 1024: "Stable Diffusion 2", 2048: "Stable Diffusion XL"}
        own, base = (families.get(width, f"models that read words of {width} numbers") for width in (controlnet, unet))
        raise ModelError(
            f"{path} does not fit: the ControlNet is made for {own}, the other model is of {base}.",
            "Choose a ControlNet_uv that was trained on the same base model.",
        )


def _read_index(path: Path) -> dict[str, Any]:
    """The model_index.json of a folder: for each part of the pipeline its library and class.

    Raises ModelError unless it is a Stable Diffusion of one text encoder, all of whose parts are safe to open.
    """
    try:
        index = dict(read_json(path / "model_index.json"))
    except (OSError, ValueError, TypeError) as error:
        raise ModelError(
            f"There is no pipeline in {path}: its model_index.json cannot be read ({error}).",
            "Choose the folder that holds unet, vae, text_encoder and tokenizer, or a single .safetensors file.",
        ) from error
    if not str(index.get("_class_name", "")).startswith("StableDiffusion") or "text_encoder_2" in index:
        raise ModelError(
            f"{path} holds a {shown(index.get('_class_name'))}.", "Choose a model of Stable Diffusion 1.5 or 2.1."
        )
    check_parts(path / "model_index.json", index)
    check_text_files(path)
    return index


def check_parts(path: Path, index: dict[str, Any]) -> None:
    """Raise ModelError unless the parts that a model_index.json names are classes of diffusers or transformers: of any
    other library diffusers would import the module, whatever it does.

    path: of the file, for messages.
    index: its content.
    """
    for part, entry in index.items():
        if part.startswith("_") or not isinstance(entry, list):
            continue
        fits = len(entry) == 2 and (
            entry == [None, None]
            or (entry[0] in _LIBRARIES and isinstance(entry[1], str))
            or (part == "vae" and entry[1] == _OWN_VAE)
        )
        if not fits:
            raise ModelError(
                f"{path} says {shown(entry)} for {part!r}, which is no class of diffusers or transformers.",
                "Choose a model that needs no code of its own: nothing in a model's folder is ever run here.",
            )


def _resolve(folder: Path, location: str, name: str) -> Path:
    """The entry `name` of a model.json as a path that is there and can be opened safely; ModelError otherwise."""
    path = folder / Path(location).expanduser()
    if path.suffix.lower() in _PICKLES:
        raise _pickle_error(path)
    if not (path.is_file() or path.is_dir()):
        raise ModelError(
            f"There is no {path}, which {folder / 'model.json'} names as {name!r}.",
            "Correct the name (it counts from model.json's folder), or put the file there.",
        )
    if path.is_file() and path.suffix.lower() not in (".safetensors", ".json", ".obj"):
        raise ModelError(f"{path} is no .safetensors file.", _CONVERT)
    return path


def _read_lora(folder: Path, entry: str | dict[str, Any]) -> LoraFile:
    """An entry of model.json for a LoRA: a file's name, or {"file": ..., "strength": ...}."""
    if isinstance(entry, dict):
        strength = entry.get("strength")
        return LoraFile(_resolve(folder, entry["file"], "lora"), 1.0 if strength is None else float(strength))
    return LoraFile(_resolve(folder, entry, "lora"))


def _as_list(entry: Any) -> list[Any]:
    return entry if isinstance(entry, list) else [entry]


def _pickle_error(path: Path) -> ModelError:
    return ModelError(f"{path} is a pickle, which can run code when it is opened, and is not opened here.", _CONVERT)


def _load_error(path: Path, error: Exception) -> ModelError:
    return ModelError(f"{path} cannot be loaded ({type(error).__name__}: {error}).", REPAIR)
