"""The inside of the mouth on the template: two dental arches and the tongue, from the base mesh.

The template shows the mean adult with the mouth slightly open; what is read here is the same person with the mouth
closed, since parts of an asset are kept in their neutral places.
"""

from __future__ import annotations

import numpy as np

from clip_head.core.types import Floats, Ints
from clip_head.training.teacher.base_mesh import BaseMesh, load_base_mesh, load_target
from clip_head.training.teacher.identities import CANONICAL_JAW, build_basis, template_base
from clip_head.training.teacher.template import catmull_clark

#: Points along an arch, from the right molars to the left ones.
ARCH_POINTS = 41
#: Degree of the polynomials, of the way along it, that an arch is smoothed by: the base mesh's has corners.
ARCH_DEGREE = 6
#: Greatest distance of a vertex of the tongue from its mirror image on the base mesh, units (1 mm).
MIRROR_TOLERANCE = 0.004
#: Rows of an arch on the base mesh, from the gums over the incisal edges to the palate or floor of the mouth, and which
#: of them are the edges.
ARCH_ROWS, EDGE_ROW = 4, 2


def mouth_arrays() -> dict[str, Floats | Ints]:
    """What core/asset makes teeth and tongue from, in the template's frame, mouth closed.

    Returns:
    upper_edge, lower_edge (41, 3): labial side of the incisal edges and of the buccal cusps, from the right second
        molar to the left one, units; exactly mirror-symmetric, as are all other arrays.
    upper_gum, lower_gum (41, 3): where the gums go over into the lips, likewise.
    tongue_vertices (V, 3): units; tongue_quads (Q, 4); tongue_uv (Q, 4, 2); tongue_mirror (V,): of each vertex its
        mirror image.
    tongue_out (V, 3): offsets of the action tongueOut, units.
    """
    mesh = load_base_mesh()
    basis = build_basis(np.arange(len(mesh.vertices), dtype=np.int32))
    closed = np.asarray(template_base(basis) - CANONICAL_JAW * basis.jaw, np.float32)
    arrays: dict[str, Floats | Ints] = {}
    for jaw in ("upper", "lower"):
        rows = arch_rows(mesh.quads[mesh.group == f"helper-{jaw}-teeth"], closed)
        arrays[f"{jaw}_edge"] = smooth_arch(closed[rows[EDGE_ROW]])
        arrays[f"{jaw}_gum"] = smooth_arch(closed[rows[0]])
    return arrays | tongue_arrays(mesh, closed)


def arch_rows(quads: Ints, vertices: Floats) -> Ints:
    """The vertices of an arch, row by row.

    quads (48, 4): a strip of 3 x 16 quads.
    vertices (N, 3): of the base mesh, units.
    Returns (4, 17): from the gums over the incisal edges to the palate or floor; each from the right to the left.
    """
    neighbours: dict[int, set[int]] = {int(v): set() for v in np.unique(quads)}
    borders: dict[tuple[int, int], int] = {}
    for quad in quads:
        for a, b in zip(quad.tolist(), np.roll(quad, -1).tolist(), strict=True):
            neighbours[a].add(b)
            neighbours[b].add(a)
            borders[min(a, b), max(a, b)] = borders.get((min(a, b), max(a, b)), 0) + 1
    border = {v for edge, count in borders.items() if count == 1 for v in edge}
    corners = [v for v in neighbours if len(neighbours[v]) == 2]
    # The gums' row lies further out than that of the palate, and starts on the right.
    row = [min((v for v in corners if vertices[v, 0] < 0), key=lambda v: vertices[v, 0])]
    while len(row) == 1 or row[-1] not in corners:
        row.append(
            max(
                (v for v in neighbours[row[-1]] if v in border and v not in row),
                key=lambda v: vertices[v, 0] if v not in corners or len(row) > ARCH_ROWS else -np.inf,
            )
        )
    rows = [row]
    seen = set(row)
    while len(rows) < ARCH_ROWS:
        row = [next(v for v in neighbours[u] if v not in seen) for u in rows[-1]]
        rows.append(row)
        seen |= set(row)
    return np.array(rows, np.int32)


def smooth_arch(points: Floats) -> Floats:
    """A curve without corners through the points of an arch, mirror-symmetric.

    points (N, 3): from the right to the left, units.
    Returns (41, 3): evenly along it, units.
    """
    points = (points + points[::-1] * (-1, 1, 1)) / 2
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    way = 2 * along / along[-1] - 1
    powers = np.arange(ARCH_DEGREE + 1)
    even = np.linspace(-1, 1, ARCH_POINTS)
    curve = np.empty((ARCH_POINTS, 3))
    for axis, used in enumerate((powers[1::2], powers[::2], powers[::2])):
        fit = np.linalg.lstsq(way[:, None] ** used, points[:, axis], rcond=None)[0]
        curve[:, axis] = even[:, None] ** used @ fit
    curve = (curve + curve[::-1] * (-1, 1, 1)) / 2
    return curve.astype(np.float32)


def tongue_arrays(mesh: BaseMesh, closed: Floats) -> dict[str, Floats | Ints]:
    """The tongue, once subdivided; see mouth_arrays.

    mesh: the base mesh.
    closed (N, 3): its vertices on the template's person, mouth closed, units.
    """
    chosen = mesh.group == "helper-tongue"
    used, quads = np.unique(mesh.quads[chosen], return_inverse=True)
    quads = quads.reshape(-1, 4).astype(np.int32)
    subdivide, fine, uv = catmull_clark(quads, mesh.uv[chosen], len(used))
    vertices = subdivide @ closed[used]
    out = subdivide @ load_target("facial/tongueOut")[used].astype(np.float64)
    mirror = mirrored(vertices)
    flip = np.array([-1.0, 1.0, 1.0])
    vertices, out = ((array + array[mirror] * flip) / 2 for array in (vertices, out))
    return {
        "tongue_vertices": vertices.astype(np.float32),
        "tongue_quads": fine.astype(np.int32),
        "tongue_uv": uv.astype(np.float32),
        "tongue_mirror": mirror,
        "tongue_out": out.astype(np.float32),
    }


def mirrored(vertices: Floats) -> Ints:
    """Of each vertex (V,) the one nearest to its mirror image; each is then its image's image.

    vertices (V, 3): of a mesh that is nearly mirror-symmetric, units.
    Raises: ValueError where some vertex has no image of its own.
    """
    distance = np.linalg.norm(vertices[:, None] - vertices[None] * (-1, 1, 1), axis=2)
    image = distance.argmin(axis=1).astype(np.int32)
    if distance.min(axis=1).max() > MIRROR_TOLERANCE or not (image[image] == np.arange(len(image))).all():
        raise ValueError("The mesh is not mirror-symmetric.")
    return image
