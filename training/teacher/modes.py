"""How real people differ, for the teacher's heads: the scans' mean and modes on the base mesh, and where eyeballs sit.

What a mode says of gender, ancestry, old age and weight is taken out of it, so that a word and a scan never pull
against each other. The direction from adult to child stays: it is mostly size, in which people differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy.sparse as sp

from clip_head.core.types import Bools, Floats, Ints

from .cavities import Cavities
from .lip_line import lip_line_weights
from .registration import Registration, sphere
from .scans import Scans
from .surroundings import surrounding_weights

#: Every tenth mode is held out of all training heads, so that people can be measured whom no training knows.
HELD_OUT_EVERY = 10
#: Greatest absolute weight of a mode: beyond, one in eighty, faces begin to look drawn.
GREATEST_WEIGHT = 2.5
#: Ages in years up to which a child has the least part of the mean and the modes of adults, and from which on all.
CHILD_AGES, CHILD_PART = (4.0, 16.0), 0.45
#: Weight, in square units per vertex of a rim, of an eyeball staying where its people's displacements put it.
SEAT_PRIOR = 0.02
#: Arrays that a sparse matrix consists of.
PARTS = ("data", "indices", "indptr")
#: Rounds of least squares that seat an eyeball.
SEAT_ROUNDS = 4


@dataclass(frozen=True)
class Eyeballs:
    """How eyeballs lie behind their lids.

    balls: vertices of the left and the right eyeball, indices into the base vertices.
    rims: vertices of the rims of the lids.
    gaps: distance of each of these from the eyeball's surface on the scans' mean, units; negative within it.
    """

    balls: tuple[Ints, Ints]
    rims: tuple[Ints, Ints]
    gaps: tuple[Floats, Floats]


@dataclass(frozen=True)
class RealPeople:
    """What scans add to the base vertices of a person.

    mean: (B, 3) from the mean adult to the scans' mean, units.
    modes: (M, B, 3) at weight 1, units.
    eyeballs: where eyeballs belong.
    sockets: (K,) vertices inside the eye sockets.
    sockets_follow: (K, B) weights by which they follow the skin around them.
    lips: (L,) vertices near the line where the lips meet.
    lips_follow: (L, B) weights of what brings them back to it, as of lip_line_weights.
    """

    mean: Floats
    modes: Floats
    eyeballs: Eyeballs
    sockets: Ints
    sockets_follow: sp.csr_matrix
    lips: Ints
    lips_follow: sp.csr_matrix


def real_people(
    scans: Scans, registration: Registration, cavities: Cavities, closed: Floats, directions: Floats
) -> RealPeople:
    """Carry the scans' mean and modes over to the base mesh.

    scans: real faces.
    registration: of the base mesh on them.
    cavities: of the base mesh.
    closed: (B, 3) the mean adult with closed lips, units.
    directions: (K, B, 3) differences that words make to the mean adult, units, to be taken out of the modes.
    Returns: what they add.
    """
    mean = registration.base - closed
    modes = np.stack([registration.carry(mode) for mode in scans.identity])
    for side, ball in enumerate(cavities.eyeballs):
        own, real = sphere(closed[ball].astype(np.float64)), registration.eyeballs[side]
        mean[ball] = (closed[ball] - own[:3]) * (real[3] / own[3]) + real[:3] - closed[ball]
        modes[:, ball] = np.stack([registration.eyes(mode)[side] for mode in scans.identity])[:, None]
    skin = np.unique(cavities.skin_quads)
    modes = without_directions(modes, directions, skin)
    gaps = [
        np.linalg.norm(registration.base[rim] - real[:3], axis=1) - real[3]
        for rim, real in zip(cavities.lids, registration.eyeballs, strict=True)
    ]
    eyeballs = Eyeballs(cavities.eyeballs, cavities.lids, (gaps[0], gaps[1]))
    sockets = cavities.inside_sockets
    triangles = cavities.skin_quads[:, [[0, 1, 2], [0, 2, 3]]].reshape(-1, 3)
    follow = surrounding_weights(closed, triangles, closed[sockets], np.random.default_rng(0))
    lips, lips_follow = lip_line_weights(registration.base, cavities)
    mean, modes = mean.astype(np.float32), modes.astype(np.float32)
    return RealPeople(mean, modes, eyeballs, sockets, follow, lips, lips_follow)


def without_directions(modes: Floats, directions: Floats, used: Ints) -> Floats:
    """Modes less their least-squares parts along some directions.

    modes: (M, B, 3); directions: (K, B, 3), units.
    used: vertices on which the parts are measured.
    """
    design = directions[:, used].reshape(len(directions), -1).T.astype(np.float64)
    parts = np.linalg.lstsq(design, modes[:, used].reshape(len(modes), -1).T, rcond=None)[0]
    return modes - np.tensordot(parts.T, directions, axes=1).astype(np.float32)


def part_of_age(age: float) -> float:
    """How much of the scans' mean and modes, which are adults', somebody of an age in years has."""
    return float(np.interp(age, CHILD_AGES, (CHILD_PART, 1.0)))


def held_out_modes(count: int) -> Bools:
    """(count,) which modes no training head has."""
    return np.asarray(np.arange(count) % HELD_OUT_EVERY == HELD_OUT_EVERY - 1)


def random_weights(rng: np.random.Generator, count: int, *, held_out: bool) -> Floats:
    """Weights of the modes of a person, (count,).

    rng: source of the draw.
    count: number of modes.
    held_out: whether the person has the modes, too, that no training head has.
    """
    weights = np.clip(rng.standard_normal(count), -GREATEST_WEIGHT, GREATEST_WEIGHT)
    if not held_out:
        weights[held_out_modes(count)] = 0.0
    return weights


def follow_lids(vertices: Floats, usual: Floats, people: RealPeople) -> Floats:
    """A head whose eye sockets follow the skin around them: targets move them on their own, until they break through.

    vertices: (B, 3) of the base mesh, units.
    usual: (B, 3) of a head whose sockets are right, units.
    people: with the weights.
    Returns: (B, 3) units.
    """
    followed = vertices.copy()
    followed[people.sockets] = usual[people.sockets] + people.sockets_follow @ (vertices - usual)
    return followed


def follow_lip_line(vertices: Floats, usual: Floats, people: RealPeople) -> Floats:
    """A head whose lips meet as those of the usual one do, whatever displaced either of them (see lip_line.py).

    vertices: (B, 3) of the base mesh, units.
    usual: (B, 3) of the mean adult with the part of the scans' mean that the head has, units.
    people: with the weights.
    Returns: (B, 3) units.
    """
    followed = vertices.copy()
    followed[people.lips] += people.lips_follow @ (vertices - usual)
    return followed


def seat_eyeballs(vertices: Floats, eyeballs: Eyeballs) -> Floats:
    """A head whose eyeballs lie behind their lids as they do on the scans' mean, whatever its lids' shape.

    Sums of displacements leave eyeballs too far in front or too deep; each is moved as a whole to where the distances
    of the lids' rim from its surface are those of the mean, by least squares.

    vertices: (B, 3) of the base mesh, units.
    eyeballs: of the base mesh.
    Returns: (B, 3) units.
    """
    seated = vertices.copy()
    for ball, rim, gaps in zip(eyeballs.balls, eyeballs.rims, eyeballs.gaps, strict=True):
        start = sphere(vertices[ball].astype(np.float64))
        points, centre, radius = vertices[rim].astype(np.float64), start[:3].copy(), start[3]
        for _ in range(SEAT_ROUNDS):
            offset = points - centre
            distance = np.linalg.norm(offset, axis=1)
            slopes = -offset / distance[:, None]
            residual = radius + gaps - distance
            moments = slopes.T @ slopes + SEAT_PRIOR * len(rim) * np.eye(3)
            centre += np.linalg.solve(moments, slopes.T @ residual + SEAT_PRIOR * len(rim) * (start[:3] - centre))
        seated[ball] += (centre - start[:3]).astype(np.float32)
    return seated


def save_people(path: Path, people: RealPeople) -> None:
    """Write what scans add as .npz.

    path: file to write.
    people: what to write.
    """
    eyes = people.eyeballs
    np.savez(
        path,
        mean=people.mean,
        modes=people.modes.astype(np.float16),
        balls=np.stack(eyes.balls),
        rims=np.stack(eyes.rims),
        gaps=np.stack(eyes.gaps),
        sockets=people.sockets,
        lips=people.lips,
        **_parts("sockets_follow", people.sockets_follow),
        **_parts("lips_follow", people.lips_follow),
    )


def load_people(path: Path) -> RealPeople:
    """Read what save_people wrote.

    path: file to read.
    """
    with np.load(path) as arrays:
        eyeballs = Eyeballs(*((arrays[name][0], arrays[name][1]) for name in ("balls", "rims", "gaps")))
        mean, sockets, lips = arrays["mean"], arrays["sockets"], arrays["lips"]
        matrices = [
            sp.csr_matrix(tuple(arrays[f"{name}_{part}"] for part in PARTS), shape=(len(rows), len(mean)))
            for name, rows in (("sockets_follow", sockets), ("lips_follow", lips))
        ]
        return RealPeople(mean, arrays["modes"].astype(np.float32), eyeballs, sockets, matrices[0], lips, matrices[1])


def _parts(name: str, matrix: sp.csr_matrix) -> dict[str, np.ndarray]:
    """The arrays of a sparse matrix, as entries of a file."""
    return {f"{name}_{part}": getattr(matrix, part) for part in PARTS}


def weighted_modes(modes: Floats, weights: Sequence[float]) -> Floats:
    """(B, 3) the sum of modes (M, B, 3), each times its weight."""
    return np.tensordot(np.asarray(weights, np.float32), modes, axes=1)
