"""Loading an open_clip model from a folder, without ever asking a hub."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from ..compat import prepare_torchvision
from ..errors import ModelError
from ..foreign_files import read_json
from ..models import ModelFolder, check_text_files, open_model_folder
from ..types import ModelCard

#: Prompts longer than this many tokens are cut there; also T of encode_tokens for towers that allow more.
CONTEXT_LENGTH = 48


@dataclass(frozen=True)
class TextModel:
    """An open_clip model ready to encode.

    card: its name and licence.
    clip: the open_clip model, in eval mode.
    tokenizer: N texts -> token ids (N, context_length), truncated and padded.
    """

    card: ModelCard
    clip: torch.nn.Module
    tokenizer: Callable[[list[str]], torch.Tensor]


def load_text_model(folder: Path) -> TextModel:
    """Load the open_clip model that `folder`/model.json describes (kind "text").

    config["open_clip"] is either "local-dir", an open_clip_config.json and its weights in the folder itself (a text
    tower of the transformers kind has its config.json and tokenizer there too), or the name of one of open_clip's own
    architectures, with config["weights"] the file of its weights in the folder.

    Raises ModelError when anything is missing, damaged, names code to be run, or does not fit.
    """
    opened = open_model_folder(folder, "text")
    if opened.config["open_clip"] == "local-dir":
        # transformers would ask on the console whether to run the code that a configuration names.
        check_text_files(folder)
    prepare_torchvision()
    import open_clip

    try:
        name, overrides, text = _architecture(opened)
        clip = open_clip.create_model(name, **overrides, device="cpu", weights_only=True)
        # Said here, since a tokenizer's own configuration might say True.
        code = {"trust_remote_code": False} if text.get("hf_tokenizer_name") else {}
        tokenizer = open_clip.get_tokenizer(name, context_length=_context_length(opened, clip), **code)
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


def _architecture(folder: ModelFolder) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """What open_clip.create_model takes, a name and further arguments, and the configuration of the text tower."""
    import open_clip

    name = folder.config["open_clip"]
    if name != "local-dir":
        if name not in open_clip.list_models():
            raise ValueError(f"open_clip has no architecture {name!r}")
        if "weights" not in folder.config:
            raise ValueError("model.json lacks 'weights', the file of its numbers")
        weights = folder.path / folder.config["weights"]
        if not weights.is_file():
            raise FileNotFoundError(weights)
        return name, {"pretrained": str(weights)}, open_clip.get_model_config(name)["text_cfg"]
    text = dict(read_json(folder.path / "open_clip_config.json")["model_cfg"]["text_cfg"])
    if "hf_model_name" in text:
        # open_clip looks a transformers tower up by its hub name; the folder has the tower's config.json itself.
        text |= {"hf_model_name": str(folder.path), "hf_model_pretrained": False}
        return f"local-dir:{folder.path}", {"text_cfg": text}, text
    return f"local-dir:{folder.path}", {}, text


def _context_length(folder: ModelFolder, clip: Any) -> int:
    """Tokens at which texts are cut: the tower's own number, or for a transformers tower model.json's."""
    tower = getattr(clip, "text", clip)
    if hasattr(tower, "config"):  # a transformers tower takes any length up to its number of positions
        return min(int(folder.config.get("context_length", CONTEXT_LENGTH)), tower.config.max_position_embeddings)
    return int(tower.context_length)
