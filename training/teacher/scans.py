"""Real faces to learn from: ICT-FaceKit's mean head, modes of identity and facial actions, as one file of arrays.

The file is prepared from the model of the USC Institute for Creative Technologies (MIT): principal components of
light-stage scans on one topology. What is learnt from it is shipped, the file never is.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.sparse.csgraph import dijkstra

from clip_head.core.errors import ClipHeadError
from clip_head.core.types import Floats, Ints

#: Name of the file in the folder that --scans names.
FILE = "ict_facekit.npz"
#: Units per centimetre.
UNITS_PER_CENTIMETRE = 0.04
#: Vertices of face, head and neck come first, and so do their quads; behind them are the cavities, teeth and eyes.
SKIN_VERTICES, SKIN_QUADS = 11248, 11144
#: Vertices of the left and the right eyeball.
EYEBALLS = (slice(21451, 23021), slice(23021, 24591))
#: Landmarks by their place among the 68 of Multi-PIE.
LANDMARKS = {"right_mouth_corner": 48, "left_mouth_corner": 54, "nose_tip": 30, "chin": 8}
#: Points on the line where the lips meet, from the right corner to the left one, on the upper and on the lower lip.
UPPER_LIP, LOWER_LIP = (60, 61, 62, 63, 64), (60, 67, 66, 65, 64)


@dataclass(frozen=True)
class Scans:
    """A mean head and how heads and faces differ from it, on one topology of N vertices.

    vertices: (N, 3) of the mean head with closed lips, units, +y up, +z front, +x the person's left.
    triangles: (T, 3) of its skin: face, head and neck.
    lids: the rims of the left and of the right eyelids, closed loops of vertex indices.
    lips: the lines on the upper and on the lower lip where they meet, vertex indices from right to left.
    landmarks: name -> vertex index.
    identity: (M, N, 3) displacements of the modes at weight 1, units; weights ~ N(0, 1) give people.
    expression: (53, N, 3) displacements of the actions, units, in float16.
    actions: names of the actions, as "browDown_L".
    """

    vertices: Floats
    triangles: Ints
    lids: tuple[Ints, Ints]
    lips: tuple[Ints, Ints]
    landmarks: dict[str, int]
    identity: npt.NDArray[np.float16]
    expression: npt.NDArray[np.float16]
    actions: tuple[str, ...]


def load_scans(folder: Path) -> Scans:
    """Read the scans.

    folder: holds ict_facekit.npz.
    Returns: the scans; displacements still in float16 and centimetres times UNITS_PER_CENTIMETRE.
    Raises: ClipHeadError when the file is missing or of another model.
    """
    path = folder / FILE
    if not path.is_file():
        raise ClipHeadError(
            f"There are no scans in {folder}: {FILE} is missing.",
            "Name the folder that holds ICT-FaceKit's arrays with --scans, or leave the option out.",
        )
    with np.load(path) as arrays:
        missing = {"neutral", "faces", "identity", "expression", "expression_names", "multi_pie_68"} - set(arrays)
        if missing:
            raise ClipHeadError(
                f"{path} lacks the arrays {', '.join(sorted(missing))}.", "Prepare it again from ICT-FaceKit."
            )
        quads = arrays["faces"][:SKIN_QUADS]
        points = arrays["multi_pie_68"]
        scale = np.float16(UNITS_PER_CENTIMETRE)
        vertices = arrays["neutral"].astype(np.float64) * UNITS_PER_CENTIMETRE
        triangles = triangulated(quads)
        # The lids' rims are the two borders that do not reach across the middle.
        left, right = (
            next(loop for loop in border_loops(quads) if (side * vertices[loop, 0] > 0).all()) for side in (1, -1)
        )
        return Scans(
            vertices,
            triangles,
            (left, right),
            (
                path_through(vertices, triangles, points[[*UPPER_LIP]]),
                path_through(vertices, triangles, points[[*LOWER_LIP]]),
            ),
            {name: int(points[number]) for name, number in LANDMARKS.items()},
            arrays["identity"].astype(np.float16) * scale,
            arrays["expression"].astype(np.float16) * scale,
            tuple(str(name) for name in arrays["expression_names"]),
        )


def triangulated(quads: Ints) -> Ints:
    """Triangles (T, 3) of polygons.

    quads: (Q, 4) vertex indices; the last is -1 for triangles.
    """
    second = quads[quads[:, 3] >= 0]
    return np.concatenate([quads[:, :3], second[:, [0, 2, 3]]]).astype(np.int64)


def path_through(vertices: Floats, triangles: Ints, stops: Ints) -> Ints:
    """The shortest way along edges through some vertices, in their order.

    vertices: (V, 3) of the mesh.
    triangles: (T, 3) vertex indices.
    stops: at least two vertex indices.
    Returns: vertex indices from the first stop to the last.
    """
    edges = triangles[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2)
    lengths = np.linalg.norm(vertices[edges[:, 0]] - vertices[edges[:, 1]], axis=1)
    graph = sp.csr_matrix((lengths, (edges[:, 0], edges[:, 1])), shape=(len(vertices), len(vertices)))
    path = [int(stops[0])]
    for start, end in pairwise(stops.tolist()):
        before = dijkstra(graph, indices=start, directed=False, return_predecessors=True)[1]
        back = [end]
        while back[-1] != start:
            back.append(int(before[back[-1]]))
        path += back[-2::-1]
    return np.array(path)


def border_loops(quads: Ints) -> list[Ints]:
    """The closed loops of vertices along which a surface ends, in the direction of its polygons' edges.

    quads: (Q, 4) vertex indices; the last is -1 for triangles.
    """
    polygons = [[int(v) for v in quad if v >= 0] for quad in quads]
    edges = {(a, b) for polygon in polygons for a, b in zip(polygon, polygon[1:] + polygon[:1], strict=True)}
    following = {a: b for a, b in edges if (b, a) not in edges}
    loops, seen = [], set()
    for start in sorted(following):
        if start in seen:
            continue
        loop = [start]
        while following[loop[-1]] != start:
            loop.append(following[loop[-1]])
        seen.update(loop)
        loops.append(np.array(loop))
    return loops
