"""What the embedded NPHM is made of and trained on: the template's grids, those of hair and beards, sample points."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import igl
import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.ndimage import gaussian_filter, map_coordinates, zoom
from scipy.spatial import cKDTree
from scipy.spatial.distance import cdist
from skimage.measure import marching_cubes

from clip_head.core.nphm.embedded_head import LEAST_WEIGHT
from clip_head.core.nphm.embedded_network import ANCHORS, HAIR_CLAMP, MEMBERS, SYMMETRIC
from clip_head.core.types import Floats
from clip_head.training.nphm.codes import MIRROR, Codes, mirror_twins
from clip_head.training.teacher.dataset import TeacherDataset, head_vertices, train_indices
from clip_head.training.teacher.distance import sample_near, sample_surface, signed_distance
from clip_head.training.teacher.surroundings import sparse_rows, surrounding_weights

#: Spacing of the template grid, units (1.3 mm), and the margin around the head that it covers, units.
SPACING, MARGIN = 0.0052, 0.05
#: The template grid is first computed on a grid coarser by this factor, and interpolated.
COARSENING = 4
#: Up to this distance from the surface, units, it is computed anew at full resolution.
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
#: Distance from these features up to which nothing is smoothed, and from which all is, units.
FEATURE_NEAR, FEATURE_FAR = 0.012, 0.06
#: Standard deviation of the Gaussian that smooths, in cells of the template grid.
SMOOTHING = 2.0
#: Radius of the ball that closes the gap between eyeball and lids, units (0.5 mm): the gap is narrower than a cell.
CREASE = 0.002
#: Standard deviation of the Gaussian that then smooths the edges of the lids, in half cells of the template grid.
EDGE_SMOOTHING = 0.6
#: Margin around an eye within which both are done, units.
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
#: Distance from the features up to which a block has its own values, and from which it has the template grid's, units;
#: less than the margin, so that blocks have no visible border.
DETAIL_NEAR, DETAIL_FAR = 0.012, 0.028
#: Ridge of the regression on codes, some of which vary together on all heads; their second moments are about one.
RIDGE = 1e-3
#: Height below which nothing is learnt, units: the box in which heads are extracted ends above it.
LOWEST = -0.8
#: Sets of points off the template's surface: their number, as a fraction of the count of template_points, and the
#: standard deviation of their distance from it, units.
NEAR_SURFACE = ((0.5, 0.004), (0.4, 0.012), (0.3, 0.04), (0.3, 0.12))
#: Density of a member's points within its radius, beside its blend weight, which is at most 1: it learns a little where
#: other members outweigh it, too.
LEAST_DENSITY = 0.03


def template_grid(
    dataset: TeacherDataset, report: Callable[[str], None], spacing: float = SPACING
) -> tuple[Floats, tuple[float, float, float]]:
    """Signed distances (X, Y, Z) to the template, units, on a grid around it, and the grid's first point.

    dataset: the teacher's heads.
    report: called with what is being done.
    spacing: of the grid, units.
    """
    vertices, faces = dataset.template.vertices, dataset.template.faces
    low = np.maximum(vertices.min(axis=0) - MARGIN, [-np.inf, LOWEST, -np.inf])
    coarse_counts = np.ceil((vertices.max(axis=0) + MARGIN - low) / (COARSENING * spacing)).astype(int) + 1
    report(f"template grid {tuple(COARSENING * (coarse_counts - 1) + 1)}")
    nodes = np.stack(np.meshgrid(*(np.arange(n) for n in coarse_counts), indexing="ij"), axis=-1).reshape(-1, 3)
    coarse = signed_distance(vertices, faces, nodes * COARSENING * spacing + low).reshape(coarse_counts)
    counts = COARSENING * (coarse_counts - 1) + 1
    fine: Floats = zoom(coarse, counts / coarse_counts, order=1, grid_mode=False).astype(np.float32)
    in_band = np.flatnonzero(np.abs(fine) < BAND)
    for chunk in np.array_split(in_band, 1 + len(in_band) // 200_000):
        index = np.stack(np.unravel_index(chunk, tuple(counts)), axis=1)
        fine.reshape(-1)[chunk] = signed_distance(vertices, faces, index * spacing + low)
    for eye in ("left_eye", "right_eye"):
        smooth_around(fine, low, dataset, vertices[dataset.template.regions[eye]], spacing)
    return without_facets(fine, low, dataset, spacing), (float(low[0]), float(low[1]), float(low[2]))


def smooth_around(grid: Floats, low: Floats, dataset: TeacherDataset, points: Floats, spacing: float) -> None:
    """Smooth the distances around an eye, in place, so far that the grid can represent them.

    Between lid and eyeball runs a gap, and along the lid an edge, narrower than the grid's cells: both would come out
    jagged. On a grid twice as fine the gap is closed with a ball of radius CREASE, then edges are smoothed.

    grid: (X, Y, Z) the template grid, units, changed in place.
    low: (3,) its first point, units.
    dataset: the teacher's heads.
    points: (P, 3) vertices of the eyeball, units.
    """
    box, nodes = half_nodes(low, points, EYE_MARGIN, spacing)
    smooth = gaussian_filter(closed_distance(dataset, nodes, CREASE, spacing), EDGE_SMOOTHING)[::2, ::2, ::2]
    distance = cKDTree(points).query(nodes[::2, ::2, ::2].reshape(-1, 3))[0].reshape(smooth.shape)
    # 1 up to two fifths of the margin, 0 from four fifths on.
    weight = np.clip(2.0 - 2.5 * distance / EYE_MARGIN, 0.0, 1.0)
    grid[box] += weight * (smooth - grid[box])


def half_nodes(low: Floats, points: Floats, margin: float, spacing: float) -> tuple[tuple[slice, slice, slice], Floats]:
    """The box of the template grid around some points, as slices, and the nodes (X, Y, Z, 3) in it of a grid of half
    the spacing, units.

    low: (3,) first point of the template grid, units.
    points: (P, 3) units.
    margin: around the points, units.
    spacing: of the template grid, units.
    """
    first = np.floor((points.min(axis=0) - margin - low) / spacing).astype(int)
    last = np.ceil((points.max(axis=0) + margin - low) / spacing).astype(int)
    counts = np.meshgrid(*(np.arange(2 * n + 1) for n in last - first), indexing="ij")
    x, y, z = (slice(int(a), int(b) + 1) for a, b in zip(first, last, strict=True))
    return (x, y, z), np.stack(counts, axis=-1) * (spacing / 2) + (first * spacing + low)


def closed_distance(dataset: TeacherDataset, nodes: Floats, radius: float, spacing: float) -> Floats:
    """The template's signed distance (X, Y, Z), units, with gaps closed into which a ball does not fit: the
    morphological closing, by dilation to the level `radius` and erosion from there.

    dataset: the teacher's heads.
    nodes: (X, Y, Z, 3) of a grid of half spacing, units.
    radius: of the ball, units.
    spacing: of the template grid, units; that of the nodes is half of it.
    """
    vertices, faces = dataset.template.vertices, dataset.template.faces
    distance = signed_distance(vertices, faces, nodes.reshape(-1, 3)).reshape(nodes.shape[:3])
    shell, triangles, _, _ = marching_cubes(distance, radius, spacing=(spacing / 2,) * 3)
    near = (distance < radius) & (distance > -3 * radius)
    squared, _, _ = igl.point_mesh_squared_distance(nodes[near], shell.astype(np.float64) + nodes[0, 0, 0], triangles)
    distance[near] = radius - np.sqrt(squared)
    return distance


def detail_grids(
    dataset: TeacherDataset, grid: Floats, low: Floats, spacing: float = SPACING
) -> list[tuple[Floats, tuple[float, float, float]]]:
    """Blocks (X, Y, Z) of the template's distances, units, at half the spacing around DETAILS, and their first points.

    Away from the features a block has the values of the template grid, so that its border does not show.

    dataset: the teacher's heads.
    grid: (X, Y, Z) the template grid, units.
    low: (3,) its first point, units.
    """
    template = dataset.template
    blocks = []
    for names in DETAILS:
        points = template.vertices[np.any([template.regions[name] for name in names], axis=0)]
        box, nodes = half_nodes(low, points, DETAIL_MARGIN, spacing)
        fine = gaussian_filter(closed_distance(dataset, nodes, CREASE, spacing), EDGE_SMOOTHING)
        index = np.stack(np.meshgrid(*(np.arange(n) / 2 for n in fine.shape), indexing="ij"))
        coarse = map_coordinates(grid[box], index, order=1)
        distance = cKDTree(points).query(nodes.reshape(-1, 3))[0].reshape(fine.shape)
        weight = np.clip((DETAIL_FAR - distance) / (DETAIL_FAR - DETAIL_NEAR), 0.0, 1.0)
        x, y, z = nodes[0, 0, 0].tolist()
        blocks.append(((coarse + weight * (fine - coarse)).astype(np.float32), (x, y, z)))
    return blocks


def without_facets(grid: Floats, low: Floats, dataset: TeacherDataset, spacing: float) -> Floats:
    """The template grid (X, Y, Z), smoothed on scalp, forehead, cheeks and neck, whose large triangles would show as
    facets; unchanged near FEATURES, whose shape is in their small triangles.

    grid: (X, Y, Z) the template grid, units.
    low: (3,) its first point, units.
    dataset: the teacher's heads.
    """
    template = dataset.template
    features = np.any([template.regions[name] for name in FEATURES], axis=0)
    tree = cKDTree(template.vertices[features])
    step = 4  # distances are computed at every fourth node, which is quicker
    coarse = np.stack(np.meshgrid(*(np.arange(0, n, step) for n in grid.shape), indexing="ij"), axis=-1)
    distance = tree.query(coarse.reshape(-1, 3) * spacing + low)[0].reshape(coarse.shape[:3])
    weight = np.clip((distance - FEATURE_NEAR) / (FEATURE_FAR - FEATURE_NEAR), 0.0, 1.0).astype(np.float32)
    weight = weight.repeat(step, 0).repeat(step, 1).repeat(step, 2)[tuple(map(slice, grid.shape))]
    weight = gaussian_filter(weight, step / 2)
    smooth: Floats = grid + weight * (gaussian_filter(grid, SMOOTHING) - grid)
    return smooth


def hair_grids(dataset: TeacherDataset) -> tuple[tuple[str, ...], Floats, tuple[float, float, float]]:
    """Names of the S styles but bald, their signed distances (S, X, Y, Z), units, limited to HAIR_CLAMP, on one common
    grid of HAIR_SPACING, and the grid's first point.

    dataset: the teacher's hair styles.
    """
    names = tuple(name for name, style in dataset.styles.items() if style.grid is not None)
    if not names:
        return ("none",), np.full((1, 2, 2, 2), HAIR_CLAMP, np.float32), (0.0, 0.0, 0.0)
    styles = [dataset.styles[name] for name in names]
    extents = []
    for style in styles:
        assert style.grid is not None
        points = np.argwhere(style.grid < HAIR_SPACING) * style.spacing + style.origin
        extents += [points.min(axis=0), points.max(axis=0)]
    low, high = np.min(extents, axis=0) - 2 * HAIR_SPACING, np.max(extents, axis=0) + 2 * HAIR_SPACING
    counts = np.ceil((high - low) / HAIR_SPACING).astype(int) + 1
    nodes = np.stack(np.meshgrid(*(np.arange(n) for n in counts), indexing="ij"))
    grids = []
    for style in styles:
        assert style.grid is not None
        index = (nodes * HAIR_SPACING + low[:, None, None, None] - style.origin[:, None, None, None]) / style.spacing
        last = np.array(style.grid.shape)[:, None, None, None] - 1
        # Beyond the style's own grid: the value at its border, plus the distance from there.
        beyond = np.linalg.norm((index - np.clip(index, 0, last)) * style.spacing, axis=0)
        distance = map_coordinates(style.grid, index, order=1, mode="nearest") + beyond
        grids.append(np.clip(distance, -HAIR_CLAMP, HAIR_CLAMP))
    return names, np.stack(grids).astype(np.float32), (float(low[0]), float(low[1]), float(low[2]))


def quantised_hair(grids: Floats) -> npt.NDArray[np.int8]:
    """Distances of hair as the model stores them: -127 to 127 for -HAIR_CLAMP to HAIR_CLAMP.

    grids: (S, X, Y, Z) of hair_grids, units.
    """
    return np.round(grids * (127.0 / HAIR_CLAMP)).astype(np.int8)


def beard_grids(dataset: TeacherDataset) -> tuple[Floats, tuple[float, float, float], float]:
    """Thickness (B, X, Y, Z) of the dataset's beards on their common grid, units, its first point and its spacing.

    dataset: the teacher's beards.
    """
    beards = list(dataset.beards.values())
    if not beards:
        return np.zeros((0, 2, 2, 2), np.float32), (0.0, 0.0, 0.0), 1.0
    x, y, z = beards[0].origin.tolist()
    return np.stack([beard.thickness for beard in beards]), (x, y, z), beards[0].spacing


@dataclass(frozen=True)
class MemberTargets:
    """What one stored member learns: from a point of the template to how each entry of the code displaces it.

    local: (P, 3) template points minus the member's anchor on the template, units; denser where its blend weight is
        larger.
    basis: (P, 1 + G + L, 3) displacement of the points by every entry of [1, global, local], less the displacement of
        the anchor, units.
    spread: (1 + G + L, 1 + G + L) lower Cholesky factor of the second moments of [1, global, local] over heads. An
        error of the basis, multiplied by it, has the squared norm that the displacements' error has in the mean over
        heads.
    """

    local: Floats
    basis: Floats
    spread: Floats


@dataclass(frozen=True)
class TemplatePoints:
    """Points on, near and around the template.

    points: (P, 3) units.
    weights: (P, V) sparse weights of the vertices' displacements in that of a point: barycentric on the surface, and
        those of surroundings.surrounding_weights away from it.
    """

    points: Floats
    weights: sp.csr_matrix


def template_points(dataset: TeacherDataset, count: int, seed: int) -> TemplatePoints:
    """Draw points on the template's surface, 2 `count`, and off it by ever larger distances, 1.5 `count`.

    dataset: the teacher's heads.
    count: see above.
    seed: of the draw.
    """
    template = dataset.template
    vertices, faces = template.vertices, template.faces
    rng = np.random.default_rng(seed)
    on_surface = sample_surface(vertices, faces, 2 * count, rng, by_area=0.5)
    off_surface = []
    for fraction, deviation in NEAR_SURFACE:
        samples = sample_surface(vertices, faces, int(fraction * count), rng, by_area=0.6)
        off_surface.append(sample_near(samples, deviation, rng))
    off_points = np.concatenate(off_surface)
    on_weights = sparse_rows(faces[on_surface.face], on_surface.bary, len(vertices))
    points = np.concatenate([on_surface.points, off_points]).astype(np.float32)
    weights = sp.vstack([on_weights, surrounding_weights(vertices, faces, off_points, rng)]).tocsr()
    return TemplatePoints(points, weights)


def member_targets(
    dataset: TeacherDataset, codes: Codes, anchor_motion: Floats, shared: Floats, local: Floats, count: int, seed: int
) -> list[MemberTargets]:
    """Targets of the 24 stored members.

    The displacement of a head's vertices is regressed, vertex by vertex, on the member's codes: both sides of the face
    together for members that serve a pair.

    dataset: the teacher's heads.
    codes: how they become codes.
    anchor_motion: (117, 1 + G) displacement of the anchors by [1, global], units.
    shared, local: (N, G), (N, 39, L) global and local codes of the training heads.
    count: number of points of each member, P.
    seed: of the points.
    """
    template = dataset.template
    rest = template.vertices[codes.anchor_vertices]
    displacements = np.stack([head_vertices(dataset, i) - template.vertices for i in train_indices(dataset)])
    twins = mirror_twins(template.vertices)
    candidates = template_points(dataset, 4 * count, seed)
    motion = anchor_motion.reshape(ANCHORS, 3, -1)
    squared = cdist(candidates.points, rest, "sqeuclidean") / codes.radii**2
    # The blend weights of the decoder. The last member answers where those of all others are small.
    blend = np.exp(-4.0 * squared) * (1.0 - squared).clip(0.0) ** 2
    uncovered = blend.sum(axis=1, keepdims=True) < 2 * LEAST_WEIGHT
    density = np.hstack([blend + LEAST_DENSITY * (squared < 1.05), uncovered])
    rng = np.random.default_rng([seed, 1])
    targets = []
    for member in [*range(0, SYMMETRIC, 2), *range(SYMMETRIC, MEMBERS)]:
        own = local[:, member] if member < ANCHORS else np.zeros_like(local[:, 0])
        design = np.hstack([np.ones((len(shared), 1), np.float32), shared, own])
        moments, products = _moments(design, displacements)
        if member < SYMMETRIC:
            twin_design = np.hstack([design[:, : 1 + shared.shape[1]], local[:, member + 1]])
            twin_moments, twin_products = _moments(twin_design, displacements)
            mirrored = twin_products.reshape(len(twin_products), -1, 3)[:, twins] * MIRROR
            moments = (moments + twin_moments) / 2
            products = (products + mirrored.reshape(len(products), -1)) / 2
        ridge = RIDGE * np.eye(len(moments))
        ridge[0, 0] = 0.0
        basis = np.linalg.solve(moments + ridge, products).reshape(len(moments), -1, 3)
        if member < ANCHORS:
            basis[: motion.shape[2]] -= motion[member].T[:, None]
        anchor = rest[member] if member < ANCHORS else np.zeros(3, np.float32)
        probability = density[:, member] / density[:, member].sum()
        chosen = rng.choice(len(probability), count, p=probability)
        values = candidates.weights[chosen] @ basis.transpose(1, 0, 2).reshape(basis.shape[1], -1)
        factor = np.linalg.cholesky(moments + ridge + 1e-9 * np.eye(len(moments)))
        points = (candidates.points[chosen] - anchor).astype(np.float32)
        shape = (count, len(moments), 3)
        targets.append(MemberTargets(points, values.reshape(shape).astype(np.float32), factor.astype(np.float32)))
    return targets


def _moments(design: Floats, displacements: Floats) -> tuple[Floats, Floats]:
    """Means over N heads of the products of the design (N, K) with itself (K, K), and with displacements (N, V, 3),
    (K, 3 V)."""
    count = len(design)
    return (design.T @ design / count).astype(np.float64), design.T @ displacements.reshape(count, -1) / count
