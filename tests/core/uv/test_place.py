"""A head from anywhere is brought to NPHM's frame, facing forwards, whatever its hair; what is no head is refused."""

from __future__ import annotations

import numpy as np
import pytest
import trimesh
from scipy.spatial.transform import Rotation

from clip_head.core.errors import MeshError
from clip_head.core.nphm import decode_head, extract_head
from clip_head.core.pipeline import Models, read_words
from clip_head.core.types import MILLIMETRES_PER_UNIT, ForeignMesh, HeadMesh, HeadRequest
from clip_head.core.uv import place

pytestmark = pytest.mark.slow(minutes=2)

NOTHING = np.zeros(0, np.int32)


def head_of(models: Models, prompt: str) -> HeadMesh:
    return extract_head(decode_head(models.nphm, read_words(HeadRequest(prompt), models)), 96)


def foreign(vertices: np.ndarray, faces: np.ndarray) -> ForeignMesh:
    return ForeignMesh(np.asarray(vertices, np.float32), np.asarray(faces, np.int32), NOTHING, NOTHING)


@pytest.mark.parametrize(
    ("prompt", "turn"),
    [
        ("a bald man", 170),
        ("an african woman with an afro", -100),
        ("a man with a long beard and long hair", 140),
        ("a woman with a ponytail, laughing", -35),
    ],
)
def test_the_face_comes_to_where_faces_are(models: Models, prompt: str, turn: float) -> None:
    head = head_of(models, prompt)
    around = Rotation.from_euler("y", turn, degrees=True)
    moved = 3.5 * around.apply(head.vertices) + np.array([12.0, -4.0, 1.5])
    placed = place(foreign(moved, head.faces)).vertices
    x, y, z = head.vertices.T
    face = (z > 0.1) & (np.abs(x) < 0.3) & (y > -0.45) & (y < 0.25)
    away = np.linalg.norm(placed - head.vertices, axis=1)[face] * MILLIMETRES_PER_UNIT
    assert face.sum() > 100
    assert away.mean() < 30  # turned back to front it is 150


@pytest.mark.parametrize(
    "shape", [trimesh.creation.box((1, 1, 1)), trimesh.creation.torus(1, 0.4), trimesh.creation.cone(1, 2)]
)
def test_what_is_no_head_is_refused(shape: trimesh.Trimesh) -> None:
    fine = shape.subdivide().subdivide().subdivide()
    with pytest.raises(MeshError, match="does not look like a head"):
        place(foreign(fine.vertices, fine.faces))


def test_too_few_triangles_and_broken_numbers_are_refused(models: Models) -> None:
    head = head_of(models, "a bald man")
    with pytest.raises(MeshError, match="12 usable triangles"):
        place(foreign(head.vertices, head.faces[:12]))
    broken = head.vertices.copy()
    broken[5] = np.nan
    with pytest.raises(MeshError):
        place(foreign(broken, head.faces))
