"""The head's quads on the template: three levels of one mesh of quads, symmetric, with one UV for all heads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from clip_head.core.asset.arkit import arkit_actions
from clip_head.core.asset.template import (
    MATERIALS,
    WEIGHTS,
    AssetTemplate,
    base_quads,
    corner_uv,
    harmonic_follow,
    load_asset,
    mirror_of,
    quads_of,
    skin_mesh,
)
from clip_head.core.errors import ModelError
from clip_head.core.models import EMBEDDED, write_model_json
from clip_head.core.nphm import NPHM
from clip_head.core.nphm.official import OfficialNPHM
from clip_head.core.pipeline import Models
from clip_head.core.types import MILLIMETRES_PER_UNIT, AssetLevel, Floats, Ints, ModelCard, UnwrappedMesh

#: Quads of the levels, and the vertices that they use, from fine to coarse.
QUADS, VERTICES = (17048, 4262, 1184), (17091, 4284, 1203)


@pytest.fixture(scope="module")
def template(models: Models) -> AssetTemplate:
    assert models.asset is not None
    return models.asset


@pytest.fixture(scope="module")
def canonical(models: Models) -> UnwrappedMesh:
    assert models.texture.canonical is not None
    return models.texture.canonical.mesh


def edges_of(quads: Ints) -> Ints:
    """The edges (4 Q, 2) of quads, each in the direction in which its quad passes it."""
    return np.stack([quads, np.roll(quads, -1, axis=1)], axis=-1).reshape(-1, 2)


def uv_by_vertex(level: AssetLevel) -> dict[int, set[tuple[float, float]]]:
    """The UVs of each vertex, exactly."""
    places: dict[int, set[tuple[float, float]]] = {}
    for vertex, uv in zip(level.quads.ravel().tolist(), level.uv.reshape(-1, 2).tolist(), strict=True):
        places.setdefault(vertex, set()).add((uv[0], uv[1]))
    return places


def grid_of_quads(columns: int, rows: int) -> tuple[Floats, Ints]:
    """A flat grid, symmetric in x: its vertices and quads."""
    x, y = np.meshgrid(np.arange(columns + 1) - columns / 2, np.arange(rows + 1), indexing="xy")
    first = (np.arange(rows)[:, None] * (columns + 1) + np.arange(columns)).reshape(-1, 1)
    vertices = np.stack([x.ravel(), y.ravel(), np.zeros(x.size)], axis=1)
    return vertices.astype(np.float32), (first + np.array([0, 1, columns + 2, columns + 1])).astype(np.int32)


def test_three_levels_of_quads_on_the_first_vertices(template: AssetTemplate) -> None:
    assert tuple(len(level.quads) for level in template.head.levels) == QUADS
    for level, count in zip(template.head.levels, VERTICES, strict=True):
        assert level.quads.shape == (len(level.material), 4) and level.uv.shape == (len(level.quads), 4, 2)
        np.testing.assert_array_equal(np.unique(level.quads), np.arange(count))
        assert (np.sort(level.quads, axis=1)[:, 1:] != np.sort(level.quads, axis=1)[:, :-1]).all(), "a triangle"
        assert set(np.unique(level.material)) == {0, 1} and len(MATERIALS) == 2
    assert len(template.head.points) == VERTICES[0] == len(template.head.sheet)


def test_every_level_is_a_disc_whose_border_is_the_neck(template: AssetTemplate) -> None:
    for level in template.head.levels:
        edges = edges_of(level.quads)
        assert len(np.unique(edges, axis=0)) == len(edges), "two quads pass an edge in one direction"
        once, count = np.unique(np.sort(edges, axis=1), axis=0, return_counts=True)
        assert count.max() == 2
        assert len(np.unique(level.quads)) - len(once) + len(level.quads) == 1, "Euler's number of a disc"
        border = once[count == 1]
        assert set(np.bincount(border.ravel())) == {0, 2}
        heights = template.head.points[border][..., 1]
        assert heights.max() < np.quantile(template.head.points[:, 1], 0.06)
        ring = template.head.points[np.unique(border)]
        assert np.ptp(ring[:, 0]) > 0.3 and np.ptp(ring[:, 2]) > 0.3, "it runs round the neck"


def test_coarse_levels_have_the_fine_ones_uv_to_the_bit(template: AssetTemplate) -> None:
    fine, *coarse = (uv_by_vertex(level) for level in template.head.levels)
    for places in coarse:
        assert all(uv <= fine[vertex] for vertex, uv in places.items())
    for places in (fine, *coarse):
        many = [vertex for vertex, uv in places.items() if len(uv) > 1]
        assert max(map(len, places.values())) == 2 and 10 < len(many) < 100
        # The seam: in the plane of symmetry, at the back.
        assert np.abs(template.head.points[many, 0]).max() < 1e-3
        assert template.head.points[many, 2].max() < 0.0


def test_uv_lies_in_the_chart_and_no_quad_spans_it(template: AssetTemplate) -> None:
    for level, usual in zip(template.head.levels, (0.07, 0.14, 0.2), strict=True):
        assert level.uv.min() >= 0.0 and level.uv.max() <= 1.0
        span = np.ptp(level.uv, axis=1)
        # The widest are at the upper end of the seam, where the crown is spread out.
        assert span.max() < 0.25 and np.quantile(span, 0.999) < usual
        middle = level.uv[..., 0].mean(axis=1) - 0.5
        away = np.abs(middle) > 0.05
        side = np.sign(template.head.points[level.quads].mean(axis=1)[:, 0])
        assert abs(np.mean(np.sign(middle[away]) == side[away]) - 0.5) > 0.499, "each side has its half of the chart"


def test_uv_of_the_visible_skin_is_turned_over_nowhere(template: AssetTemplate) -> None:
    level, regions = template.head.levels[0], template.head.regions
    u, v = np.moveaxis(level.uv.astype(np.float64), -1, 0)
    area = (u * np.roll(v, -1, axis=1) - v * np.roll(u, -1, axis=1)).sum(axis=1)
    for name in ("nose", "nostrils", "left_cheek", "right_cheek", "chin", "brows", "ears", "lower_lip"):
        assert (area[regions[name][level.quads].any(axis=1)] > 0).all(), name
    # Within lids and below the canonical head's neck quads lie over each other.
    skin = level.material == 0
    assert -area[skin & (area < 0)].sum() < 0.015 * area[skin].sum()


def test_uv_and_skin_are_those_of_any_head(template: AssetTemplate) -> None:
    head = template.head
    one, other = skin_mesh(head, head.points), skin_mesh(head, head.points[:, [1, 2, 0]] * 1.3)
    np.testing.assert_array_equal(one.uv, other.uv)
    np.testing.assert_array_equal(one.faces, other.faces)
    assert one.template_points is not None and other.template_points is not None
    np.testing.assert_array_equal(one.template_points, other.template_points)
    assert (one.vertices != other.vertices).any()


def test_the_mirror_image_of_a_mirror_image_is_the_vertex(template: AssetTemplate) -> None:
    head = template.head
    np.testing.assert_array_equal(head.mirror[head.mirror], np.arange(len(head.points)))
    flipped = head.points[head.mirror] * np.array([-1, 1, 1], np.float32)
    assert np.linalg.norm(flipped - head.points, axis=1).max() * MILLIMETRES_PER_UNIT < 0.1
    assert 100 < (head.mirror == np.arange(len(head.mirror))).sum() < 600, "vertices in the middle"
    for level in head.levels:
        quads = {tuple(sorted(quad)) for quad in level.quads.tolist()}
        assert {tuple(sorted(quad)) for quad in head.mirror[level.quads].tolist()} == quads


def test_a_mesh_that_is_not_symmetric_has_no_mirror() -> None:
    vertices, _ = grid_of_quads(4, 2)
    mirror = mirror_of(vertices)
    np.testing.assert_array_equal(vertices[mirror] * [-1, 1, 1], vertices)
    with pytest.raises(ValueError, match="not symmetric"):
        mirror_of(vertices + np.array([0.01, 0, 0], np.float32))
    with pytest.raises(ValueError, match="not symmetric"):
        mirror_of(np.array([[1, 0, 0], [-1, 0, 0], [-1, 0, 1e-4]], np.float32))


def test_triangles_in_pairs_are_quads_and_others_are_refused() -> None:
    quads = grid_of_quads(3, 2)[1]
    faces = quads[:, [0, 1, 2, 0, 2, 3]].reshape(-1, 3)
    np.testing.assert_array_equal(quads_of(faces), quads)
    for wrong in (faces[:-1], faces[1:-1], faces[:, [1, 2, 0]]):
        with pytest.raises(ValueError, match="not halves of quads"):
            quads_of(wrong)


def test_fours_around_a_point_are_a_base_quad_and_others_are_refused() -> None:
    # One square in four: corners 0 to 3, middles of the sides 4 to 7, and the middle 8.
    fine = np.array([[0, 4, 8, 7], [1, 5, 8, 4], [2, 6, 8, 5], [3, 7, 8, 6]], np.int32)
    np.testing.assert_array_equal(base_quads(fine), [[0, 1, 2, 3]])
    with pytest.raises(ValueError, match="four in a row"):
        base_quads(np.roll(fine, 1, axis=1))


def test_the_base_level_is_what_the_fine_one_was_made_of(template: AssetTemplate) -> None:
    fine, base, _ = template.head.levels
    np.testing.assert_array_equal(base_quads(fine.quads), base.quads)
    middles = template.head.points[fine.quads[::4, 2]]
    apart = np.linalg.norm(middles - template.head.points[base.quads].mean(axis=1), axis=1)
    size = np.linalg.norm(np.ptp(template.head.points[base.quads], axis=1), axis=1)
    assert (apart < size).all()


def test_inner_vertices_follow_what_is_around_them(template: AssetTemplate) -> None:
    head = template.head
    follows = head.follow.sum(axis=1)
    beside = np.isin(head.levels[0].quads, head.rim).any(axis=1)
    beside = np.isin(head.inner, head.levels[0].quads[beside])
    assert follows[beside].min() > 0.7 and follows.max() <= 1.0, "lips and lids take along what is next to them"
    assert np.median(follows[~beside]) < 0.6 and follows.min() < 0.1, "and the bone holds what is deep"
    assert head.follow.min() > -1e-6 and head.follow.shape == (len(head.inner), len(head.rim))
    assert not set(head.inner) & set(head.rim)
    # Deep is what is mouth; but in front rows of the mouth's inside are skin that follows too.
    deep = np.unique(head.levels[0].quads[head.levels[0].material == 1])
    assert set(deep) <= set(head.inner)


def test_held_back_vertices_follow_less_the_farther_they_are() -> None:
    columns = 40
    quads = np.array([[k, k + 1, columns + k + 1, columns + k] for k in range(columns - 1)], np.int32)
    inner = np.setdiff1d(np.arange(2 * columns), [0, columns]).astype(np.int32)
    rim, weights = harmonic_follow(quads, inner, 2 * columns, screening=0.02)
    assert rim.tolist() == [0, columns]
    along = weights.sum(axis=1)[: columns - 1]
    assert (np.diff(along) < 0).all()
    assert along[6] == pytest.approx(np.exp(-1), abs=0.03), "a third after 1 / sqrt(screening) edges"


def test_harmonic_follow_is_linear_between_two_borders() -> None:
    columns, rows = 6, 4
    vertices, quads = grid_of_quads(columns, rows)
    inner = np.flatnonzero((vertices[:, 0] > -columns / 2) & (vertices[:, 0] < columns / 2)).astype(np.int32)
    rim, weights = harmonic_follow(quads, inner, len(vertices))
    assert np.abs(vertices[rim, 0]).min() == columns / 2
    np.testing.assert_allclose(weights.sum(axis=1), 1.0, atol=1e-6)
    # A value at the rim that grows evenly across it is so within: the mean of the neighbours.
    np.testing.assert_allclose(weights @ vertices[rim, 0], vertices[inner, 0], atol=1e-5)


def test_quads_across_a_seam_keep_to_their_side() -> None:
    """A tube around y that is cut at the back: u runs once round it."""
    around, rows = 48, 5
    angle = np.linspace(-np.pi, np.pi, around + 1)
    u, v = np.meshgrid(np.linspace(0.0, 1.0, around + 1), np.linspace(0.0, 1.0, rows), indexing="xy")
    points = np.stack([np.tile(np.sin(angle), (rows, 1)), v, np.tile(np.cos(angle), (rows, 1))], axis=-1)
    first = (np.arange(rows - 1)[:, None] * (around + 1) + np.arange(around)).reshape(-1, 1)
    faces = (first + np.array([0, 1, around + 2, 0, around + 2, around + 1])).reshape(-1, 3).astype(np.int32)
    uv = np.stack([u, v], axis=-1).reshape(-1, 2).astype(np.float32)
    flat = points.reshape(-1, 3).astype(np.float32)
    tube = UnwrappedMesh(flat, faces, np.zeros_like(flat), uv, np.arange(len(flat), dtype=np.int32))
    ring = np.arange(around)
    closed = np.concatenate([points[row, :-1] for row in (1, 3)]).astype(np.float32)
    quads = np.stack([ring, np.roll(ring, -1), np.roll(ring, -1) + around, ring + around], axis=1).astype(np.int32)
    found = corner_uv(closed, quads, tube)
    assert np.ptp(found[..., 0], axis=1).max() == pytest.approx(1 / around, abs=1e-3)
    np.testing.assert_allclose(found[..., 1], v[[1, 3], 0][[0, 0, 1, 1]][None].repeat(around, axis=0), atol=1e-5)
    assert found[..., 0].min() == pytest.approx(0.0, abs=1e-3) and found[..., 0].max() == pytest.approx(1.0, abs=1e-3)


def test_the_skin_in_triangles_has_every_uv_once(template: AssetTemplate) -> None:
    head = template.head
    level = head.levels[0]
    mesh = skin_mesh(head, head.points)
    skin = level.quads[level.material == 0]
    assert len(mesh.faces) == 2 * len(skin)
    np.testing.assert_array_equal(np.unique(mesh.source), np.unique(skin))
    np.testing.assert_array_equal(mesh.vertices, head.points[mesh.source])
    pairs = np.column_stack([mesh.source.astype(np.float64), mesh.uv])
    assert len(np.unique(pairs, axis=0)) == len(mesh.source)
    used = set(skin.ravel().tolist())
    twins = sum(len(uv) - 1 for vertex, uv in uv_by_vertex(level).items() if vertex in used)
    assert len(mesh.source) - len(used) == twins > 0
    quads = quads_of(mesh.faces)
    np.testing.assert_array_equal(mesh.source[quads], skin)
    np.testing.assert_array_equal(mesh.uv[quads], level.uv[level.material == 0])
    assert not mesh.expression_offsets.any()


def test_arkits_actions_are_all_there_in_its_order() -> None:
    names = arkit_actions()
    assert len(names) == len(set(names)) == 52
    places = {
        0: "eyeBlinkLeft",
        7: "eyeBlinkRight",
        14: "jawForward",
        17: "jawOpen",
        18: "mouthClose",
        43: "browInnerUp",
    }
    assert {k: names[k] for k in (*places, 51)} == places | {51: "tongueOut"}


def test_a_head_model_without_template_has_no_asset(canonical: UnwrappedMesh) -> None:
    official = NPHM(ModelCard("nphm", "of random numbers", "CC0-1.0", "a test"), OfficialNPHM(torch.zeros(39, 3)))
    assert load_asset(EMBEDDED / "asset", official, canonical) is None


def test_an_asset_of_another_template_is_refused(models: Models, canonical: UnwrappedMesh, tmp_path: Path) -> None:
    tensors = load_file(EMBEDDED / "asset" / WEIGHTS)
    card = ModelCard("asset", "of another template", "CC0-1.0", "a test")
    save_file(tensors | {"jaw": tensors["jaw"][:-1].clone()}, tmp_path / WEIGHTS)
    write_model_json(tmp_path, card, {}, {}, [WEIGHTS])
    with pytest.raises(ModelError, match=r"does not fit the head model .*: their templates differ") as error:
        load_asset(tmp_path, models.nphm, canonical)
    assert str(tmp_path) in error.value.cause


def test_a_damaged_asset_is_refused(models: Models, canonical: UnwrappedMesh, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="missing"):
        load_asset(tmp_path / "nowhere", models.nphm, canonical)
    whole = (EMBEDDED / "asset" / WEIGHTS).read_bytes()
    (tmp_path / WEIGHTS).write_bytes(whole[:-1])
    (tmp_path / "model.json").write_bytes((EMBEDDED / "asset" / "model.json").read_bytes())
    with pytest.raises(ModelError, match=f"{len(whole) - 1} bytes where {len(whole)}"):
        load_asset(tmp_path, models.nphm, canonical)
