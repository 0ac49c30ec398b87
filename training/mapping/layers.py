"""Layers of the mapping networks, the whitening of embeddings that is folded into them after training, and a linear
classifier of embeddings."""

from __future__ import annotations

import torch
from torch.nn import functional

from clip_head.core.mapping import Clip2NPHM

#: Added to the variance of every direction of the embeddings, relative to the largest variance: directions that hardly
#: vary are noise, and are amplified no further than this allows.
VARIANCE_FLOOR = 0.02
#: Variance relative to that floor below which a direction is left out, for it is zero up to rounding.
NULL_VARIANCE = 1e-3
#: The layers of Clip2NPHM that read the embedding: the first, and the one after its skip connection.
INPUT_LAYERS = (0, 5)
#: Ridge of the linear classifier, relative to the mean second moment of the embeddings.
LINEAR_RIDGE = 0.1


class Whitening(torch.nn.Module):
    """Embeddings in coordinates of about unit variance, so that a network learns directions in which embeddings vary
    little as fast as those in which they vary much.

    mean: (D,) that is subtracted.
    matrix: (D, D), symmetric, that the rest is multiplied by.
    """

    mean: torch.Tensor
    matrix: torch.Tensor

    def __init__(self, embedding: torch.Tensor) -> None:
        """Take mean and covariance from embeddings.

        embedding: (N, D).
        """
        super().__init__()
        variance, axes = torch.linalg.eigh(torch.cov(embedding.T))
        floor = VARIANCE_FLOOR * variance.max()
        scale = torch.where(variance > floor * NULL_VARIANCE, (variance.clamp_min(0) + floor).rsqrt(), 0.0)
        self.register_buffer("mean", embedding.mean(dim=0))
        self.register_buffer("matrix", (axes * scale) @ axes.T)

    def forward(self, embedding: torch.Tensor) -> torch.Tensor:
        """Embeddings (N, D), whitened.

        embedding: (N, D).
        """
        return (embedding - self.mean) @ self.matrix

    @torch.no_grad()
    def fold_into(self, network: Clip2NPHM) -> Clip2NPHM:
        """Fold the whitening into the input layers, and return the network, which then reads plain embeddings.

        network: reads whitened embeddings, changed in place.
        """
        for index in INPUT_LAYERS:
            layer = linear(network, index)
            weight = layer.weight[:, : len(self.mean)] @ self.matrix
            layer.bias.sub_(weight @ self.mean)
            layer.weight[:, : len(self.mean)] = weight
        return network.eval()


def linear(network: Clip2NPHM, index: int) -> torch.nn.Linear:
    """One of the network's linear layers.

    network: MLP_id or MLP_exp.
    index: of the layer, from 0 on.
    """
    layer = network.pts_linears[index]
    assert isinstance(layer, torch.nn.Linear)
    return layer


def layer_of(weight: torch.Tensor, bias: torch.Tensor) -> torch.nn.Linear:
    """A linear layer with given weights.

    weight: (O, I).
    bias: (O,).
    """
    layer = torch.nn.Linear(weight.shape[1], weight.shape[0])
    layer.load_state_dict({"weight": weight, "bias": bias})
    return layer


def jittered(embedding: torch.Tensor, jitter: float) -> torch.Tensor:
    """Embeddings (N, D) with normal noise added, scaled to length 1 again.

    embedding: (N, D) of length 1.
    jitter: length of the noise, in the root mean square.
    """
    noise = torch.randn_like(embedding) * (jitter / embedding.shape[1] ** 0.5)
    return functional.normalize(embedding + noise, dim=-1)


def linear_classifier(embedding: torch.Tensor, number: torch.Tensor, count: int) -> torch.Tensor:
    """Linear map (D + 1, count) from [embedding, 1] to a score of each named expression, by ridge regression in which
    all expressions count alike.

    embedding: (N, D) of phrases.
    number: (N,) index of the expression of each.
    count: number of expressions.
    """
    weight = (1 / torch.bincount(number, minlength=count).clamp_min(1))[number].double()[:, None]
    design = torch.cat([embedding, torch.ones(len(embedding), 1)], dim=1).double()
    moments = design.T @ (weight * design)
    ridge = LINEAR_RIDGE * moments.trace() / len(moments) * torch.eye(len(moments)).double()
    target = functional.one_hot(number, count).double()
    return torch.linalg.solve(moments + ridge, design.T @ (weight * target)).float()
