"""Stable Diffusion 1.5, 2.1 and what is compatible with them, under a ControlNet_uv, as a model.json describes them.

Each part is a folder in diffusers' layout or one .safetensors file, as checkpoints are mostly shared. A single file
holds tensors alone: what it leaves out (layers, tokenizer, noise) comes from families/, so that nothing is asked of a
network. Pickles (.ckpt, .bin, .pt) are refused by name: opening one can run code.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from ...errors import ModelError
from ...foreign_files import read_json
from ...models import check_text_files
from ...schema import shown
from .lora import merge_lora

FAMILIES = Path(__file__).parent / "families"
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
#: What the paper paints with, for single files, which say nothing of it.
USUAL_SCHEDULER = "unipc"
#: A graphics card with less memory than this computes attention in slices, in bytes.
SMALL_CARD = 7 * 2**30
_PICKLES = {".ckpt", ".bin", ".pt", ".pth", ".pkl", ".pickle"}
#: Where the classes of a pipeline's parts may come from; "stable_diffusion" is a module of diffusers.
_LIBRARIES = ("diffusers", "transformers", "stable_diffusion")
#: Our own autoencoder's class, which is taken from this package, whichever module is named beside it.
_OWN_VAE = "PatchAutoencoder"
_CONVERT = (
    "Choose the .safetensors file of the same model; most publishers offer both, and programs for Stable Diffusion "
    "convert one to the other."
)
_REPAIR = "Fetch it again from its publisher."


@dataclass(frozen=True)
class LoraFile:
    """One LoRA and how strongly it speaks: 1 as it was trained."""

    file: Path
    strength: float = 1.0


@dataclass(frozen=True)
class Recipe:
    """What a model.json's config says of how a large model is put together; paths as they are on this machine.

    base, controlnet: folder or .safetensors file. inpaint: a checkpoint for inpainting, for the official procedure.
    architecture: a .json like those in families/, for single files of other sizes. prediction: what the base model
    was trained to predict, where it is not what it says (SD 2.1 at 768: "v_prediction"). size: pixels, where it is not
    what the base was trained at. precision: "auto" is float16 on CUDA. slicing: attention in slices; "auto" on small
    graphics cards.
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


@dataclass(frozen=True)
class Family:
    """The layers of all checkpoints of a family, in diffusers' and transformers' words. pad: the tokenizer's filler."""

    name: str
    pad: str
    unet: dict[str, Any]
    vae: dict[str, Any]
    text_encoder: dict[str, Any]
    noise: dict[str, Any]


def read_recipe(folder: Path, config: dict[str, Any]) -> Recipe:
    """The recipe in a model.json's config; its paths count from the folder.

    config: fits LARGE_PAINTER of core/model_schema.py. Raises ModelError naming a path that is wrong.
    """
    entries = {f.name: config[f.name] for f in fields(Recipe) if f.name in config}
    for name in ("base", "controlnet", "inpaint", "architecture"):
        if entries.get(name) is not None:
            entries[name] = _path(folder, entries[name], name)
    entries["lora"] = tuple(_lora(folder, entry) for entry in _listed(entries.get("lora", [])))
    return Recipe(**entries)


def open_large(recipe: Recipe, device: str) -> Any:
    """The recipe's base, ControlNet, LoRAs and scheduler as a StableDiffusionControlNetPipeline, on the device.

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
    return _settled(pipeline, recipe, device)


def open_inpainter(recipe: Recipe, pipeline: Any, device: str) -> Any:
    """A StableDiffusionControlNetInpaintPipeline with the same ControlNet and the recipe's inpainting checkpoint, or,
    where it names none, with the painter's own parts."""
    from diffusers import StableDiffusionControlNetInpaintPipeline

    parts = dict(pipeline.components)
    if recipe.inpaint is not None:
        parts |= open_base(recipe.inpaint, recipe)
    ours, theirs = (parts[name].config.cross_attention_dim for name in ("unet", "controlnet"))
    _check_words_fit(recipe.controlnet, ours, theirs)
    return _settled(StableDiffusionControlNetInpaintPipeline(**parts, requires_safety_checker=False), recipe, device)


