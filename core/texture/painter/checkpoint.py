"""A single .safetensors file of Stable Diffusion 1 or 2, as checkpoints are mostly shared: its tensors as models.

The file holds tensors alone. What it leaves out (layers, tokenizer, noise) comes from families/, so that nothing is
asked of a network.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from ...errors import ModelError
from ...foreign_files import read_json

#: The folder of the families' descriptions (see Family), one .json each.
FAMILIES = Path(__file__).parent / "families"
#: The remedy for a damaged file.
REPAIR = "Fetch it again from its publisher."


@dataclass(frozen=True)
class Family:
    """The architecture that all checkpoints of a family share, in the words of diffusers and transformers.

    name: for people.
    pad: the token that the tokenizer fills short prompts up with.
    unet, vae, text_encoder: configs of these parts.
    noise: config of a DDIMScheduler, the noise that the UNet was trained with.
    """

    name: str
    pad: str
    unet: dict[str, Any]
    vae: dict[str, Any]
    text_encoder: dict[str, Any]
    noise: dict[str, Any]


def load_family(file: Path) -> Family:
    """The family that a .json describes. Raises ModelError where the file describes none."""
    try:
        return Family(**read_json(file))
    except (OSError, ValueError, TypeError) as error:
        raise ModelError(
            f"{file} does not describe a family of models ({error}).", "Look at families/sd1.json."
        ) from error


def base_from_file(path: Path, architecture: Path | None) -> dict[str, Any]:
    """unet, vae, text_encoder, tokenizer and scheduler of a base model, by name, in float32 on the CPU.

    path: of the file.
    architecture: a .json like those in families/; None: the family is recognised by the tensors.
    Raises ModelError where the file is damaged, incomplete or of another family.
    """
    from diffusers import AutoencoderKL, DDIMScheduler, UNet2DConditionModel
    from diffusers.loaders import single_file_utils as convert

    tensors = read_tensors(path)
    family = load_family(architecture or FAMILIES / f"{_recognise(path, tensors)}.json")
    first = tensors.get("model.diffusion_model.input_blocks.0.0.weight")
    unet = family.unet | ({} if first is None else {"in_channels": first.shape[1]})
    return {
        "unet": filled(UNet2DConditionModel, unet, convert.convert_ldm_unet_checkpoint(tensors, unet), path),
        "vae": filled(AutoencoderKL, family.vae, convert.convert_ldm_vae_checkpoint(tensors, family.vae), path),
        "text_encoder": _text_encoder(family, tensors, path),
        "tokenizer": clip_tokenizer(family.pad, family.text_encoder["max_position_embeddings"]),
        "scheduler": DDIMScheduler(**family.noise),
    }


def _text_encoder(family: Family, tensors: dict[str, Tensor], path: Path) -> Any:
    """The CLIPTextModel of a single file, which keeps it in transformers' way (SD 1) or in open_clip's (SD 2)."""
    from diffusers.loaders import single_file_utils as convert
    from transformers import CLIPTextConfig, CLIPTextModel

    encoder = CLIPTextModel(CLIPTextConfig(**family.text_encoder))
    if any(key.startswith("cond_stage_model.transformer.") for key in tensors):
        converted = convert.convert_ldm_clip_checkpoint(tensors)
    else:
        converted = convert.convert_open_clip_checkpoint(encoder, tensors)
    return _fill(encoder, {key.removeprefix("text_model."): tensor for key, tensor in converted.items()}, path)


def clip_tokenizer(pad: str, length: int) -> Any:
    """CLIP's tokenizer, which all families read words with, from the vocabulary that open_clip brings along.

    pad: the token that short prompts are filled up with.
    length: tokens of a prompt, pad included.
    """
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


def read_tensors(path: Path) -> dict[str, Tensor]:
    """The tensors of a .safetensors file by name, in float32. Raises ModelError where the file is damaged."""
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        tensors = load_file(path)
    except (OSError, SafetensorError) as error:
        raise ModelError(f"{path} is damaged, or no .safetensors file ({error}).", REPAIR) from error
    # Some checkpoints also hold moving averages of the weights, which are not used and would take as much memory again.
    weights = {key: tensor for key, tensor in tensors.items() if not key.startswith("model_ema.")}
    return {key: t.float() if t.is_floating_point() else t for key, t in weights.items()}


def _recognise(path: Path, tensors: dict[str, Tensor]) -> str:
    """The family of a checkpoint, "sd1" or "sd2", by how many numbers a word has that its UNet reads.

    Raises ModelError, which says what the file is instead.
    """
    if any(key.startswith("conditioner.embedders.") for key in tensors):
        kind = "a checkpoint of Stable Diffusion XL"
    elif any(".joint_blocks." in key or ".double_blocks." in key for key in tensors):
        kind = "a checkpoint of Stable Diffusion 3, Flux or a relative"
    elif any("lora" in key for key in tensors):
        kind = "a LoRA, which is named under 'lora', beside a base model"
    elif any(key.startswith(("control_model.", "controlnet_", "input_hint_block.")) for key in tensors):
        kind = "a ControlNet, which is named under 'controlnet', beside a base model"
    else:
        widths = text_widths(tensors, "model.diffusion_model.")
        if widths in ({768}, {1024}):
            return "sd1" if widths == {768} else "sd2"
        kind = "none of Stable Diffusion 1 or 2"
    raise ModelError(
        f"{path} is no base model that can be used here: it is {kind}.",
        "Choose a checkpoint of Stable Diffusion 1.5 or 2.1, or of a model that was trained from one of them.",
    )


def text_widths(tensors: dict[str, Tensor], prefix: str = "") -> set[int]:
    """How many numbers a word has that a UNet or ControlNet reads: one value, or several where its layers disagree.

    tensors: of the checkpoint.
    prefix: of the keys of the network's tensors.
    """
    keys = (key for key in tensors if key.startswith(prefix) and key.endswith("attn2.to_k.weight"))
    return {tensors[key].shape[-1] for key in keys}


def empty(kind: Any, config: dict[str, Any]) -> Any:
    """A model whose weights are not allocated yet: random ones would only be replaced by a file's.

    kind: class of diffusers.
    config: of that class.
    """
    with torch.device("meta"):
        return kind.from_config(config)


def filled(kind: Any, config: dict[str, Any], tensors: dict[str, Tensor], path: Path) -> Any:
    """A model with the weights of a file.

    kind, config: as of `empty`.
    tensors: the weights by name.
    path: of the file, for messages.
    Raises ModelError where weights are missing or of another size.
    """
    return _fill(empty(kind, config), tensors, path)


def _fill(model: nn.Module, tensors: dict[str, Tensor], path: Path) -> Any:
    """The model with its weights from `tensors`, where whatever else they hold (averages, counters) is ignored.

    Raises ModelError unless every weight of the model is among them.
    """
    expected = model.state_dict()
    weights = {key: tensors.get(key) for key in expected}
    missing = [key for key, tensor in weights.items() if tensor is None or tensor.shape != expected[key].shape]
    if missing:
        raise ModelError(
            f"{path} is no whole {type(model).__name__} of its family: {len(missing)} of {len(expected)} layers are "
            f"missing or of another size, such as {missing[0]!r}.",
            "Choose a full checkpoint (not only a UNet or a LoRA), or describe its layers under 'architecture'.",
        )
    model.load_state_dict(weights, assign=True)
    return model.eval()
