"""The paper's mapping network, with the tensor names of the official release (files clip2nphm_*.pth)."""

from __future__ import annotations

import torch
from torch import nn

#: Width of the hidden layers, as in the official release.
WIDTH = 256


class Clip2NPHM(nn.Module):
    """Eight ReLU layers D -> 512 -> 256 x 4 -> [embedding again] -> 256 x 3 -> code.

    embedding_width: D; in the official release 1024 (ViT-H-14).
    code_width: numbers of the code; in the official release 1344 (identity) or 200 (expression).
    """

    def __init__(self, embedding_width: int, code_width: int) -> None:
        super().__init__()
        self.embedding_width = embedding_width
        widths = [(embedding_width, 2 * WIDTH), (2 * WIDTH, WIDTH), *[(WIDTH, WIDTH)] * 3]
        widths += [(embedding_width + WIDTH, WIDTH), *[(WIDTH, WIDTH)] * 2]
        self.pts_linears = nn.ModuleList(nn.Linear(inputs, outputs) for inputs, outputs in widths)
        self.output_linear = nn.Linear(WIDTH, code_width)

    def forward(self, embedding: torch.Tensor) -> torch.Tensor:
        """Codes (..., code_width) of embeddings (..., D)."""
        hidden = embedding
        for index, layer in enumerate(self.pts_linears):
            if index == 5:
                hidden = torch.cat([embedding, hidden], dim=-1)
            hidden = torch.relu(layer(hidden))
        return self.output_linear(hidden)


def network_from(tensors: dict[str, torch.Tensor]) -> Clip2NPHM:
    """The network that a state dict describes: its widths are read from the tensors, its names must all match.

    Raises KeyError or RuntimeError when the state dict is another network's.
    """
    embedding_width = tensors["pts_linears.0.weight"].shape[1]
    code_width = tensors["output_linear.weight"].shape[0]
    network = Clip2NPHM(embedding_width, code_width)
    network.load_state_dict(tensors)
    return network.eval().requires_grad_(False)