def open_controlnet(path: Path, unet: Any) -> Any:
    """A ControlNet for this UNet, from a folder or a single file; its own layers are the UNet's in the latter."""
    from diffusers import ControlNetModel
    from diffusers.loaders.single_file_utils import convert_controlnet_checkpoint

    if path.is_dir():
        found = _from_folder(ControlNetModel, path)
    else:
        tensors = _read_file(path)
        for width in _word_widths(tensors):
            _check_words_fit(path, unet.config.cross_attention_dim, width)
        # A ControlNet always has four latent channels, also beside a UNet for inpainting.
        config = dict(
            ControlNetModel.from_unet(_empty(type(unet), dict(unet.config)), load_weights_from_unet=False).config
        )
        found = _filled(ControlNetModel, config, convert_controlnet_checkpoint(dict(tensors), config), path)
    _check_words_fit(path, unet.config.cross_attention_dim, found.config.cross_attention_dim)
    return found


def spares_memory(choice: bool | str, card_bytes: int | None) -> bool:
    """Whether attention is computed in slices. card_bytes: the graphics card's memory, None without one."""
    if isinstance(choice, bool):
        return choice
    return card_bytes is not None and card_bytes < SMALL_CARD


def load_family(file: Path) -> Family:
    """A family's description. Raises ModelError where the file is none."""
    try:
        return Family(**read_json(file))
    except (OSError, ValueError, TypeError) as error:
        raise ModelError(
            f"{file} does not describe a family of models ({error}).", "Look at families/sd1.json."
        ) from error


def open_base(path: Path, recipe: Recipe) -> dict[str, Any]:
    """unet, vae, text_encoder, tokenizer and scheduler of a folder or a single file, in float32 on the CPU."""
    parts = _base_from_folder(path) if path.is_dir() else _base_from_file(path, recipe.architecture)
    changes = {} if recipe.prediction is None else {"prediction_type": recipe.prediction}
    name = recipe.scheduler or (None if path.is_dir() else USUAL_SCHEDULER)
    parts["scheduler"] = _scheduler(name, parts["scheduler"], changes)
    return parts


def _base_from_folder(path: Path) -> dict[str, Any]:
    """unet, vae, text_encoder, tokenizer, scheduler of any Stable Diffusion pipeline that diffusers saved."""
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
        raise _unusable(path, error) from error
    return parts


def _base_from_file(path: Path, architecture: Path | None) -> dict[str, Any]:
    from diffusers import AutoencoderKL, DDIMScheduler, UNet2DConditionModel
    from diffusers.loaders import single_file_utils as convert

    tensors = _read_file(path)
    family = load_family(architecture or FAMILIES / f"{_recognise(path, tensors)}.json")
    first = tensors.get("model.diffusion_model.input_blocks.0.0.weight")
    unet = family.unet | ({} if first is None else {"in_channels": first.shape[1]})
    return {
        "unet": _filled(UNet2DConditionModel, unet, convert.convert_ldm_unet_checkpoint(tensors, unet), path),
        "vae": _filled(AutoencoderKL, family.vae, convert.convert_ldm_vae_checkpoint(tensors, family.vae), path),
        "text_encoder": _text_encoder(family, tensors, path),
        "tokenizer": clip_tokenizer(family.pad, family.text_encoder["max_position_embeddings"]),
        "scheduler": DDIMScheduler(**family.noise),
    }


def _text_encoder(family: Family, tensors: dict[str, Tensor], path: Path) -> Any:
    from diffusers.loaders import single_file_utils as convert
    from transformers import CLIPTextConfig, CLIPTextModel

    encoder = CLIPTextModel(CLIPTextConfig(**family.text_encoder))
    old = any(key.startswith("cond_stage_model.transformer.") for key in tensors)
    found = (
        convert.convert_ldm_clip_checkpoint(tensors) if old else convert.convert_open_clip_checkpoint(encoder, tensors)
    )
    return _fill(encoder, {key.removeprefix("text_model."): tensor for key, tensor in found.items()}, path)


