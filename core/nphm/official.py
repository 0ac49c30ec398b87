"""The official NPHM networks: identity decoder F_id and expression deformer F_exp, loading the released state dicts.

Names of parameters follow the release (SimonGiebenhain/NPHM, classes FastEnsembleDeepSDFMirrored and
DeformationNetwork), so that its state dicts load strictly. One thing is left out on purpose: the release overwrites the
last query point of every chunk in eval mode.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from .embedded_network import ANCHORS, MEMBERS, STORED, SYMMETRIC, per_member

#: Entries of z_id's global code and of each member's local code, of z_id, and of z_exp.
GLOBAL, LOCAL = 64, 32
ID_SIZE = GLOBAL + MEMBERS * LOCAL
EXP_SIZE = 200
#: Of the Gaussians around the anchors: their variance, the squared distance at which the background's member stands,
#: units squared, and what keeps the sum of their weights from zero. All as in the release.
BLEND_VARIANCE = 0.01
BACKGROUND_DISTANCE_SQUARED = 0.2
BLEND_EPSILON = 1e-6


class EnsembledLinear(nn.Module):
    """24 stored linear maps for 40 members: the first 16 serve both members of a symmetric pair."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(STORED, outputs, inputs))
        self.bias = nn.Parameter(torch.zeros(STORED, outputs))

    def forward(self, x: Tensor) -> Tensor:
        """x (40, N, inputs) -> (40, N, outputs)."""
        return torch.baddbmm(per_member(self.bias)[:, None], x, per_member(self.weight).transpose(1, 2))


class EnsembledDeepSDF(nn.Module):
    """40 small DeepSDF networks evaluated together; the input enters again at lin2."""

    def __init__(self) -> None:
        super().__init__()
        inputs, width = 3 + GLOBAL + LOCAL, 200
        self.lin0 = EnsembledLinear(inputs, width)
        self.lin1 = EnsembledLinear(width, width - inputs)
        self.lin2 = EnsembledLinear(width, width)
        self.lin3 = EnsembledLinear(width, width)
        self.lin4 = EnsembledLinear(width, 1)
        self.activation = nn.Softplus(beta=100)

    def forward(self, inputs: Tensor) -> Tensor:
        """inputs (40, N, 99) -> the members' values (40, N)."""
        x = self.activation(self.lin0(inputs))
        x = self.activation(self.lin1(x))
        x = torch.cat([x, inputs], dim=-1) / math.sqrt(2)
        x = self.activation(self.lin2(x))
        x = self.activation(self.lin3(x))
        values: Tensor = self.lin4(x)[..., 0]
        return values


