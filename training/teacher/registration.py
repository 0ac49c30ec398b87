"""The teacher's base mesh laid onto the mean of scans, and displacements of the scans carried over to it.

Rims of lids and lips are laid onto each other by arc length, corners of the mouth and tip of the nose as points; all
else goes to the closest point, in rounds with ever less smoothness (non-rigid iterated closest points). What no scan
shows, the insides of eye sockets, mouth and nostrils and MakeHuman's helpers, follows the skin around it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import igl
import numpy as np
import scipy.sparse as sp
from scipy.sparse.linalg import splu, spsolve

from clip_head.core.normals import angle_weighted_normals
from clip_head.core.types import MILLIMETRES_PER_UNIT, Bools, Floats, Ints

from .base_mesh import load_base_mesh
from .cavities import Cavities, find_cavities, into_mouth
from .dataset import SKIN, Template
from .scans import EYEBALLS, Scans
from .surroundings import surrounding_weights
from .template import Topology

#: Weight of smoothness and of the ears in each round. Ears come late, when all around them lies well; chosen by hand.
ROUNDS = (
    (20, 0.0),
    (8, 0.0),
    (4, 0.0),
    (2, 0.2),
    (1, 0.5),
    (0.5, 1.0),
    (0.25, 1.0),
    (0.12, 1.0),
    (0.06, 1.0),
    (0.06, 1.0),
)
#: Weight of a vertex of a rim, and of a landmark, where that of a closest point is 1.
RIM_WEIGHT, LANDMARK_WEIGHT = 20.0, 10.0
#: Weight of staying in place, which decides where nothing else does.
REST_WEIGHT = 1e-6
#: Closest points farther away than this, units (20 mm), or whose normals have a smaller cosine, do not count.
FARTHEST, LEAST_COSINE = 0.08, 0.5
#: Weight of smoothness and of rest when displacements are carried over.
CARRIED_SMOOTHNESS, CARRIED_REST = 0.02, 1e-5
#: Vertices whose closest point is farther away, units (1.5 mm), take no part in what is carried over.
TRUSTED = 0.006
#: What drops by more than this fraction of the greatest drop of the lower lip when the jaw opens is below the mouth.
LOWER_LIP_DROP = 0.4
#: Height below which the neck takes no part, units: the scans' necks end there.
LOWEST = -0.5
#: Landmarks that are held: those of the template, which the scans have under the same names.
HELD = ("left_mouth_corner", "right_mouth_corner", "nose_tip")
#: Regions of the table of errors: name -> regions of the template.
REPORTED = {
    "lids": ("left_eyelids", "right_eyelids"), "lips": ("upper_lip", "lower_lip"), "nose": ("nose",),
    "nostrils": ("nostrils",), "ears": ("ears",), "face": ("face",),
}  # fmt: skip


@dataclass(frozen=True)
class Registration:
    """The base mesh on the scans' mean head.

    base: (B, 3) base vertices with closed lips, units, in the frame of the heads.
    scale: factor from the scans' units to those of the heads.
    eyeballs: (2, 4) centre and radius of the left and the right eyeball there, units.
    errors: name of a region -> root of the mean squared distance to the scan, millimetres.
    carry: from displacements (N, 3) of the scans' vertices, in the scans' units, to those (B, 3) of the base vertices.
    carry_action: the same for a movement of the face, in which lips that touch on the scans part.
    eyes: from such displacements to those (2, 3) of the eyeballs.
    """

    base: Floats
    scale: float
    eyeballs: Floats
    errors: dict[str, float]
    carry: Callable[[Floats], Floats]
    carry_action: Callable[[Floats], Floats]
    eyes: Callable[[Floats], Floats]


def register(topology: Topology, template: Template, closed: Floats, scans: Scans) -> Registration:
    """Lay the base mesh onto the scans' mean.

    topology: from the base mesh to the template.
    template: the mean adult.
    closed: (B, 3) base vertices of the mean adult with closed lips, units, in the frame of the heads.
    scans: real faces.
    Returns: the registration.
    """
    cavities = find_cavities(topology)
    subdivision, vertices = topology.subdivision.astype(np.float64), topology.subdivision @ closed
    scale, move = similarity(topology, template, cavities, vertices, scans)
    surface = scans.vertices * scale + move
    hold, places = held_rims(cavities, closed.astype(float), surface, scans)
    points = [template.landmarks[name] for name in HELD]
    point_places = surface[[scans.landmarks[name] for name in HELD]]
    used = usable_vertices(topology, template, cavities)
    stiff = squared_laplacian(topology)
    fixed = subdivision[points]
    constant = RIM_WEIGHT * hold.T @ hold + LANDMARK_WEIGHT * fixed.T @ fixed
    constant = constant + REST_WEIGHT * sp.identity(len(closed))
    pull = RIM_WEIGHT * hold.T @ places + LANDMARK_WEIGHT * fixed.T @ point_places + REST_WEIGHT * closed
    base = closed.astype(np.float64)
    for smoothness, ears in ROUNDS:
        closest = closest_points(subdivision @ base, topology.faces, surface, scans.triangles)
        weight = (used & closest.fits).astype(np.float64)
        weight[template.regions["ears"]] *= ears
        rows = np.flatnonzero(weight)
        near, weights = subdivision[rows], sp.diags(weight[rows])
        matrix = near.T @ weights @ near + smoothness * stiff + constant
        base = spsolve(matrix.tocsc(), near.T @ weights @ closest.points[rows] + smoothness * (stiff @ closed) + pull)
    unseen, weights = unseen_weights(topology, cavities, closed)
    base[unseen] = closed[unseen] + weights @ (base - closed)
    vertices = subdivision @ base
    closest = closest_points(vertices, topology.faces, surface, scans.triangles)
    parted = lip_by_lip(closest, vertices, topology.faces, surface, scans, template)

    def carrier(points: ClosestPoints) -> Callable[[Floats], Floats]:
        trusted = used & points.fits & (points.distance < TRUSTED)
        moments = subdivision.T @ sp.diags(trusted.astype(float)) @ subdivision
        moments = moments + CARRIED_SMOOTHNESS * stiff + CARRIED_REST * sp.identity(len(closed))
        solve = splu(moments.tocsc()).solve

        def carry(displacements: Floats) -> Floats:
            moved = displacements.astype(np.float64) * scale
            at_points = np.einsum("pk,pkc->pc", points.bary, moved[points.corners]) * trusted[:, None]
            carried = solve(np.ascontiguousarray(subdivision.T @ at_points))
            carried[unseen] = weights @ carried
            return np.asarray(carried, np.float32)

        return carry

    lip_by_lip_carry = carrier(parted)

    def carry_action(displacements: Floats) -> Floats:
        return into_mouth(cavities, lip_by_lip_carry(displacements))

    def eyes(displacements: Floats) -> Floats:
        return np.stack([displacements[ball].astype(np.float64).mean(axis=0) * scale for ball in EYEBALLS])

    return Registration(
        base.astype(np.float32),
        scale,
        np.stack([sphere(surface[ball]) for ball in EYEBALLS]),
        region_errors(closest, used, template),
        carrier(closest),
        carry_action,
        eyes,
    )


@dataclass(frozen=True)
class ClosestPoints:
    """For P points of one surface the closest ones of another.

    points: (P, 3) the closest ones, units.
    distance: (P,) to them, units.
    corners: (P, 3) vertex indices of their triangles; bary: (P, 3) where they lie in these.
    fits: (P,) whether they are near and face the same way.
    """

    points: Floats
    distance: Floats
    corners: Ints
    bary: Floats
    fits: Bools


def closest_points(vertices: Floats, faces: Ints, surface: Floats, triangles: Ints) -> ClosestPoints:
    """The points of a surface that are closest to a mesh's vertices.

    vertices: (P, 3), faces: (F, 3) of the mesh, units.
    surface: (N, 3), triangles: (T, 3) of the surface.
    """
    squared, triangle, points = igl.point_mesh_squared_distance(vertices, surface, triangles)[:3]
    corners = triangles[triangle]
    a, b, c = (np.ascontiguousarray(surface[corners[:, k]]) for k in range(3))
    normals = np.cross(b - a, c - a)
    normals /= np.linalg.norm(normals, axis=1, keepdims=True) + 1e-20
    own = angle_weighted_normals(vertices, faces)
    bary = np.clip(igl.barycentric_coordinates(np.ascontiguousarray(points), a, b, c), 0, 1)
    bary /= bary.sum(axis=1, keepdims=True)
    distance = np.sqrt(squared)
    fits = ((own * normals).sum(axis=1) > LEAST_COSINE) & (distance < FARTHEST)
    return ClosestPoints(points, distance, corners, bary, fits)


def lip_by_lip(
    closest: ClosestPoints, vertices: Floats, faces: Ints, surface: Floats, scans: Scans, template: Template
) -> ClosestPoints:
    """Closest points of which those of either lip lie on that lip: where lips touch, the nearest may be the other's.

    closest: of all vertices.
    vertices: (V, 3), faces: (F, 3) of the mesh, units.
    surface: (N, 3) of the scans' mean, units.
    scans: whose lower lip is what drops with the jaw.
    template: with the regions of its lips.
    """
    drop = -scans.expression[scans.actions.index("jawOpen")][:, 1].astype(np.float64)
    drops = drop > LOWER_LIP_DROP * drop[scans.lips[1]].max()
    lower = drops[scans.triangles].all(axis=1)
    fields = dict(vars(closest))
    for region, own in (("lower_lip", lower), ("upper_lip", ~drops[scans.triangles].any(axis=1))):
        rows = template.regions[region]
        on_lip = closest_points(vertices, faces, surface, scans.triangles[own])
        fields = {
            name: np.where(rows.reshape(-1, *[1] * (value.ndim - 1)), getattr(on_lip, name), value)
            for name, value in fields.items()
        }
    return ClosestPoints(**fields)


def similarity(
    topology: Topology, template: Template, cavities: Cavities, vertices: Floats, scans: Scans
) -> tuple[float, Floats]:
    """Scale, and then move (3,), that lay eyes, mouth, nose and chin of the scans onto those of the mean adult.

    vertices: (V, 3) of the mean adult with closed lips, units; the others: as of register.
    """
    names = ("left_mouth_corner", "right_mouth_corner", "nose_tip", "chin")
    ours = [vertices[template.landmarks[name]] for name in ("left_pupil", "right_pupil", *names)]
    theirs = [scans.vertices[lid].mean(axis=0) for lid in scans.lids]
    theirs += [scans.vertices[scans.landmarks[name]] for name in names]
    target, source = np.stack(ours), np.stack(theirs)
    centred, target_centred = source - source.mean(axis=0), target - target.mean(axis=0)
    scale = float(np.sqrt((target_centred**2).sum() / (centred**2).sum()))
    return scale, target.mean(axis=0) - scale * source.mean(axis=0)


def held_rims(cavities: Cavities, base: Floats, surface: Floats, scans: Scans) -> tuple[sp.csr_matrix, Floats]:
    """Which base vertices lie on rims of lids and lips, as a matrix (R, B), and where on the scans (R, 3) they belong.

    cavities: with the rims on the base mesh.
    base: (B, 3) of the mean adult with closed lips, units.
    surface: (N, 3) of the scans' mean, units.
    scans: with their rims.
    """
    held: list[int] = []
    places: list[Floats] = []
    curves = [half for lid in scans.lids for half in halves(surface, lid)] + [surface[line] for line in scans.lips]
    rims = [half for rim in cavities.lids for half in half_rings(base, rim)] + list(half_rings(base, cavities.lips))
    for ids, curve in zip(rims, curves, strict=True):
        held += ids.tolist()
        places.append(at_arc_length(curve, arc_length(base[ids])))
    rows = sp.csr_matrix((np.ones(len(held)), (np.arange(len(held)), held)), shape=(len(held), len(base)))
    return rows, np.concatenate(places)


def half_rings(points: Floats, ring: Ints) -> tuple[Ints, Ints]:
    """The upper and the lower half of a closed ring of vertices, each from the corner of least x to that of most x.

    points: (V, 3).
    ring: vertex indices in order.
    """
    low, high = int(points[ring, 0].argmin()), int(points[ring, 0].argmax())
    turned = np.roll(ring, -low)
    end = (high - low) % len(ring)
    one, other = turned[: end + 1], np.concatenate([turned[:1], turned[: end - 1 : -1]])
    return (one, other) if points[one, 1].mean() > points[other, 1].mean() else (other, one)


def halves(points: Floats, ring: Ints) -> tuple[Floats, Floats]:
    """The positions of half_rings."""
    upper, lower = half_rings(points, ring)
    return points[upper], points[lower]


def arc_length(curve: Floats) -> Floats:
    """(P,) how far along a polyline its points lie, 0 to 1.

    curve: (P, 3).
    """
    length = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(curve, axis=0), axis=1))])
    return np.asarray(length / length[-1])


def at_arc_length(curve: Floats, places: Floats) -> Floats:
    """Points (Q, 3) at places (Q,), 0 to 1, along a polyline (P, 3)."""
    known = arc_length(curve)
    return np.stack([np.interp(places, known, curve[:, k]) for k in range(3)], axis=1)


def usable_vertices(topology: Topology, template: Template, cavities: Cavities) -> Bools:
    """(V,) the template's vertices that a scan shows: skin above LOWEST, without what hangs on cavities' insides."""
    inside = np.concatenate([cavities.inside_sockets, cavities.inside_mouth])
    hidden = np.asarray(abs(topology.subdivision[:, inside]).sum(axis=1)).ravel() > 0.05
    hidden |= template.regions["cap"] | template.regions["left_eye"] | template.regions["right_eye"]
    skin = np.zeros(len(template.vertices), bool)
    skin[topology.faces[topology.part == SKIN]] = True
    return skin & ~hidden & ~(template.regions["neck"] & (template.vertices[:, 1] < LOWEST))


def squared_laplacian(topology: Topology) -> sp.csr_matrix:
    """(B, B) the square of the base mesh's uniform Laplacian; its product with smooth positions is small."""
    mesh = load_base_mesh()
    quads = np.searchsorted(topology.base, mesh.quads[np.isin(mesh.quads, topology.base).all(axis=1)])
    edges = np.stack([quads, np.roll(quads, -1, axis=1)], axis=-1).reshape(-1, 2)
    count = len(topology.base)
    graph = sp.csr_matrix((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), shape=(count, count))
    graph = ((graph + graph.T) > 0).astype(float)
    degree = np.asarray(graph.sum(axis=1)).ravel()
    laplacian = sp.diags((degree > 0).astype(float)) - sp.diags(1 / np.maximum(degree, 1)) @ graph
    return (laplacian.T @ laplacian).tocsr()