def clip_tokenizer(pad: str, length: int) -> Any:
    """CLIP's tokenizer, which all families read words with, from the vocabulary that open_clip brings along."""
    from open_clip.tokenizer import bytes_to_unicode, default_bpe
    from transformers import CLIPTokenizer

    with gzip.open(default_bpe(), "rt", encoding="utf-8") as file:
        lines = file.read().split("\n")
    # The vocabulary: 256 bytes, the same at a word's end, the merges, two marks.
    merges = [tuple(line.split()) for line in lines[1 : 49408 - 2 * 256 - 2 + 1]]
    letters = list(bytes_to_unicode().values())
    words = [*letters, *(f"{letter}</w>" for letter in letters), *("".join(pair) for pair in merges)]
    words += ["<|startoftext|>", "<|endoftext|>"]
    vocabulary = {word: number for number, word in enumerate(words)}
    return CLIPTokenizer(vocab=vocabulary, merges=merges, pad_token=pad, model_max_length=length)


def _scheduler(name: str | None, given: Any, changes: dict[str, Any]) -> Any:
    """The scheduler of that name (None: the one given), with the base model's noise."""
    import diffusers

    kind, own = (type(given), {}) if name is None else (getattr(diffusers, SCHEDULERS[name][0]), SCHEDULERS[name][1])
    return kind.from_config(given.config, **own, **changes)


def _settled(pipeline: Any, recipe: Recipe, device: str) -> Any:
    """On the device, in its precision, sparing its memory."""
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
            raise _pickled(path / pickles[0])
        raise ModelError(f"There are no weights in {path}: no .safetensors file.", _REPAIR)
    plain = [file for file in weights if ".fp16" not in file.name]
    options: dict[str, Any] = {"local_files_only": True, "use_safetensors": True, "low_cpu_mem_usage": False}
    if kind.__module__.startswith("transformers"):
        del options["low_cpu_mem_usage"]
    try:
        return kind.from_pretrained(path, variant=None if plain else "fp16", dtype=torch.float32, **options).eval()
    except Exception as error:  # whatever the libraries' readers of JSON, safetensors and state dicts raise
        raise _unusable(path, error) from error


def _read_file(path: Path) -> dict[str, Tensor]:
    """The tensors of a .safetensors file, in float32, mapped into memory as far as they are that already."""
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        tensors = load_file(path)
    except (OSError, SafetensorError) as error:
        raise ModelError(f"{path} is damaged, or no .safetensors file ({error}).", _REPAIR) from error
    # The averages that some checkpoints keep beside the weights only take room.
    kept = {key: tensor for key, tensor in tensors.items() if not key.startswith("model_ema.")}
    return {key: t.float() if t.is_floating_point() else t for key, t in kept.items()}


def _recognise(path: Path, tensors: dict[str, Tensor]) -> str:
    """The family of a checkpoint by what its UNet reads words with: "sd1" or "sd2"."""
    if any(key.startswith("conditioner.embedders.") for key in tensors):
        kind = "a checkpoint of Stable Diffusion XL"
    elif any(".joint_blocks." in key or ".double_blocks." in key for key in tensors):
        kind = "a checkpoint of Stable Diffusion 3, Flux or a relative"
    elif any("lora" in key for key in tensors):
        kind = "a LoRA, which is named under 'lora', beside a base model"
    elif any(key.startswith(("control_model.", "controlnet_", "input_hint_block.")) for key in tensors):
        kind = "a ControlNet, which is named under 'controlnet', beside a base model"
    else:
        widths = _word_widths(tensors, "model.diffusion_model.")
        if widths in ({768}, {1024}):
            return "sd1" if widths == {768} else "sd2"
        kind = "none of Stable Diffusion 1 or 2"
    raise ModelError(
        f"{path} is no base model that can be used here: it is {kind}.",
        "Choose a checkpoint of Stable Diffusion 1.5 or 2.1, or of a model that was trained from one of them.",
    )


