"""The tangent-space normal map: OpenGL's convention, as Blender and glTF read it."""

import numpy as np
import pytest

from clip_head.core.texture.material.tangent import tangent_normals
from clip_head.core.types import UnwrappedMesh
from clip_head.core.uv import draw_uv_maps

SIZE = 64


def square(mirrored: bool = False) -> UnwrappedMesh:
    """A square that faces +z; u along +x, v along +y (u along -x where mirrored)."""
    x, y = np.meshgrid(np.linspace(-1, 1, 5), np.linspace(-1, 1, 5))
    vertices = np.stack([x.ravel(), y.ravel(), 0 * x.ravel()], 1).astype(np.float32)
    cells = np.arange(25).reshape(5, 5)
    a, b, c, d = (q.ravel() for q in (cells[:-1, :-1], cells[:-1, 1:], cells[1:, 1:], cells[1:, :-1]))
    faces = np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)]).astype(np.int32)
    uv = (vertices[:, :2] * (-1 if mirrored else 1, 1) * 0.4 + 0.5).astype(np.float32)
    return UnwrappedMesh(vertices, faces, 0 * vertices, uv, np.arange(25, dtype=np.int32))


def normal_map(mesh: UnwrappedMesh, direction: tuple[float, float, float]) -> np.ndarray:
    maps = draw_uv_maps(mesh, SIZE)
    unit = np.array(direction, np.float32) / np.linalg.norm(direction)
    return tangent_normals(mesh, maps, np.tile(unit, (int(maps.mask.sum()), 1)))


def test_agreement_is_flat() -> None:
    assert np.unique(normal_map(square(), (0, 0, 1)).reshape(-1, 3), axis=0).tolist() == [[128, 128, 255]]


@pytest.mark.parametrize(
    ("direction", "mirrored", "colour"),
    [
        ((1, 0, 1), False, (218, 128, 218)),  # leans along +u: red above the middle
        ((0, 1, 1), False, (128, 218, 218)),  # leans along +v: green above the middle (OpenGL, +Y up)
        ((0, -1, 1), False, (128, 37, 218)),
        ((1, 0, 1), True, (37, 128, 218)),  # u runs the other way
        ((0, 1, 1), True, (128, 218, 218)),  # v does not
    ],
)
def test_tilt_gives_its_colour(
    direction: tuple[float, float, float], mirrored: bool, colour: tuple[int, int, int]
) -> None:
    centre = normal_map(square(mirrored), direction)[SIZE // 2, SIZE // 2]
    assert np.abs(centre.astype(int) - colour).max() <= 1


def test_curved_surface_with_its_own_normals_is_nearly_flat() -> None:
    flat = square()
    height = 1 - 0.3 * (flat.vertices[:, 0] ** 2 + flat.vertices[:, 1] ** 2)
    vertices = np.stack([flat.vertices[:, 0], flat.vertices[:, 1], height], 1).astype(np.float32)
    mesh = UnwrappedMesh(vertices, flat.faces, 0 * vertices, flat.uv, flat.source)
    maps = draw_uv_maps(mesh, SIZE)
    image = tangent_normals(mesh, maps, maps.normal[maps.mask])
    assert np.abs(image.astype(int) - [128, 128, 255]).max() <= 1


def test_margin_carries_values_outwards() -> None:
    maps = draw_uv_maps(square(), SIZE)
    image = normal_map(square(), (1, 0, 1))
    row, columns = SIZE // 2, np.flatnonzero(maps.mask[SIZE // 2])
    assert image[row, columns[0] - 1].tolist() == image[row, columns[0]].tolist()
    assert image[0, 0].tolist() == [128, 128, 255]
