"""What the embedded NPHM is trained on: anchors, codes of every teacher head, the template's grids, sample points."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import igl
import numpy as np
import scipy.sparse as sp
from scipy.ndimage import gaussian_filter, map_coordinates, zoom
from scipy.spatial import cKDTree
from scipy.spatial.distance import cdist
from skimage.measure import marching_cubes

from clip_head.core.nphm.embedded_head import LEAST_WEIGHT
from clip_head.core.nphm.embedded_network import ANCHORS, HAIR_CLAMP, MEMBERS, SYMMETRIC
from clip_head.core.types import Floats, Ints
from clip_head.training.teacher.dataset import (
    TeacherDataset,
    head_vertices,
    train_indices,
)
from clip_head.training.teacher.distance import sample_near, sample_surface, signed_distance
from clip_head.training.teacher.surroundings import sparse_rows, surrounding_weights

#: Numbers of the global code and of each of the 39 local ones: principal components.
GLOBAL_SIZE, LOCAL_SIZE = 64, 16
#: Vertices around an anchor whose principal components are its local code.
LOCAL_VERTICES = 280
#: Spacing of the template grid, units (1.3 mm), and the margin around the head that it covers, units.
SPACING, MARGIN = 0.0052, 0.05
#: Distances beyond this from the surface are computed on a grid four times coarser, units.
BAND = 0.03
#: Spacing of the grids of hair, units (3.5 mm).
HAIR_SPACING = 0.014
#: Regions whose detail the template keeps; elsewhere it is smoothed.
FEATURES = (
    "left_eyelids",
    "right_eyelids",
    "left_eye",
    "right_eye",
    "upper_lip",
    "lower_lip",
    "nose",
    "nostrils",
    "ears",
)
#: Distances from them between which smoothing sets in, units.
FEATURE_NEAR, FEATURE_FAR = 0.012, 0.06
#: Standard deviation of the Gaussian that smooths, cells of the template grid.
SMOOTHING = 2.0
#: Radius of the ball that closes the gap between eyeball and lids, units (0.5 mm), which is narrower than a cell.
CREASE = 0.002
#: Standard deviation of the Gaussian that smooths edges then, half cells.
EDGE_SMOOTHING = 0.6
#: Margin around an eye within which this is done, units.
EYE_MARGIN = 0.06
#: Features that the template has on a grid twice as fine, a block for each.
DETAILS = (
    ("left_eyelids",),
    ("right_eyelids",),
    ("upper_lip", "lower_lip", "nostrils"),
    ("left_ear",),
    ("right_ear",),
)
#: Margin of a block around its features, units.
DETAIL_MARGIN = 0.03
#: Distances from the features between which a block goes over into the coarser grid, units; less than the margin.
DETAIL_NEAR, DETAIL_FAR = 0.012, 0.028
#: Ridge of the regression on codes, some of which vary together on all heads; their second moments are about one.
RIDGE = 1e-3
#: Height below which nothing is learnt, units: the box in which heads are extracted ends above it.
LOWEST = -0.8
#: Of the points off the template's surface: their number, relative to the count of template_points, and the standard
#: deviation of their distance from it, units.
NEAR_SURFACE = ((0.5, 0.004), (0.4, 0.012), (0.3, 0.04), (0.3, 0.12))

#: Factors of x, y, z that mirror a point at the head's middle.
_MIRROR = np.array([-1, 1, 1], dtype=np.float32)


@dataclass(frozen=True)
class Codes:
    """How heads become codes, by whitened principal components.

    anchor_vertices: (39,) vertices of the template.
    radii: (39,) of the members, units.
    global_mean, global_components: (3 V',), (G, 3 V') over every fourth vertex.
    local_vertices: (39, 280) around each anchor; members of a pair are mirrored onto each other.
    local_means, local_components: (39, 280, 3), (39, L, 840) of these.
    """

    anchor_vertices: Ints
    radii: Floats
    global_mean: Floats
    global_components: Floats
    local_vertices: Ints
    local_means: Floats
    local_components: Floats

    def save(self, path: Path) -> None:
        np.savez(path, **{name: getattr(self, name) for name in self.__dataclass_fields__})

    @staticmethod
    def load(path: Path) -> Codes:
        with np.load(path) as arrays:
            return Codes(**{name: arrays[name] for name in Codes.__dataclass_fields__})

    def encode(self, vertices: Floats) -> tuple[Floats, Floats]:
        """Canonical head vertices (V, 3) -> global (G,) and local (39, L) codes, by projection."""
        shared = self.global_components @ (vertices[::4].ravel() - self.global_mean)
        local = np.stack(
            [
                self.local_components[k] @ (_around(vertices, self, k) - self.local_means[k]).ravel()
                for k in range(ANCHORS)
            ]
        )
        return shared.astype(np.float32), local.astype(np.float32)


def fit_codes(dataset: TeacherDataset, report: Callable[[str], None]) -> Codes:
    """Place the anchors and fit the PCAs on the training heads."""
    template = dataset.template
    anchors = place_anchors(dataset)
    positions = template.vertices[anchors]
    spread = np.sort(np.linalg.norm(positions[:, None] - positions[None], axis=2), axis=1)[:, 1:5].mean(axis=1)
    radii = np.clip(1.4 * spread, 0.16, 0.42).astype(np.float32)
    local_vertices = cKDTree(template.vertices).query(positions, LOCAL_VERTICES)[1].astype(np.int32)
    twins = mirror_twins(template.vertices)
    local_vertices[1:SYMMETRIC:2] = twins[local_vertices[0:SYMMETRIC:2]]
    report("reading the training heads")
    heads = np.stack([head_vertices(dataset, i) for i in train_indices(dataset)])
    report("principal components")
    mean, components = whitened_pca(heads[:, ::4].reshape(len(heads), -1), GLOBAL_SIZE)
    empty = np.zeros(0, dtype=np.float32)
    bare = Codes(anchors, radii, mean, components, local_vertices, empty, empty)
    means, locals_ = [], []
    for k in range(ANCHORS):
        # Both members of a pair see one space: the left data and the right data mirrored.
        pair = (k - k % 2, k - k % 2 + 1) if k < SYMMETRIC else (k,)
        data = np.concatenate([np.stack([_around(h, bare, m).ravel() for h in heads]) for m in pair])
        middle, basis = whitened_pca(data, LOCAL_SIZE)
        means.append(middle.reshape(-1, 3))
        locals_.append(basis)
    return Codes(anchors, radii, mean, components, local_vertices, np.stack(means), np.stack(locals_))


def _around(vertices: Floats, codes: Codes, member: int) -> Floats:
    """The vertices around a member's anchor, relative to it, mirrored for the second of a pair."""
    local = vertices[codes.local_vertices[member]] - vertices[codes.anchor_vertices[member]]
    return local * _MIRROR if member < SYMMETRIC and member % 2 else local