def _word_widths(tensors: dict[str, Tensor], prefix: str = "") -> set[int]:
    """How many numbers each word has that the layers of a UNet or ControlNet read."""
    reading = (key for key in tensors if key.startswith(prefix) and key.endswith("attn2.to_k.weight"))
    return {tensors[key].shape[-1] for key in reading}


def _empty(kind: Any, config: dict[str, Any]) -> Any:
    """A model without numbers: no time is spent on drawing what a file replaces."""
    with torch.device("meta"):
        return kind.from_config(config)


def _filled(kind: Any, config: dict[str, Any], tensors: dict[str, Tensor], path: Path) -> Any:
    return _fill(_empty(kind, config), tensors, path)


def _fill(model: nn.Module, tensors: dict[str, Tensor], path: Path) -> Any:
    """Give the model its tensors; each must be there, whatever else the file holds (averages, counters) is left."""
    wanted = model.state_dict()
    found = {key: tensors.get(key) for key in wanted}
    lacking = [key for key, tensor in found.items() if tensor is None or tensor.shape != wanted[key].shape]
    if lacking:
        raise ModelError(
            f"{path} is no whole {type(model).__name__} of its family: {len(lacking)} of {len(wanted)} layers are "
            f"missing or of another size, such as {lacking[0]!r}.",
            "Choose a full checkpoint (not only a UNet or a LoRA), or describe its layers under 'architecture'.",
        )
    model.load_state_dict(found, assign=True)
    return model.eval()


def _check_words_fit(path: Path, ours: int, theirs: int) -> None:
    """Raise ModelError unless a UNet and the ControlNet in `path` read words of as many numbers."""
    if ours != theirs:
        families = {768: "Stable Diffusion 1", 1024: "Stable Diffusion 2", 2048: "Stable Diffusion XL"}
        made, base = (families.get(width, f"models that read words of {width} numbers") for width in (theirs, ours))
        raise ModelError(
            f"{path} does not fit: the ControlNet is made for {made}, the other model is of {base}.",
            "Choose a ControlNet_uv that was trained on the same base model.",
        )


def _read_index(path: Path) -> dict[str, Any]:
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
    other library diffusers would import the module, whatever it does."""
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


def _path(folder: Path, named: str, name: str) -> Path:
    """An entry of model.json as a path that is there and can be opened safely."""
    path = folder / Path(named).expanduser()
    if path.suffix.lower() in _PICKLES:
        raise _pickled(path)
    if not (path.is_file() or path.is_dir()):
        raise ModelError(
            f"There is no {path}, which {folder / 'model.json'} names as {name!r}.",
            "Correct the name (it counts from model.json's folder), or put the file there.",
        )
    if path.is_file() and path.suffix.lower() not in (".safetensors", ".json", ".obj"):
        raise ModelError(f"{path} is no .safetensors file.", _CONVERT)
    return path


def _lora(folder: Path, entry: str | dict[str, Any]) -> LoraFile:
    """A file's name, or {"file": ..., "strength": ...}."""
    if isinstance(entry, dict):
        strength = entry.get("strength")
        return LoraFile(_path(folder, entry["file"], "lora"), 1.0 if strength is None else float(strength))
    return LoraFile(_path(folder, entry, "lora"))


def _listed(entry: Any) -> list[Any]:
    return entry if isinstance(entry, list) else [entry]


def _pickled(path: Path) -> ModelError:
    return ModelError(f"{path} is a pickle, which can run code when it is opened, and is not opened here.", _CONVERT)


def _unusable(path: Path, error: Exception) -> ModelError:
    return ModelError(f"{path} cannot be loaded ({type(error).__name__}: {error}).", _REPAIR)
