"""Layers of the mapping networks, and the whitening of embeddings that is folded into them after training."""

from __future__ import annotations

import torch
from torch.nn import functional

from clip_head.core.mapping import Clip2NPHM

#: Variance of a direction of the embeddings, relative to the largest, below which it is amplified no further: what
#: hardly ever varies is noise.
VARIANCE_FLOOR = 0.02
#: Variance relative to that floor below which a direction is left out, for it is zero up to rounding.
NULL_VARIANCE = 1e-3
#: The layers of Clip2NPHM that read the embedding: the first, and the one after its skip connection.
INPUT_LAYERS = (0, 5)


class Whitening(torch.nn.Module):
    """Embeddings in coordinates of about unit variance, so that what words change little is learnt as fast as what they
    change much."""

    mean: torch.Tensor
    matrix: torch.Tensor

    def __init__(self, embedding: torch.Tensor) -> None:
        """embedding: (N, D) whose mean and covariance are used."""
        super().__init__()
        variance, axes = torch.linalg.eigh(torch.cov(embedding.T))
        floor = VARIANCE_FLOOR * variance.max()
        scale = torch.where(variance > floor * NULL_VARIANCE, (variance.clamp_min(0) + floor).rsqrt(), 0.0)
        self.register_buffer("mean", embedding.mean(dim=0))
        self.register_buffer("matrix", (axes * scale) @ axes.T)

    def forward(self, embedding: torch.Tensor) -> torch.Tensor:
        """Embeddings (N, D), whitened."""
        return (embedding - self.mean) @ self.matrix

    @torch.no_grad()
    def unfold_into(self, network: Clip2NPHM, trained: Clip2NPHM | None) -> None:
        """Let a network of whitened embeddings answer as one does of plain ones.

        network: gets the weights.
        trained: whose weights are taken; None leaves the network as it is.
        """
        if trained is None:
            return
        network.load_state_dict(trained.state_dict())
        back = torch.linalg.pinv(self.matrix)
        for index in INPUT_LAYERS:
            layer = linear(network, index)
            weight = layer.weight[:, : len(self.mean)].clone()
            layer.bias.add_(weight @ self.mean)
            layer.weight[:, : len(self.mean)] = weight @ back

    @torch.no_grad()
    def fold_into(self, network: Clip2NPHM) -> Clip2NPHM:
        """The network, which read whitened embeddings, now for plain ones: its input layers do the whitening."""
        for index in INPUT_LAYERS:
            layer = linear(network, index)
            weight = layer.weight[:, : len(self.mean)] @ self.matrix
            layer.bias.sub_(weight @ self.mean)
            layer.weight[:, : len(self.mean)] = weight
        return network.eval()


def linear(network: Clip2NPHM, index: int) -> torch.nn.Linear:
    """One of the network's layers, by its index."""
    layer = network.pts_linears[index]
    assert isinstance(layer, torch.nn.Linear)
    return layer


def layer_of(weight: torch.Tensor, bias: torch.Tensor) -> torch.nn.Linear:
    """A linear layer with weight (O, I) and bias (O,)."""
    layer = torch.nn.Linear(weight.shape[1], weight.shape[0])
    layer.load_state_dict({"weight": weight, "bias": bias})
    return layer


def jittered(embedding: torch.Tensor, jitter: float) -> torch.Tensor:
    """Embeddings with normal noise, of length 1 again.

    embedding: (N, D) of length 1.
    jitter: expected length of the noise.
    """
    noise = torch.randn_like(embedding) * (jitter / embedding.shape[1] ** 0.5)
    return functional.normalize(embedding + noise, dim=-1)
