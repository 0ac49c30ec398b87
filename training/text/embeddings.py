"""Embeddings of many sentences: quick for the embedded text tower, and possible for every open_clip model."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tqdm import tqdm

from clip_head.core.text import TextModel, encode_text
from clip_head.core.types import Floats
from clip_head.training.engine.autocast import mixed


@torch.inference_mode()
def pooled_states(model: TextModel, texts: list[str], device: str = "cpu", batch: int = 256) -> Floats:
    """The mean token states (N, C) of the text tower, before its projection.

    model: of the transformers kind.
    texts: N of them, computed in the order of their lengths, so that there is little padding.
    device: where they are computed.
    batch: texts in a pass.
    """
    clip: Any = model.clip
    tower = clip.text.to(device)
    tokens = torch.cat([model.tokenizer(texts[i : i + 4096]) for i in range(0, len(texts), 4096)])
    pad = tower.config.pad_token_id
    order = (tokens != pad).sum(dim=1).argsort()
    states = np.empty((len(texts), tower.config.hidden_size), np.float32)
    for chosen in tqdm(order.split(batch), desc="sentences", disable=len(texts) < 2000, mininterval=5):
        ids = tokens[chosen]
        ids = ids[:, : int((ids != pad).sum(dim=1).max())].to(device)
        mask = (ids != pad).long()
        with mixed(device):
            hidden = tower.transformer(input_ids=ids, attention_mask=mask).last_hidden_state.float()
        states[chosen.numpy()] = tower.pooler(_Output(hidden), mask).cpu().numpy()
    return states


def cached_states(path: Path, model: TextModel, texts: list[str], device: str = "cpu") -> Floats:
    """pooled_states, kept as float16 in a file with their texts, and computed anew for other ones.

    path: of the file.
    model, texts, device: as in pooled_states.
    """
    if path.is_file():
        with np.load(path) as arrays:
            if arrays["texts"].tolist() == texts:
                return arrays["states"].astype(np.float32)
    states = pooled_states(model, texts, device).astype(np.float16)
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, texts=np.array(texts), states=states)
    return states.astype(np.float32)  # as they are read again: a training that goes on must see the same


def project(model: TextModel, states: Floats) -> Floats:
    """Embeddings (N, D) of length 1 from pooled states, as core.text.encode_text computes them.

    model: of the transformers kind.
    states: (N, C) of pooled_states.
    """
    clip: Any = model.clip
    with torch.inference_mode():
        return torch.nn.functional.normalize(clip.text.proj(torch.from_numpy(states)), dim=-1).numpy()


def embed(model: TextModel, texts: list[str]) -> Floats:
    """Embeddings (N, D) of length 1: core.text.encode_text for many texts, quicker for the kinds of towers whose
    padding may be left out.

    model: the text model.
    texts: N of them.
    """
    clip: Any = model.clip
    if type(getattr(getattr(clip, "text", None), "pooler", None)).__name__ == "MeanPooler":
        return project(model, pooled_states(model, texts))
    if (
        getattr(clip, "attn_mask", None) is not None
        and getattr(clip, "text_pool_type", "") == "argmax"
        and isinstance(clip.text_projection, torch.nn.Parameter)
    ):
        return causal_embeddings(model, texts)
    parts = (texts[i : i + 64] for i in range(0, len(texts), 64))
    bar = tqdm(parts, "sentences", -(-len(texts) // 64), disable=len(texts) < 2000, mininterval=5)
    return np.concatenate([encode_text(model, part) for part in bar])


@torch.inference_mode()
def causal_embeddings(model: TextModel, texts: list[str], batch: int = 128) -> Floats:
    """Embeddings (N, D), of length 1, by CLIP's own text tower. Its attention is causal, so that what follows the end
    token, most of its context, need not be computed.

    model: of open_clip's own kind.
    texts: N of them.
    batch: texts in a pass.
    """
    clip: Any = model.clip
    tokens = torch.cat([model.tokenizer(texts[i : i + 4096]) for i in range(0, len(texts), 4096)])
    last = tokens.argmax(dim=1)
    embeddings = np.empty((len(texts), clip.text_projection.shape[-1]), np.float32)
    for chosen in tqdm(last.argsort().split(batch), desc="sentences", disable=len(texts) < 2000, mininterval=5):
        length = int(last[chosen].max()) + 1
        hidden = clip.token_embedding(tokens[chosen, :length]) + clip.positional_embedding[:length]
        hidden = clip.ln_final(clip.transformer(hidden, attn_mask=clip.attn_mask[:length, :length]))
        pooled = hidden[torch.arange(len(chosen)), last[chosen]] @ clip.text_projection
        embeddings[chosen.numpy()] = torch.nn.functional.normalize(pooled, dim=-1).numpy()
    return embeddings


def cached_embeddings(folder: Path, model: TextModel, texts: list[str]) -> Floats:
    """embed, kept as float16 in a file that is named after the checksum of the model's weights and the texts.

    folder: of the file.
    model, texts: as in embed.
    """
    digest = hashlib.sha256("\n".join(texts).encode())
    for name, tensor in sorted(model.clip.state_dict().items()):
        if not name.startswith("visual"):
            digest.update(tensor.contiguous().view(torch.uint8).numpy().tobytes() if tensor.dim() else b"")
    path = folder / f"{digest.hexdigest()[:16]}.npy"
    if path.is_file():
        return np.load(path).astype(np.float32)
    embeddings = embed(model, texts).astype(np.float16)
    folder.mkdir(parents=True, exist_ok=True)
    np.save(path, embeddings)
    return embeddings.astype(np.float32)  # as they are read again: a training that goes on must see the same


class _Output:
    """The one field that open_clip's poolers read of a transformer's output."""

    def __init__(self, last_hidden_state: torch.Tensor) -> None:
        self.last_hidden_state = last_hidden_state
