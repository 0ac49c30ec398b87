"""Pretraining of what pools a caption's token states for UNet and ControlNet."""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from clip_head.training.engine.autocast import mixed
from clip_head.training.engine.optimise import Schedule, cosine, optimise
from clip_head.training.texture.cache import Cache
from clip_head.training.texture.pairs import Pair

#: Captions in a step.
BATCH = 128
#: AdamW's highest learning rate and its weight decay.
LEARNING_RATE, WEIGHT_DECAY = 1e-3, 1e-2
#: Steps of the linear warm-up, and what the learning rate falls to relative to the highest.
WARMUP, LAST_RATE = 100, 0.05


def pretrain_text_pooling(args: argparse.Namespace, nets: Any, cache: Cache) -> None:
    """Train the attention pooling of the token states by itself, to classify the appearance that the captions describe:
    hair, skin, beard, ... In the diffusion alone it would be slow to learn which words matter. It takes less time than
    lies between two checkpoints, so that it has none.

    args: of the stage.
    nets: UNet and ControlNet, whose add_embedding is trained in place.
    cache: pairs and token states.
    """
    labels = [appearance_labels(pair) for pair in cache.pairs]
    names = sorted({name for of_pair in labels for name in of_pair})
    if not names:
        return
    kinds = {name: sorted({of_pair.get(name, "") for of_pair in labels}) for name in names}
    targets = torch.tensor([[kinds[name].index(of_pair.get(name, "")) for name in names] for of_pair in labels])
    sizes = [len(kinds[name]) for name in names]
    for net_name, net in nets.items():
        pooling = net.add_embedding
        head = nn.Linear(pooling.norm2.normalized_shape[0], sum(sizes)).to(args.device)
        learnt = nn.ModuleList([pooling, head])
        optimiser = torch.optim.AdamW(learnt.parameters(), LEARNING_RATE, weight_decay=WEIGHT_DECAY)
        generator = np.random.default_rng(args.seed)

        def loss_of_step(
            step: int, pooling: Any = pooling, head: nn.Module = head, generator: np.random.Generator = generator
        ) -> Tensor:
            rows = generator.integers(len(targets), size=BATCH)
            captions = [cache.captions[row][generator.integers(len(cache.captions[row]))] for row in rows]
            with mixed(args.device):
                scores = head(pooling(cache.tokens[captions].to(args.device).float())).float()
            target = targets[rows].to(args.device)
            parts = enumerate(scores.split(sizes, dim=1))
            return torch.stack([F.cross_entropy(part, target[:, k]) for k, part in parts]).sum()

        schedule = Schedule(
            args.words_steps, None if args.words_steps else args.words_minutes, rate=cosine(WARMUP, LAST_RATE)
        )
        optimise(learnt, optimiser, loss_of_step, schedule, name=f"text pooling of {net_name}")


def appearance_labels(pair: Pair) -> dict[str, str]:
    """Field of Appearance -> name of its kind, with the first skin and whether there are freckles; empty where the bake
    did not record the appearance.

    pair: with the facts.
    """
    appearance = pair.facts.get("appearance", {})
    named = {name: value for name, value in appearance.items() if isinstance(value, str)}
    if not appearance:
        return {}
    return {**named, "skin": appearance["skins"][0][0], "freckles": str(appearance["freckles"] > 0)}