def unseen_weights(topology: Topology, cavities: Cavities, base: Floats) -> tuple[Ints, sp.csr_matrix]:
    """The base vertices that are not on the skin, and the weights (U, B) by which they follow those that are.

    base: (B, 3) of the mean adult with closed lips, units; the others: as of register.
    """
    quads = cavities.skin_quads
    triangles = quads[:, [[0, 1, 2], [0, 2, 3]]].reshape(-1, 3)
    unseen = np.setdiff1d(np.arange(len(base)), quads)
    weights = surrounding_weights(base, triangles, base[unseen], np.random.default_rng(0))
    return unseen, weights


def sphere(points: Floats) -> Floats:
    """(4,) centre and radius of the sphere through points, by least squares.

    points: (P, 3).
    """
    design = np.hstack([2 * points, np.ones((len(points), 1))])
    solution = np.linalg.lstsq(design, (points**2).sum(axis=1), rcond=None)[0]
    return np.append(solution[:3], np.sqrt(solution[3] + (solution[:3] ** 2).sum()))


def region_errors(closest: ClosestPoints, used: Bools, template: Template) -> dict[str, float]:
    """Region -> root of the mean squared distance of its vertices to the scan, millimetres; "all" among them."""

    def error(mask: Bools) -> float:
        return float(np.sqrt((closest.distance[mask & used & closest.fits] ** 2).mean())) * MILLIMETRES_PER_UNIT

    regions = template.regions
    errors = {name: error(np.any([regions[part] for part in parts], axis=0)) for name, parts in REPORTED.items()}
    return {"all": error(np.ones(len(used), bool))} | errors
