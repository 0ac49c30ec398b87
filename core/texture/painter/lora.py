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

#: Beginning of a file's key -> the part of the pipeline that it belongs to.
_PARTS = {
    "lora_unet_": "unet",
    "lora_te_": "text_encoder",
    "lora_te1_": "text_encoder",
    "base_model.model.": "unet",
    "unet.": "unet",
    "text_encoder.": "text_encoder",
}
#: Ending of a file's key, in each of the four ways -> the tensor of the layer that it holds.
_TENSORS = (
    (re.compile(r"(\.lora_down|\.lora_A(\.\w+)?|[._]lora\.down|\.lora_linear_layer\.down)\.weight$"), "down"),
    (re.compile(r"(\.lora_up|\.lora_B(\.\w+)?|[._]lora\.up|\.lora_linear_layer\.up)\.weight$"), "up"),
    (re.compile(r"\.alpha$"), "alpha"),
)
#: Part of a key -> the relative of LoRA that it gives away. They multiply other matrices, and are refused.
_RELATIVES = {"hada_": "LoHa", "lokr_": "LoKr", "dora_scale": "DoRA", "lora_mid": "LoCon", "oft_": "OFT"}


@dataclass
class _Layer:
    """One layer of a LoRA file.

    key: the first of its keys in the file, for messages.
    tensors: "down" (r, in, ...) and "up" (out, r, ...), r being the rank, and perhaps "alpha", the scale times r.
    """

    key: str
    tensors: dict[str, Tensor] = field(default_factory=dict)

    def difference(self, shape: torch.Size, alpha: float | None) -> Tensor:
        """What is added to a weight of this shape at strength one; alpha: where the layer has none of its own."""
        down, up = (self.tensors[name].float() for name in ("down", "up"))
        rank = down.shape[0]
        own_alpha = self.tensors.get("alpha")
        scale = (float(own_alpha) if own_alpha is not None else alpha if alpha is not None else rank) / rank
        return scale * (up.flatten(1) @ down.flatten(1)).reshape(shape)


def merge_lora(pipeline: Any, file: Path, strength: float) -> None:
    """Add a LoRA file to the weights of a pipeline's unet and text_encoder, in place.

    pipeline: of diffusers, with these two parts.
    file: .safetensors.
    strength: factor of what is added, 1 as it was trained.
    Raises ModelError where the file is no LoRA, or does not fit these parts, before anything is changed.
    """
    tensors, metadata = _read(file)
    relative = next((name for part, name in _RELATIVES.items() if any(part in key for key in tensors)), None)
    if relative:
        raise ModelError(f"{file} is a {relative}, not a plain LoRA.", "Choose a LoRA of the same author or style.")
    modules = {part: _by_name(getattr(pipeline, part, None)) for part in ("unet", "text_encoder")}
    layers: dict[tuple[str, str], _Layer] = {}
    for key, tensor in tensors.items():
        part, name, which = _parse(key, file)
        layers.setdefault((part, name), _Layer(key)).tensors[which] = tensor
    changes = []
    for (part, name), layer in layers.items():
        weight = _changed_weight(modules[part].get(name), layer)
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
    ending, tensor = next(((pattern, name) for pattern, name in _TENSORS if pattern.search(key)), (None, ""))
    if prefix is None or ending is None:
        raise ModelError(
            f"The LoRA {file} cannot be read: its layer {key!r} is named in no way that is known here.",
            "Choose another LoRA; most files for Stable Diffusion 1.5 and 2.1 do.",
        )
    path = ending.sub("", key[len(prefix) :])
    # diffusers' oldest files name the attention's processor, and its last layer without a number.
    if ".processor." in path:
        path = re.sub(r"to_out$", "to_out.0", path.replace(".processor.", "."))
    return _PARTS[prefix], path.replace(".", "_"), tensor


def _by_name(part: nn.Module | None) -> dict[str, nn.Module]:
    """The part's layers by their path with underscores, alone and after "text_model", which older releases of
    transformers put first."""
    if part is None:
        return {}
    modules = {name.replace(".", "_"): module for name, module in part.named_modules()}
    return modules | {f"text_model_{name}": module for name, module in modules.items()}


def _changed_weight(module: nn.Module | None, layer: _Layer) -> Tensor | None:
    """The weight that a layer of the file changes; None where there is none of its size."""
    weight = getattr(module, "weight", None)
    if not isinstance(weight, Tensor) or not {"up", "down"} <= set(layer.tensors):
        return None
    down, up = layer.tensors["down"], layer.tensors["up"]
    if layer.tensors.get("alpha", torch.ones(())).numel() != 1 or min(down.dim(), up.dim()) < 2 or not down.shape[0]:
        return None
    fits = up.shape[0] == weight.shape[0] and up[0].numel() == down.shape[0]
    return weight if fits and up.shape[0] * down[0].numel() == weight.numel() else None
