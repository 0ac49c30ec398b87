"""Texts and images to unit vectors in the model's common space, and texts to token states."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from ..errors import ModelError
from ..types import Bools, Bytes, Floats
from .model import TextModel


@torch.inference_mode()
def encode_text(model: TextModel, texts: list[str]) -> Floats:
    """The embeddings (N, D) of N texts, of length 1. Texts beyond the context length are cut there."""
    clip: Any = model.clip
    return _finite(clip.encode_text(_tokens(model, texts), normalize=True), model)


@torch.inference_mode()
def encode_tokens(model: TextModel, texts: list[str]) -> Floats:
    """The token states (N, T, C) of N texts from the last layer of the text tower; padding is zero.

    T is the tokenizer's context length. Texts beyond it are cut there.
    """
    clip: Any = model.clip
    tokens = _tokens(model, texts)
    tower = getattr(clip, "text", clip)
    if hasattr(tower, "config"):
        output, mask = _run_tower(tower, tokens)
        states = torch.nn.functional.pad(output.last_hidden_state, (0, 0, 0, tokens.shape[1] - mask.shape[1]))
        mask = torch.nn.functional.pad(mask, (0, tokens.shape[1] - mask.shape[1]))
    else:
        output = clip.forward_intermediates(text=tokens, text_indices=1, normalize_intermediates=True)
        states = output["text_intermediates"][-1]
        mask = _until_end(tokens)
    return _finite(states * mask[..., None], model)


@torch.inference_mode()
def encode_inner(model: TextModel, texts: list[str], layers: int) -> tuple[Floats, Bools]:
    """The token states that enter the last layers of a transformers tower.

    model: its text tower must be of the transformers kind.
    texts: N of them.
    layers: how many layers are still to come.
    Returns the states (N, T, C) and which of them belong to a text (N, T); T is the longest text's number of tokens.
    Raises ModelError where the tower is of another kind.
    """
    clip: Any = model.clip
    tower = getattr(clip, "text", clip)
    if not hasattr(tower, "config"):
        raise ModelError(
            f"The text model {model.card.name!r} has no tower of the transformers kind, which the splitter needs.",
            "Restore the embedded text model's folder from the release it came from.",
        )
    output, mask = _run_tower(tower, _tokens(model, texts), output_hidden_states=True)
    return _finite(output.hidden_states[-1 - layers], model), mask.numpy()


@torch.inference_mode()
def encode_images(model: TextModel, images: Bytes) -> Floats:
    """The embeddings (N, D), of length 1, of N square sRGB images (N, H, H, 3) of bytes."""
    clip: Any = model.clip
    size = clip.visual.image_size
    height, width = (size, size) if isinstance(size, int) else size
    pixels = torch.from_numpy(np.ascontiguousarray(images)).permute(0, 3, 1, 2).float() / 255.0
    if pixels.shape[2:] != (height, width):
        pixels = torch.nn.functional.interpolate(
            pixels, (height, width), mode="bicubic", align_corners=False, antialias=True
        ).clamp(0.0, 1.0)
    settings = clip.visual.preprocess_cfg
    mean = torch.tensor(settings["mean"]).reshape(1, 3, 1, 1)
    deviation = torch.tensor(settings["std"]).reshape(1, 3, 1, 1)
    return _finite(clip.encode_image((pixels - mean) / deviation, normalize=True), model)


def _run_tower(tower: Any, tokens: torch.Tensor, **options: bool) -> tuple[Any, torch.Tensor]:
    """The output of a transformers tower for the first t of tokens (N, T), and which of these are text (N, t).

    t is the longest text's number of tokens: the padding that all texts have is not computed. options: of the tower.
    """
    mask = tokens != tower.config.pad_token_id
    mask = mask[:, : int(mask.sum(dim=1).max())]
    ids = tokens[:, : mask.shape[1]]
    return tower.transformer(input_ids=ids, attention_mask=mask.long(), **options), mask


def _tokens(model: TextModel, texts: list[str]) -> torch.Tensor:
    """Token ids (N, context length) of N texts."""
    # Bytes of a command line that are no UTF-8 arrive as lone surrogates, which tokenizers refuse.
    return model.tokenizer([text.encode("utf-8", "replace").decode("utf-8") for text in texts])


def _until_end(tokens: torch.Tensor) -> torch.Tensor:
    """True up to and including the end token, the largest id in open_clip's own vocabularies."""
    positions = torch.arange(tokens.shape[1])
    return positions[None, :] <= tokens.argmax(dim=1)[:, None]


def _finite(values: torch.Tensor, model: TextModel) -> Floats:
    if not bool(torch.isfinite(values).all()):
        raise ModelError(
            f"The text model {model.card.name!r} computed numbers that are not finite.",
            "Restore its folder, or choose another text model.",
        )
    return values.float().numpy()
