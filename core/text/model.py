"""Loading an open_clip model from a folder, without ever asking a hub."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from ..compat import prepare_torchvision
from ..errors import ModelError
from ..models import ModelFolder, open_model_folder
from ..types import ModelCard

#: Prompts longer than this many tokens are cut there; also T of encode_tokens for towers that allow more.
CONTEXT_LENGTH = 48


@dataclass(frozen=True)
class TextModel:
    """An open_clip model ready to encode.

    clip: the open_clip model, in eval mode. tokenizer: texts -> (N, context_length) token ids, truncated and padded.
    """

    card: ModelCard
    clip: torch.nn.Module
    tokenizer: Callable[[list[str]], torch.Tensor]


def load_text_model(folder: Path) -> TextModel:
    """Load the open_clip model that `folder`/model.json describes (kind "text").

    config["open_clip"] is either "local-dir", an open_clip_config.json and its weights in the folder itself (a text
    tower of the transformers kind has its config.json and tokenizer there too), or the name of one of open_clip's own
    architectures, with config["weights"] the file of its weights in the folder.

    Raises ModelError when anything is missing, damaged or does not fit.
    """
    opened = open_model_folder(folder, "text")
    prepare_torchvision()
    import open_clip

    try:
        name, overrides = _model_name(opened)
        clip = open_clip.create_model(name, **overrides, device="cpu", weights_only=True)
        tokenizer = open_clip.get_tokenizer(name, context_length=_context_length(opened, clip))
    except Exception as error:  # open_clip raises whatever its readers of JSON, safetensors and state dicts raise
        raise ModelError(
            f"The text model in {folder} cannot be loaded ({type(error).__name__}: {error}).",
            "Restore the folder from the release it came from, or choose another text model.",
        ) from error
    if any(not bool(torch.isfinite(p).all()) for p in clip.parameters()):
        raise ModelError(
            f"The text model in {folder} holds numbers that are not finite.",
            "Restore the folder from the release it came from.",
        )
    return TextModel(opened.card, clip.eval().requires_grad_(False), tokenizer)


def _model_name(folder: ModelFolder) -> tuple[str, dict[str, Any]]:
    if folder.config["open_clip"] != "local-dir":
        weights = folder.path / folder.config["weights"]
        if not weights.is_file():
            raise FileNotFoundError(weights)
        return folder.config["open_clip"], {"pretrained": str(weights)}
    text = json.loads((folder.path / "open_clip_config.json").read_text(encoding="utf-8"))["model_cfg"]["text_cfg"]
    if "hf_model_name" in text:
        # open_clip looks a transformers tower up by its hub name; the folder has the tower's config.json itself.
        text |= {"hf_model_name": str(folder.path), "hf_model_pretrained": False}
        return f"local-dir:{folder.path}", {"text_cfg": text}
    return f"local-dir:{folder.path}", {}


def _context_length(folder: ModelFolder, clip: Any) -> int:
    tower = getattr(clip, "text", clip)
    if hasattr(tower, "config"):  # a transformers tower takes any length up to its number of positions
        return min(int(folder.config.get("context_length", CONTEXT_LENGTH)), tower.config.max_position_embeddings)
    return int(tower.context_length)
