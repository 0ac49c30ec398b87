"""From a surface to the code of the head that fits it: regularised least squares over iterated closest points.

Heads are linear in the code: pair every model point with the nearest place of the surface, solve for the code and for
the surface's pose, repeat. First few axes along which heads vary most are solved for, from several starts; then the
whole code. With each round the prior weighs less, and only nearer pairs count: what is hair, a hat or a hole drops out,
and there the prior decides, from what the rest of the head is like.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from scipy.spatial.transform import Rotation

from ..nphm.embedded import EmbeddedNPHM
from ..nphm.embedded_network import ANCHORS
from ..types import Bools, Floats, Ints
from .pose import Similarity
from .target import ALIKE, Target
from .template import FitTemplate

#: Number of the template's triangles that are paired with the surface.
PAIRS = 1500
#: Weight of the prior in each round, in square millimetres: along the axes, and then of the whole code. Strong at
#: first, while points are paired wrongly. Chosen by hand.
COARSE = (3000.0,) * 3 + (1000.0,) * 3 + (300.0,) * 3 + (100.0,) * 3 + (30.0,) * 3
FINE = (30.0, 10.0, 3.0, 1.0, 1.0)
#: Standard deviation of codes off the axes, where that along them is 1.
OFF_AXES = 0.4
#: Weight of a pair's distance within the tangent plane, where that along the normal is 1: surfaces may slide on each
#: other.
TANGENTIAL = 0.2
#: Pairs farther apart than this, units (3 mm), and than so many times the median distance in the bare face are left
#: out.
PAIR_DISTANCE, PAIR_MEDIANS = 0.012, 3.0
#: Part of the template's triangles outside the bare face over which the surface lies farther out than 2 mm, from which
#: on a head has hair: of bald heads these are up to 3 %, under hair and beards a quarter and more.
OUTSIDE, HAIRY = 0.008, 0.1
#: Pairs are left out whose normals have a smaller cosine than this (53 degrees).
PAIR_COSINE = 0.6
#: Standard deviations of the pose that is left to find: turns, radians, shifts, units (5 mm), and growth.
POSE_DEVIATIONS = (0.03, 0.02, 0.05)
#: What a point of the face adds to what starts are compared by at most, units (6 mm).
LOST = 0.024
#: One millimetre in units.
MILLIMETRE = 0.004


@torch.no_grad()
def displacement_basis(network: EmbeddedNPHM, points: Floats) -> Floats:
    """Displacements (1 + G + 39 L, N, 3) of template points by each entry of [1, global, 39 local codes], units: the
    decoder is linear in these, so that the displacement by a code is their product.

    network: the embedded NPHM.
    points: (N, 3) of the template, units.
    """
    config = network.config
    positions = torch.from_numpy(np.asarray(points, np.float32))
    members = network.members(torch.zeros(network.id_size))
    weights = members.blend_weights(positions)
    weights = weights / weights.sum(dim=0)
    shared, size = 1 + config.global_size, config.local_size
    basis = torch.zeros(shared + ANCHORS * size, len(positions), 3)
    anchor = torch.cat([network.mlp_pos.bias[:, None], network.mlp_pos.weight], dim=1).reshape(ANCHORS, 3, shared)
    for member in range(ANCHORS + 1):
        used = weights[member].nonzero()[:, 0]
        if not len(used):
            continue
        mirror, weight = network.mirror[member], weights[member, used, None, None]
        hidden = ((positions[used] - members.rest[member]) * mirror) @ network.lin0.of_member(member)[0].T
        hidden = (hidden + network.lin0.of_member(member)[1]).sin()
        hidden = torch.nn.functional.silu(torch.nn.functional.linear(hidden, *network.lin1.of_member(member)))
        own = torch.nn.functional.linear(hidden, *network.lin2.of_member(member)).unflatten(-1, (-1, 3)) * mirror
        own = own * weight
        basis[:shared, used] += own[:, :shared].movedim(1, 0)
        if member < ANCHORS:
            basis[:shared, used] += (anchor[member].T[None] * weight).movedim(1, 0)
            start = shared + member * size
            basis[start : start + size, used] += own[:, shared:].movedim(1, 0)
    return basis.numpy()


@dataclass(frozen=True)
class IdentityFit:
    """The head of the model that is nearest to a surface.

    code (D_id,): its identity, without hair and beard.
    pose: of the surface, with which it lies on that head.
    hairy: whether much of the surface is no skin.
    """

    code: Floats
    pose: Similarity
    hairy: bool


@dataclass(frozen=True)
class _Model:
    """The triangles that are paired with the surface, as linear functions of numbers (K,) that are solved for.

    rest (N, 3, 3): their corners for zeros, units.
    by_number (K, N, 3, 3): how the corners move with each number, units.
    precision (K, K): of the numbers, by the prior.
    bare (N,): whether no hair hides them.
    """

    rest: Floats
    by_number: Floats
    precision: Floats
    bare: Bools

    def corners(self, numbers: Floats) -> Floats:
        """The corners (N, 3, 3), units."""
        moved = numbers.astype(np.float32) @ self.by_number.reshape(len(numbers), -1)
        return self.rest + moved.reshape(self.rest.shape)


@dataclass(frozen=True)
class _Pairs:
    """Places of the model and the nearest ones of the surface.

    at (N, 3): the middles of the model's triangles, units.
    away (N, 3): from there to the surface, units.
    outwards (N,): how far the surface lies outside the model there, units.
    normals (N, 3): of the surface there.
    counts (N,): which pairs count.
    """

    at: Floats
    away: Floats
    outwards: Floats
    normals: Floats
    counts: Bools


def fit_identity(template: FitTemplate, target: Target, starts: list[Similarity], keep_size: bool) -> IdentityFit:
    """The bald, clean-shaven head that fits a surface: first as if it had no hair, and where much of it then fits
    nothing, by the bare face alone and by what lies within the head.

    template: of the head model.
    target: the surface.
    starts: poses of it to start from.
    keep_size: whether the surface's size is right as it is.
    """
    drawn = _drawn(template)
    corners = template.faces[drawn]
    ids, inverse = np.unique(corners, return_inverse=True)
    basis = displacement_basis(template.network, template.vertices[ids])
    rest = (template.vertices[ids] + basis[0])[inverse.reshape(-1, 3)]
    whole = basis[1:][:, inverse.reshape(-1, 3)]
    axes, bare = template.axes.astype(np.float32), template.bare[corners].all(axis=1)
    along = (axes @ whole.reshape(len(whole), -1)).reshape(len(axes), *rest.shape)
    coarse = _Model(rest, along, np.eye(len(axes), dtype=np.float32), bare)
    covariance = axes.T.astype(np.float64) @ axes + OFF_AXES**2 * np.eye(axes.shape[1])
    fine = _Model(rest, whole, np.asarray(np.linalg.inv(covariance), np.float32), bare)

    alike = Target(target.vertices, target.faces, ALIKE)

    def fitted(hairy: bool) -> tuple[Floats, Similarity]:
        none = np.zeros(len(axes), np.float32)
        tried = [(surface, start) for surface in (target, alike) for start in starts]
        found = [_fitted(coarse, surface, start, none, COARSE, keep_size, hairy) for surface, start in tried]
        numbers, pose = min(found, key=lambda pair: _distance(coarse, target, *pair))
        return _fitted(fine, target, pose, numbers @ axes, FINE, keep_size, hairy)

    shape, pose = fitted(hairy=False)
    outwards = _pairs(fine, target, pose, shape, False).outwards[~bare]
    hairy = float((outwards > OUTSIDE).mean()) > HAIRY
    if hairy:
        shape, pose = fitted(hairy=True)
    code = np.zeros(template.network.id_size, np.float32)
    code[: len(shape)] = shape
    return IdentityFit(code, pose, hairy)


def _fitted(
    model: _Model,
    target: Target,
    pose: Similarity,
    numbers: Floats,
    priors: tuple[float, ...],
    keep_size: bool,
    hairy: bool,
) -> tuple[Floats, Similarity]:
    """Numbers and pose after a round for each weight of the prior. Parameters as of `fit_identity`."""
    deviations = np.repeat(POSE_DEVIATIONS, (3, 3, 0 if keep_size else 1))
    for prior in priors:
        pairs = _pairs(model, target, pose, numbers, hairy)
        # The surface moves, too: turns about three axes, shifts, and growth, against the model.
        middle = pairs.at.mean(axis=0)
        arm = pairs.at - middle
        moves = [np.cross(axis, arm) for axis in np.eye(3)] + [np.tile(axis, (len(arm), 1)) for axis in np.eye(3)]
        moves += [] if keep_size else [arm]
        columns = np.concatenate([model.by_number.mean(axis=2), -np.stack(moves)])[:, pairs.counts] / MILLIMETRE
        columns, normals = columns.astype(np.float32), pairs.normals[pairs.counts].astype(np.float32)
        goal = pairs.away[pairs.counts] / MILLIMETRE + np.tensordot(numbers, columns[: len(numbers)], axes=1)
        across = np.einsum("knc,nc->kn", columns, normals, optimize=True)
        design = np.concatenate([across, TANGENTIAL * columns.reshape(len(columns), -1)], axis=1)
        goals = np.concatenate([(goal * normals).sum(axis=1), TANGENTIAL * goal.ravel()])
        precision = np.zeros((len(columns), len(columns)))
        precision[: len(numbers), : len(numbers)] = model.precision
        precision[len(numbers) :, len(numbers) :] = np.diag(deviations**-2.0)
        solution = np.linalg.solve((design @ design.T).astype(np.float64) + prior * precision, design @ goals)
        numbers, pose = solution[: len(numbers)], _motion(solution[len(numbers) :], middle).after(pose)
    return numbers, pose


def _pairs(model: _Model, target: Target, pose: Similarity, numbers: Floats, hairy: bool) -> _Pairs:
    """The model's triangles and the places of the surface nearest to them. Parameters as of `_fitted`."""
    a, b, c = np.moveaxis(model.corners(numbers), 1, 0)
    at, facing = (a + b + c) / 3, np.cross(b - a, c - a)
    facing /= np.linalg.norm(facing, axis=1, keepdims=True) + 1e-20
    places, normals = target.closest(pose.inverse.applied(at), facing @ pose.rotation)
    normals = normals @ pose.rotation.T
    away = pose.applied(places) - at
    distance, outwards = np.linalg.norm(away, axis=1), (away * facing).sum(axis=1)
    counts = (facing * normals).sum(axis=1) > PAIR_COSINE
    median = float(np.median(distance[model.bare & counts])) if (model.bare & counts).any() else np.inf
    counts &= distance < max(PAIR_DISTANCE, PAIR_MEDIANS * median)
    # Under hair, the surface is nowhere known to lie farther out than the skin.
    counts &= model.bare | (outwards < 0) if hairy else True
    return _Pairs(at, away, outwards, normals, counts)


