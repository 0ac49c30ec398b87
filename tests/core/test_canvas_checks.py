"""What cannot be painted is refused before any work."""

from dataclasses import replace

import numpy as np
import pytest

from clip_head.core.canvas_checks import check_foreign_mesh, check_own_uv
from clip_head.core.errors import MeshError, RequestError
from clip_head.core.types import ForeignMesh, Head, UnwrappedMesh


def foreign(mesh: UnwrappedMesh) -> ForeignMesh:
    corners = mesh.faces.ravel()
    return ForeignMesh(mesh.vertices, mesh.faces, corners, np.repeat(np.arange(len(mesh.faces), dtype=np.int32), 3))


def turned(mesh: ForeignMesh, squashed: float) -> ForeignMesh:
    """Squashed along z, then turned out of the axes."""
    turn = np.linalg.qr(np.random.default_rng(0).standard_normal((3, 3)))[0]
    return replace(mesh, vertices=(mesh.vertices * [1, 1, squashed] @ turn).astype(np.float32))


@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e5])
def test_a_head_of_any_size_and_turn_passes(small_head: Head, scale: float) -> None:
    mesh = turned(foreign(small_head.mesh), 1.0)
    check_foreign_mesh(replace(mesh, vertices=mesh.vertices * np.float32(scale)), "'Head'")
    check_foreign_mesh(turned(mesh, 0.3), "'Head'")


def test_what_cannot_be_a_head_is_named(small_head: Head) -> None:
    mesh = foreign(small_head.mesh)
    broken = mesh.vertices.copy()
    broken[3, 1] = np.nan
    for wrong, words in (
        (replace(mesh, faces=mesh.faces[:99]), "'Body' has 99 triangles, too few"),
        (replace(mesh, faces=np.broadcast_to(mesh.faces[:1], (6_000_000, 3))), "6000000 triangles, too many"),
        (replace(mesh, vertices=broken), "not finite"),
        (replace(mesh, vertices=0 * mesh.vertices + 7), "all its points in one place"),
        (turned(mesh, 0.01), "is flat"),
        (turned(mesh, 0.0), "is flat"),
    ):
        with pytest.raises(MeshError, match=words):
            check_foreign_mesh(wrong, "'Body'")


def test_points_that_no_face_has_do_not_count(small_head: Head) -> None:
    mesh = foreign(small_head.mesh)
    loose = np.full((1, 3), np.nan, np.float32)
    check_foreign_mesh(replace(mesh, vertices=np.concatenate([mesh.vertices, loose])), "'Head'")


def test_our_own_uv_passes_and_a_wrecked_one_is_named(small_head: Head) -> None:
    mesh = small_head.mesh
    check_own_uv(mesh, "'Head'")
    random = np.random.default_rng(0)
    nan = mesh.uv.copy()
    nan[5] = np.nan
    diagonal = mesh.uv.copy()
    diagonal[::2, 1] = diagonal[::2, 0]
    for uv, words in (
        (random.random(mesh.uv.shape, np.float32), "cover .* times the unit square"),
        (mesh.uv * 1000, r"leaves the unit square \(from 0 to 1e\+03\)"),
        (nan, "not finite"),
        (0 * mesh.uv, "cover 0 times"),
        (mesh.uv[:, ::-1] * 0.1, "cover 0.0"),
        (np.repeat(random.random((len(mesh.uv), 1), np.float32), 2, axis=1) + 1e-6 * mesh.uv, "their boxes"),
    ):
        with pytest.raises(RequestError, match=words) as error:
            check_own_uv(replace(mesh, uv=uv.astype(np.float32)), "'Head'")
        assert "'Head'" in error.value.cause
        assert "--texture" in error.value.remedy
    with pytest.raises(RequestError, match="no faces"):
        check_own_uv(replace(mesh, faces=mesh.faces[:0]), "'Head'")