def whitened_pca(data: Floats, count: int) -> tuple[Floats, Floats]:
    """Mean (D,) and whitening principal components (count, D): codes of the data have unit variance.

    data: (N, D).
    count: of components.
    """
    mean = data.mean(axis=0)
    centred = data - mean
    if len(data) <= data.shape[1]:
        values, vectors = np.linalg.eigh((centred @ centred.T).astype(np.float64))
        values, vectors = values[::-1][:count], vectors[:, ::-1][:, :count]
        basis = (vectors.T @ centred) / np.sqrt(values)[:, None]
    else:
        values, vectors = np.linalg.eigh((centred.T @ centred).astype(np.float64))
        values, basis = values[::-1][:count], vectors[:, ::-1][:, :count].T
    deviation = np.sqrt(np.maximum(values, 1e-12) / len(data))
    return mean.astype(np.float32), (basis / deviation[:, None]).astype(np.float32)


def mirror_twins(vertices: Floats) -> Ints:
    """For every template vertex the index of the one nearest to its mirror image."""
    return cKDTree(vertices).query(vertices * _MIRROR)[1].astype(np.int32)


def place_anchors(dataset: TeacherDataset) -> Ints:
    """39 template vertices by farthest points, twice as dense in the face: 16 mirrored pairs, then 7 on the midline."""
    template = dataset.template
    vertices = template.vertices
    skin = np.zeros(len(vertices), dtype=bool)
    skin[template.faces[template.part == 0]] = True
    skin &= vertices[:, 1] > -0.5
    dense = template.regions["face"] | template.regions["ears"]
    reach = np.where(dense, 1.0, 2.0)
    twins = mirror_twins(vertices)
    middle = np.flatnonzero(skin & (np.abs(vertices[:, 0]) < 2e-3))
    side = np.flatnonzero(skin & (vertices[:, 0] > 0.03))
    away = np.full(len(vertices), np.inf)
    chosen: list[int] = []

    def take(index: int) -> None:
        nonlocal away
        chosen.append(index)
        away = np.minimum(away, np.linalg.norm(vertices - vertices[index], axis=1) / reach)

    take(template.landmarks["nose_tip"])
    while len(chosen) < ANCHORS - SYMMETRIC:
        take(int(middle[away[middle].argmax()]))
    midline = list(chosen)
    pairs = []
    for _ in range(SYMMETRIC // 2):
        index = int(side[away[side].argmax()])
        take(index)
        take(int(twins[index]))
        pairs += [index, int(twins[index])]
    return np.array(pairs + midline, dtype=np.int32)


def template_grid(
    dataset: TeacherDataset, report: Callable[[str], None], spacing: float = SPACING
) -> tuple[Floats, tuple[float, float, float]]:
    """Signed distances to the template on a grid of this spacing around it, and the grid's origin."""
    vertices, faces = dataset.template.vertices, dataset.template.faces
    low = np.maximum(vertices.min(axis=0) - MARGIN, [-np.inf, LOWEST, -np.inf])
    coarse_counts = np.ceil((vertices.max(axis=0) + MARGIN - low) / (4 * spacing)).astype(int) + 1
    report(f"template grid {tuple(4 * (coarse_counts - 1) + 1)}")
    nodes = np.stack(np.meshgrid(*(np.arange(n) for n in coarse_counts), indexing="ij"), axis=-1).reshape(-1, 3)
    coarse = signed_distance(vertices, faces, nodes * 4 * spacing + low).reshape(coarse_counts)
    counts = 4 * (coarse_counts - 1) + 1
    fine: Floats = zoom(coarse, counts / coarse_counts, order=1, grid_mode=False).astype(np.float32)
    wanted = np.flatnonzero(np.abs(fine) < BAND)
    for part in np.array_split(wanted, 1 + len(wanted) // 200_000):
        at = np.stack(np.unravel_index(part, tuple(counts)), axis=1)
        fine.reshape(-1)[part] = signed_distance(vertices, faces, at * spacing + low)
    for eye in ("left_eye", "right_eye"):
        round_crease(fine, low, dataset, vertices[dataset.template.regions[eye]], spacing)
    return without_facets(fine, low, dataset, spacing), (float(low[0]), float(low[1]), float(low[2]))


def round_crease(grid: Floats, low: Floats, dataset: TeacherDataset, part: Floats, spacing: float) -> None:
    """Make, in place, the surroundings of a part (P, 3) of the template as smooth as the grid can show.

    Between lid and eyeball runs a gap, and along the lid an edge, narrower than the grid's cells: both would show as
    teeth. On a grid twice as fine the gap is closed with a ball of radius CREASE, then edges are smoothed.
    """
    box, nodes = half_nodes(low, part, EYE_MARGIN, spacing)
    smooth = gaussian_filter(closed_distance(dataset, nodes, CREASE, spacing), EDGE_SMOOTHING)[::2, ::2, ::2]
    away = cKDTree(part).query(nodes[::2, ::2, ::2].reshape(-1, 3))[0].reshape(smooth.shape)
    weight = np.clip(2.0 - 2.5 * away / EYE_MARGIN, 0.0, 1.0)
    grid[box] += weight * (smooth - grid[box])


def half_nodes(low: Floats, part: Floats, margin: float, spacing: float) -> tuple[tuple[slice, slice, slice], Floats]:
    """The box of the template grid around a part (P, 3), and the nodes (X, Y, Z, 3) at half the spacing in it."""
    first = np.floor((part.min(axis=0) - margin - low) / spacing).astype(int)
    last = np.ceil((part.max(axis=0) + margin - low) / spacing).astype(int)
    counts = np.meshgrid(*(np.arange(2 * n + 1) for n in last - first), indexing="ij")
    x, y, z = (slice(int(a), int(b) + 1) for a, b in zip(first, last, strict=True))
    return (x, y, z), np.stack(counts, axis=-1) * (spacing / 2) + (first * spacing + low)


def closed_distance(dataset: TeacherDataset, nodes: Floats, radius: float, spacing: float) -> Floats:
    """The template's signed distance (X, Y, Z) at the nodes (X, Y, Z, 3) of a grid of half spacing, with all gaps
    closed into which a ball of this radius does not go."""
    vertices, faces = dataset.template.vertices, dataset.template.faces
    fine = signed_distance(vertices, faces, nodes.reshape(-1, 3)).reshape(nodes.shape[:3])
    shell, triangles, _, _ = marching_cubes(fine, radius, spacing=(spacing / 2,) * 3)
    near = (fine < radius) & (fine > -3 * radius)
    squared, _, _ = igl.point_mesh_squared_distance(nodes[near], shell.astype(np.float64) + nodes[0, 0, 0], triangles)
    fine[near] = radius - np.sqrt(squared)
    return fine


def detail_grids(
    dataset: TeacherDataset, grid: Floats, low: Floats, spacing: float = SPACING
) -> list[tuple[Floats, tuple[float, float, float]]]:
    """Blocks (X, Y, Z) of the template's distances at half the spacing around DETAILS, and their origins.

    Away from the features a block has the values that the grid itself gives there, so that it has no rim.
    """
    template = dataset.template
    blocks = []
    for names in DETAILS:
        part = template.vertices[np.any([template.regions[name] for name in names], axis=0)]
        box, nodes = half_nodes(low, part, DETAIL_MARGIN, spacing)
        fine = gaussian_filter(closed_distance(dataset, nodes, CREASE, spacing), EDGE_SMOOTHING)
        at = np.stack(np.meshgrid(*(np.arange(n) / 2 for n in fine.shape), indexing="ij"))
        coarse = map_coordinates(grid[box], at, order=1)
        away = cKDTree(part).query(nodes.reshape(-1, 3))[0].reshape(fine.shape)
        weight = np.clip((DETAIL_FAR - away) / (DETAIL_FAR - DETAIL_NEAR), 0.0, 1.0)
        x, y, z = nodes[0, 0, 0].tolist()
        blocks.append(((coarse + weight * (fine - coarse)).astype(np.float32), (x, y, z)))
    return blocks


def without_facets(grid: Floats, low: Floats, dataset: TeacherDataset, spacing: float) -> Floats:
    """The grid, smoothed where the teacher's head is smooth (scalp, forehead, cheeks, neck), kept near features.

    There its triangles would show as facets; the fine features are modelled triangle by triangle.
    """
    template = dataset.template
    features = np.any([template.regions[name] for name in FEATURES], axis=0)
    tree = cKDTree(template.vertices[features])
    every = 4
    coarse = np.stack(np.meshgrid(*(np.arange(0, n, every) for n in grid.shape), indexing="ij"), axis=-1)
    away = tree.query(coarse.reshape(-1, 3) * spacing + low)[0].reshape(coarse.shape[:3])
    weight = np.clip((away - FEATURE_NEAR) / (FEATURE_FAR - FEATURE_NEAR), 0.0, 1.0).astype(np.float32)
    weight = weight.repeat(every, 0).repeat(every, 1).repeat(every, 2)[tuple(map(slice, grid.shape))]
    weight = gaussian_filter(weight, every / 2)
    smooth: Floats = grid + weight * (gaussian_filter(grid, SMOOTHING) - grid)
    return smooth


def hair_grids(dataset: TeacherDataset) -> tuple[tuple[str, ...], Floats, tuple[float, float, float]]:
    """Names of the styles but bald, their clamped distances on one common grid (S, X, Y, Z), and its origin."""
    names = tuple(name for name, style in dataset.styles.items() if style.grid is not None)
    if not names:
        return ("none",), np.full((1, 2, 2, 2), HAIR_CLAMP, np.float32), (0.0, 0.0, 0.0)
    styles = [dataset.styles[name] for name in names]
    inside = []
    for style in styles:
        assert style.grid is not None
        at = np.argwhere(style.grid < HAIR_SPACING) * style.spacing + style.origin
        inside += [at.min(axis=0), at.max(axis=0)]
    low, high = np.min(inside, axis=0) - 2 * HAIR_SPACING, np.max(inside, axis=0) + 2 * HAIR_SPACING
    counts = np.ceil((high - low) / HAIR_SPACING).astype(int) + 1
    nodes = np.stack(np.meshgrid(*(np.arange(n) for n in counts), indexing="ij"))
    grids = []
    for style in styles:
        assert style.grid is not None
        at = (nodes * HAIR_SPACING + low[:, None, None, None] - style.origin[:, None, None, None]) / style.spacing
        last = np.array(style.grid.shape)[:, None, None, None] - 1
        outside = np.linalg.norm((at - np.clip(at, 0, last)) * style.spacing, axis=0)
        distance = map_coordinates(style.grid, at, order=1, mode="nearest") + outside
        grids.append(np.clip(distance, -HAIR_CLAMP, HAIR_CLAMP))
    return names, np.stack(grids).astype(np.float32), (float(low[0]), float(low[1]), float(low[2]))


def beard_grids(dataset: TeacherDataset) -> tuple[Floats, tuple[float, float, float], float]:
    """Thickness of the dataset's beards on their common grid (B, X, Y, Z), its origin and spacing."""
    beards = list(dataset.beards.values())
    if not beards:
        return np.zeros((0, 2, 2, 2), np.float32), (0.0, 0.0, 0.0), 1.0
    x, y, z = beards[0].origin.tolist()
    return np.stack([beard.thickness for beard in beards]), (x, y, z), beards[0].spacing


@dataclass(frozen=True)
class MemberTargets:
    """What one stored member learns, as a function of the template.

    local: (P, 3) template points minus its rest anchor, denser where its blend weight is larger.
    basis: (P, 1 + G + L, 3) displacement there by every entry of [1, global, local], less that of the anchor.
    spread: (1 + G + L, 1 + G + L) lower Cholesky factor of the second moments of [1, global, local] over heads: the
        squared norm of an error of the basis times it is the mean squared error over heads.
    """

    local: Floats
    basis: Floats
    spread: Floats


@dataclass(frozen=True)
class TemplatePoints:
    """Points on, near and around the template.

    points: (P, 3).
    weights: (P, V) of the template's vertices in a point's displacement.

    On the surface the weights are barycentric. Away from it they are those of the surface around, about as wide as the
    point is away: what the surface does carries on into space, ever smoother.
    """

    points: Floats
    weights: sp.csr_matrix


def template_points(dataset: TeacherDataset, count: int, seed: int) -> TemplatePoints:
    """About 4 `count` points: half of them on the surface, the others off it by ever larger distances."""
    template = dataset.template
    vertices, faces = template.vertices, template.faces
    rng = np.random.default_rng(seed)
    on = sample_surface(vertices, faces, 2 * count, rng, by_area=0.5)
    parts = [on.points]
    for fraction, deviation in NEAR_SURFACE:
        some = sample_surface(vertices, faces, int(fraction * count), rng, by_area=0.6)
        parts.append(sample_near(some, deviation, rng))
    off = np.concatenate(parts[1:])
    columns, values = faces[on.face], on.bary
    on_weights = sparse_rows(columns, values, len(vertices))
    points = np.concatenate([on.points, off]).astype(np.float32)
    weights = sp.vstack([on_weights, surrounding_weights(vertices, faces, off, rng)]).tocsr()
    return TemplatePoints(points, weights)


def member_targets(
    dataset: TeacherDataset, codes: Codes, anchor_motion: Floats, shared: Floats, local: Floats, count: int, seed: int
) -> list[MemberTargets]:
    """Targets of the 24 stored members.

    The displacement of a head's vertices is regressed, vertex by vertex, on the member's codes: both sides of the face
    together for members that serve a pair.

    dataset: the teacher's heads.
    codes: how they become codes.
    anchor_motion: (117, 1 + G) displacement of the anchors by [1, global].
    shared, local: (N, G), (N, 39, L) codes of the training heads.
    count: points of each member.
    seed: of the points.
    """
    template = dataset.template
    rest = template.vertices[codes.anchor_vertices]
    moved = np.stack([head_vertices(dataset, i) - template.vertices for i in train_indices(dataset)])
    twins = mirror_twins(template.vertices)
    drawn = template_points(dataset, 4 * count, seed)
    motion = anchor_motion.reshape(ANCHORS, 3, -1)
    squared = cdist(drawn.points, rest, "sqeuclidean") / codes.radii**2
    blend = np.exp(-4.0 * squared) * (1.0 - squared).clip(0.0) ** 2
    density = np.hstack([blend + 0.03 * (squared < 1.05), (blend.sum(axis=1, keepdims=True) < 2 * LEAST_WEIGHT)])
    rng = np.random.default_rng([seed, 1])
    targets = []
    for member in [*range(0, SYMMETRIC, 2), *range(SYMMETRIC, MEMBERS)]:
        own = local[:, member] if member < ANCHORS else np.zeros_like(local[:, 0])
        design, answers = np.hstack([np.ones((len(shared), 1), np.float32), shared, own]), moved
        spread, mixed = _moments(design, answers)
        if member < SYMMETRIC:
            other = np.hstack([design[:, : 1 + shared.shape[1]], local[:, member + 1]])
            other_spread, other_mixed = _moments(other, answers)
            mirrored = other_mixed.reshape(len(other_mixed), -1, 3)[:, twins] * _MIRROR
            spread, mixed = (spread + other_spread) / 2, (mixed + mirrored.reshape(len(mixed), -1)) / 2
        ridge = RIDGE * np.eye(len(spread))
        ridge[0, 0] = 0.0
        basis = np.linalg.solve(spread + ridge, mixed).reshape(len(spread), -1, 3)
        if member < ANCHORS:
            basis[: motion.shape[2]] -= motion[member].T[:, None]
        middle = rest[member] if member < ANCHORS else np.zeros(3, np.float32)
        probability = density[:, member] / density[:, member].sum()
        near = rng.choice(len(probability), count, p=probability)
        values = drawn.weights[near] @ basis.transpose(1, 0, 2).reshape(basis.shape[1], -1)
        factor = np.linalg.cholesky(spread + ridge + 1e-9 * np.eye(len(spread)))
        points = (drawn.points[near] - middle).astype(np.float32)
        shape = (count, len(spread), 3)
        targets.append(MemberTargets(points, values.reshape(shape).astype(np.float32), factor.astype(np.float32)))
    return targets


def _moments(design: Floats, answers: Floats) -> tuple[Floats, Floats]:
    """Mean products of the design (N, K) with itself (K, K) and with answers (N, V, 3), (K, 3 V)."""
    count = len(design)
    return (design.T @ design / count).astype(np.float64), design.T @ answers.reshape(count, -1) / count