class IdentityDecoder(nn.Module):
    """F_id: the signed distance of a point, blended from 39 anchored members and a background member.

    z_id (1344,) is [global 64, anchor 0..38 32 each, background 32]; points (N, 3) in NPHM's frame.
    Source: NPHM section 3.1; FastEnsembleDeepSDFMirrored of the official release.
    """

    mean_anchors: Tensor
    mirror: Tensor

    def __init__(self, mean_anchors: Tensor) -> None:
        super().__init__()
        self.ensembled_deep_sdf = EnsembledDeepSDF()
        self.mlp_pos = nn.Sequential(
            nn.Linear(GLOBAL, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU(), nn.Linear(256, 3 * ANCHORS)
        )
        mirror = torch.ones(MEMBERS, 1, 3)
        mirror[1:SYMMETRIC:2, :, 0] = -1
        # Neither is in the released state dict: the anchors are a file of their own.
        self.register_buffer("mean_anchors", mean_anchors.reshape(ANCHORS, 3).float(), persistent=False)
        self.register_buffer("mirror", mirror, persistent=False)

    def anchors(self, z_id: Tensor) -> Tensor:
        """The identity's anchors (39, 3)."""
        offsets: Tensor = self.mlp_pos(z_id[:GLOBAL])
        return self.mean_anchors + offsets.reshape(ANCHORS, 3)

    def forward(self, points: Tensor, z_id: Tensor) -> Tensor:
        """The value f (N,) of points (N, 3). Far from every anchor it collapses towards zero."""
        total, weight = self._blend(points, z_id)
        return total / (weight + BLEND_EPSILON)

    def distance(self, points: Tensor, z_id: Tensor) -> Tensor:
        """As `forward`, without the collapse: same sign and same surface, and distance-like everywhere."""
        total, weight = self._blend(points, z_id)
        return total / weight

    def _blend(self, points: Tensor, z_id: Tensor) -> tuple[Tensor, Tensor]:
        """The weighted sum of the members' values, and the sum of their weights, (N,) each."""
        anchors = self.anchors(z_id)
        from_anchors = points[None] - anchors[:, None]
        coordinates = torch.cat([from_anchors, points[None]]) * self.mirror
        codes = z_id[GLOBAL:].reshape(MEMBERS, 1, LOCAL)
        shape = (MEMBERS, len(points), -1)
        inputs = torch.cat([coordinates, z_id[:GLOBAL].expand((*shape[:2], GLOBAL)), codes.expand(shape)], dim=-1)
        values = self.ensembled_deep_sdf(inputs)
        squared = (from_anchors.norm(dim=-1) + 1e-5) ** 2
        background = squared.new_full((1, len(points)), BACKGROUND_DISTANCE_SQUARED)
        weights = torch.exp(-torch.cat([squared, background]) / BLEND_VARIANCE)
        return (weights * values).sum(dim=0), weights.sum(dim=0)


class DeepSDF(nn.Module):
    """The deformer's trunk: 6 hidden layers of 512, the input enters again at lin3."""

    def __init__(self, inputs: int, width: int = 512) -> None:
        super().__init__()
        self.lin0 = nn.Linear(inputs, width)
        self.lin1 = nn.Linear(width, width)
        self.lin2 = nn.Linear(width, width - inputs)
        self.lin3 = nn.Linear(width, width)
        self.lin4 = nn.Linear(width, width)
        self.lin5 = nn.Linear(width, width)
        self.lin6 = nn.Linear(width, 3)
        self.activation = nn.Softplus(beta=100)

    def forward(self, inputs: Tensor) -> Tensor:
        """inputs (N, I) -> (N, 3)."""
        x = inputs
        for layer in (self.lin0, self.lin1, self.lin2):
            x = self.activation(layer(x))
        x = torch.cat([x, inputs], dim=-1) / math.sqrt(2)
        for layer in (self.lin3, self.lin4, self.lin5):
            x = self.activation(layer(x))
        offsets: Tensor = self.lin6(x)
        return offsets


class ExpressionDeformer(nn.Module):
    """F_exp: the forward offset of canonical vertices, posed = v + F_exp(v).

    Source: NPHM section 3.2; DeformationNetwork of the official release, mode "compress", in eval mode (no noise).
    """

    def __init__(self) -> None:
        super().__init__()
        self.compressor = nn.Sequential(nn.Linear(ID_SIZE + 3 * ANCHORS, LOCAL))
        self.defDeepSDF = DeepSDF(3 + LOCAL + EXP_SIZE)

    def forward(self, vertices: Tensor, z_exp: Tensor, z_id: Tensor, anchors: Tensor) -> Tensor:
        """Offsets (N, 3) of vertices (N, 3) for z_exp (200,), z_id (1344,) and its anchors (39, 3)."""
        compressed = self.compressor(torch.cat([z_id, anchors.reshape(-1)]))
        condition = torch.cat([compressed, z_exp]).expand(len(vertices), -1)
        offsets: Tensor = self.defDeepSDF(torch.cat([vertices, condition], dim=-1))
        return offsets


class OfficialNPHM(nn.Module):
    """Both official networks behind the interface that extraction uses (see model.HeadNetwork)."""

    id_size = ID_SIZE
    exp_size = EXP_SIZE
    actions: tuple[str, ...] = ()
    #: Upper bound on the gradient of a head's distance. Chosen, not measured: the release samples a dense grid.
    steepness = 2.0
    #: There is no template.
    sheet = None
    region_masks = None
    #: Lower and upper corner of what is extracted, units: the release's.
    box = ((-0.55, -0.5, -0.95), (0.55, 0.75, 0.4))

    def __init__(self, mean_anchors: Tensor) -> None:
        super().__init__()
        self.identity = IdentityDecoder(mean_anchors)
        self.expression = ExpressionDeformer()

    def at(self, z_id: Tensor) -> OfficialHead:
        """The head of one identity code."""
        return OfficialHead(self, z_id)


@dataclass(frozen=True)
class OfficialHead:
    """One identity of an OfficialNPHM (see model.HeadField)."""

    network: OfficialNPHM
    z_id: Tensor

    #: The model does not tell hair from skin.
    frizz = 0.0

    def template_coordinates(self, points: Tensor) -> Tensor:
        """Nothing (N, 0): there is no template."""
        return points[:, :0]

    def value(self, points: Tensor, coordinates: Tensor) -> Tensor:
        """The values (N,) of F_id."""
        values: Tensor = self.network.identity(points, self.z_id)
        return values

    def distance(self, points: Tensor, coordinates: Tensor) -> Tensor:
        """The values (N,) of F_id, distance-like everywhere."""
        return self.network.identity.distance(points, self.z_id)

    def gradient(self, points: Tensor, coordinates: Tensor) -> Tensor:
        """The gradient (N, 3) of the distance."""
        points = points.detach().requires_grad_()
        return torch.autograd.grad(self.network.identity.distance(points, self.z_id).sum(), points)[0]

    def focus(self) -> None:
        """None: the model does not say where features lie."""

    def hair_weight(self, coordinates: Tensor) -> None:
        """None: the model does not tell hair from skin."""

    def beard_thickness(self, coordinates: Tensor) -> None:
        """None: the model does not tell beards from skin."""

    def place_template(self, points: Tensor) -> None:
        """None: there is no template."""

    def express(self, vertices: Tensor, normals: Tensor, z_exp: Tensor) -> tuple[Tensor, None]:
        """Offsets (N, 3) of F_exp, and no template points."""
        anchors = self.network.identity.anchors(self.z_id)
        return self.network.expression(vertices, z_exp, self.z_id, anchors), None