def _distance(model: _Model, target: Target, numbers: Floats, pose: Similarity) -> float:
    """Mean squared distance, units, of the bare face from the surface, each capped at LOST."""
    distance = np.linalg.norm(_pairs(model, target, pose, numbers, False).away[model.bare], axis=1)
    return float((np.minimum(distance, LOST) ** 2).mean())


def _motion(numbers: Floats, middle: Floats) -> Similarity:
    """A small motion about a point (3,): a turn vector, a shift, and how much it grows, if that is there."""
    rotation = Rotation.from_rotvec(numbers[:3]).as_matrix()
    scale = float(np.exp(numbers[6])) if len(numbers) > 6 else 1.0
    return Similarity(scale, rotation, middle + numbers[3:6] - scale * rotation @ middle)


def _drawn(template: FitTemplate) -> Ints:
    """PAIRS exposed triangles, half of them evenly by area, half evenly by triangle, always the same."""
    ids = np.flatnonzero(template.exposed[template.faces].all(axis=1))
    a, b, c = np.moveaxis(template.vertices[template.faces[ids]], 1, 0)
    area = np.linalg.norm(np.cross(b - a, c - a), axis=1)
    chance = area / area.sum() + 1 / len(ids)
    drawn = np.random.default_rng(0).choice(ids, min(PAIRS, len(ids)), replace=False, p=chance / chance.sum())
    return np.sort(drawn).astype(np.int32)
