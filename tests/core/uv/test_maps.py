"""UV maps: what is drawn at a texel is what the surface has there."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from clip_head.core.normals import angle_weighted_normals
from clip_head.core.png import encode_normals
from clip_head.core.uv import carry_to_all, draw_uv_maps


def test_positions_lie_on_the_surface_and_normals_are_unit(unwrapped) -> None:
    maps = draw_uv_maps(unwrapped, 128)
    assert maps.normal.shape == maps.position.shape == (128, 128, 3)
    away, _ = cKDTree(unwrapped.vertices).query(maps.position[maps.mask])
    assert away.max() < 0.04
    np.testing.assert_allclose(np.linalg.norm(maps.normal[maps.mask], axis=1), 1, atol=1e-5)


def test_a_vertex_is_drawn_at_its_own_texel(unwrapped) -> None:
    size = 512
    maps = draw_uv_maps(unwrapped, size)
    nose = int(np.argmax(unwrapped.vertices[:, 2]))
    column, row = int(unwrapped.uv[nose, 0] * size), int((1 - unwrapped.uv[nose, 1]) * size)
    np.testing.assert_allclose(maps.position[row, column], unwrapped.vertices[nose], atol=0.01)
    assert maps.normal[row, column, 2] > 0.7


def test_the_mask_is_the_chart_and_the_margin_is_filled(unwrapped, layout) -> None:
    size = 256
    maps = draw_uv_maps(unwrapped, size)
    outline = layout.outline
    following = np.roll(outline, -1, axis=0)
    area = 0.5 * np.sum(outline[:, 0] * following[:, 1] - outline[:, 1] * following[:, 0])
    assert abs(maps.mask.mean() - area) < 0.01
    filled = np.linalg.norm(maps.normal, axis=2) > 0.9
    edge = maps.mask | np.roll(maps.mask, 3, axis=0) | np.roll(maps.mask, -3, axis=1)
    edge[:3], edge[:, -3:] = False, False
    assert filled[edge].all()
    assert not filled[0, 0]


def test_normals_point_outwards_and_twins_share_them(unwrapped) -> None:
    normals = angle_weighted_normals(unwrapped.vertices, unwrapped.faces, unwrapped.source)
    outwards = unwrapped.vertices - np.array([0, 0, -0.27], np.float32)
    high = unwrapped.vertices[:, 1] > 0.2
    assert (np.einsum("vk,vk->v", normals, outwards)[high] > 0).mean() > 0.99
    order = np.argsort(unwrapped.source, kind="stable")
    same = np.flatnonzero(np.diff(unwrapped.source[order]) == 0)
    np.testing.assert_array_equal(normals[order[same]], normals[order[same + 1]])


def test_encoding_of_normals() -> None:
    normals = np.array([[1, 0, 0], [0, -1, 0], [0, 0, 1], [0, 0, 0]], np.float32)
    np.testing.assert_array_equal(encode_normals(normals), [[255, 128, 128], [128, 0, 128], [128, 128, 255], [128] * 3])


def test_values_of_few_texels_are_carried_linearly_to_all() -> None:
    row, column = np.mgrid[:41, :37].astype(np.float32)
    mask = (row - 20) ** 2 + (column - 18) ** 2 < 15**2
    plane = np.stack([0.3 * row - column, np.full_like(row, 4)], axis=-1)
    few = mask[::2, ::2]
    found = carry_to_all(plane[::2, ::2][few], mask, 2)
    assert found.shape == (mask.sum(), 2)
    inner = (row - 20) ** 2 + (column - 18) ** 2 < 12**2
    assert np.allclose(found[inner[mask]], plane[inner], atol=1e-4)
    # At the rim the nearest known texel stands in, two away at most.
    assert np.abs(found - plane[mask]).max() <= 2.7
    assert carry_to_all(plane[mask], mask, 1).tobytes() == plane[mask].tobytes()
