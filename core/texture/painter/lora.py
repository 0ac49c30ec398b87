"""LoRA files, merged into a model's weights when it is loaded: a style, or LCM's and Hyper-SD's ways to paint in few
steps. Merged weights cost nothing while painting, and need no further library.

Every layer W (out, in, ...) becomes W + strength * alpha / rank * up @ down. Files name the layers in four ways, which
are all read: kohya's (lora_unet_..., as most published files), peft's (lora_A, lora_B), and diffusers' two older ones.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from ...errors import ModelError
from ...foreign_files import parse_json
from ...schema import Number, Table

#: What a file's keys begin with, and which part of the pipeline they mean.
_PARTS = {
    "lora_unet_": "unet",
    "lora_te_": "text_encoder",
    "lora_te1_": "text_encoder",
    "base_model.model.": "unet",
    "unet.": "unet",
    "text_encoder.": "text_encoder",
}
#: What a file's keys end with, in each of the four ways, and which tensor of a layer they mean.
_TENSORS = (
    (re.compile(r"(\.lora_down|\.lora_A(\.\w+)?|[._]lora\.down|\.lora_linear_layer\.down)\.weight$"), "down"),
    (re.compile(r"(\.lora_up|\.lora_B(\.\w+)?|[._]lora\.up|\.lora_linear_layer\.up)\.weight$"), "up"),
    (re.compile(r"\.alpha$"), "alpha"),
)
#: Parts of keys of relatives of LoRA that multiply other matrices.
_RELATIVES = {"hada_": "LoHa", "lokr_": "LoKr", "dora_scale": "DoRA", "lora_mid": "LoCon", "oft_": "OFT"}


@dataclass
class _Layer:
    """What a file says of one layer. down (r, in, ...), up (out, r, ...); alpha: the scale times the rank r."""

    key: str
    tensors: dict[str, Tensor] = field(default_factory=dict)

    def difference(self, shape: torch.Size, alpha: float | None) -> Tensor:
        """What is added to a weight of this shape, at strength one."""
        down, up = (self.tensors[name].float() for name in ("down", "up"))
        rank = down.shape[0]
        own = self.tensors.get("alpha")
        scale = (float(own) if own is not None else alpha if alpha is not None else rank) / rank
        return scale * (up.flatten(1) @ down.flatten(1)).reshape(shape)


def merge_lora(pipeline: Any, file: Path, strength: float) -> None:
    """Add a LoRA file to the pipeline's unet and text_encoder, in place.

    Raises ModelError where the file is none, or does not fit these parts, before anything is changed.
    """
    tensors, metadata = _read(file)
    relative = next((kind for mark, kind in _RELATIVES.items() if any(mark in key for key in tensors)), None)
    if relative:
        raise ModelError(f"{file} is a {relative}, not a plain LoRA.", "Choose a LoRA of the same author or style.")
    modules = {part: _by_name(getattr(pipeline, part, None)) for part in ("unet", "text_encoder")}
    layers: dict[tuple[str, str], _Layer] = {}
    for key, tensor in tensors.items():
        part, name, kind = _parse(key, file)
        layers.setdefault((part, name), _Layer(key)).tensors[kind] = tensor
    changes = []
    for (part, name), layer in layers.items():
        weight = _weight(modules[part].get(name), layer)
        if weight is None:
            raise ModelError(
                f"The LoRA {file} does not fit the base model: it changes {layer.key!r}, which the model has not, or "
                "has in another size.",
                "Choose a LoRA made for the same family (Stable Diffusion 1.5 and 2.1 and XL do not mix).",
            )
        changes.append((weight, layer, metadata.get(f"{part}.lora_alpha")))
    with torch.no_grad():
        for weight, layer, alpha in changes:
            weight += (strength * layer.difference(weight.shape, alpha)).to(weight)


def _read(file: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """The file's tensors, and the settings that peft keeps in its header."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(file, framework="pt") as opened:
            tensors = {key: opened.get_tensor(key) for key in opened.keys()}  # noqa: SIM118 (no mapping)
            header = opened.metadata() or {}
        settings = dict(parse_json(header.get("lora_adapter_metadata", "{}").encode()))
        Table(optional={f"{part}.lora_alpha": Number(-1e6, 1e6) for part in _PARTS.values()}, closed=False).check(
            "lora_adapter_metadata", settings
        )
    except (OSError, SafetensorError, TypeError, ValueError) as error:
        raise ModelError(f"The LoRA {file} is damaged ({error}).", "Fetch it again from its publisher.") from error
    if not any("lora" in key for key in tensors):
        raise ModelError(f"{file} is no LoRA: none of its layers is named so.", "Name a LoRA file as 'lora'.")
    if not all(bool(torch.isfinite(tensor).all()) for tensor in tensors.values()):
        raise ModelError(f"The LoRA {file} holds numbers that are not finite.", "Fetch it again from its publisher.")
    return tensors, settings


def _parse(key: str, file: Path) -> tuple[str, str, str]:
    """unet.a.b.lora_A.weight -> ("unet", "a_b", "down"): part, the layer's path with underscores, which tensor."""
    prefix = next((prefix for prefix in _PARTS if key.startswith(prefix)), None)
    found = next(((pattern, kind) for pattern, kind in _TENSORS if pattern.search(key)), None)
    if prefix is None or found is None:
        raise ModelError(
            f"The LoRA {file} cannot be read: its layer {key!r} is named in no way that is known here.",
            "Choose another LoRA; most files for Stable Diffusion 1.5 and 2.1 do.",
        )
    path = found[0].sub("", key[len(prefix) :])
    # diffusers' oldest files name the attention's processor, and its last layer without a number.
    if ".processor." in path:
        path = re.sub(r"to_out$", "to_out.0", path.replace(".processor.", "."))
    return _PARTS[prefix], path.replace(".", "_"), found[1]


def _by_name(part: nn.Module | None) -> dict[str, nn.Module]:
    """The part's layers by their path with underscores, with and without the word that transformers once put first."""
    if part is None:
        return {}
    found = {name.replace(".", "_"): module for name, module in part.named_modules()}
    return found | {f"text_model_{name}": module for name, module in found.items()}


def _weight(module: nn.Module | None, layer: _Layer) -> Tensor | None:
    """The weight that a layer of the file changes; None where there is none of its size."""
    weight = getattr(module, "weight", None)
    if not isinstance(weight, Tensor) or not {"up", "down"} <= set(layer.tensors):
        return None
    down, up = layer.tensors["down"], layer.tensors["up"]
    if layer.tensors.get("alpha", torch.ones(())).numel() != 1 or min(down.dim(), up.dim()) < 2 or not down.shape[0]:
        return None
    fits = up.shape[0] == weight.shape[0] and up[0].numel() == down.shape[0]
    return weight if fits and up.shape[0] * down[0].numel() == weight.numel() else None
