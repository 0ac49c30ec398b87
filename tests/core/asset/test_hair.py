"""Hair and beard are volumes of quads that show the same surface as the head model, and grow from the skin."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from clip_head.core.asset.hair import DEPTH, LONGEST, THINNEST_BEARD, beard_part, hair_part, polar_uv
from clip_head.core.asset.template import AssetTemplate
from clip_head.core.nphm.embedded_head import EmbeddedHead
from clip_head.core.pipeline import Models
from clip_head.core.types import MILLIMETRES_PER_UNIT, AssetPart, Floats, Ints

from .conftest import Heads

CROWN = (0.0, 0.5, -0.1)


@pytest.fixture(scope="module")
def template(models: Models) -> AssetTemplate:
    assert models.asset is not None
    return models.asset


@pytest.fixture(scope="module")
def field(heads: Heads) -> EmbeddedHead:
    return heads.field("bearded")


@pytest.fixture(scope="module")
def hair(field: EmbeddedHead) -> AssetPart:
    part = hair_part(field, CROWN)
    assert part is not None
    return part


@pytest.fixture(scope="module")
def beard(field: EmbeddedHead, template: AssetTemplate) -> AssetPart:
    part = beard_of(field, template)
    assert part is not None
    return part


def beard_of(field: EmbeddedHead, template: AssetTemplate, closing: Floats | None = None) -> AssetPart | None:
    """The beard, with one key that lifts the head by 1 mm and one that moves nothing."""
    points = template.head.points
    still = np.zeros_like(points)
    lifted = still + np.array([0, 1 / MILLIMETRES_PER_UNIT, 0], np.float32)
    keys = {"jawOpen": lifted, "eyeBlinkLeft": still}
    return beard_part(field, CROWN, points, still if closing is None else closing, keys)


def template_points(field: EmbeddedHead, part: AssetPart) -> torch.Tensor:
    """The template points (V, 3) of a part's vertices."""
    with torch.inference_mode():
        return field.template_coordinates(torch.from_numpy(part.vertices))


def counts_of_edges(quads: Ints) -> Ints:
    edges = np.sort(np.stack([quads, np.roll(quads, -1, axis=1)], axis=-1).reshape(-1, 2), axis=1)
    return np.unique(edges, axis=0, return_counts=True)[1]


def test_a_bald_and_shaven_head_has_neither(heads: Heads, template: AssetTemplate) -> None:
    bald = heads.field("bald")
    assert bald.hair is None and bald.beard is None
    assert hair_part(bald, CROWN) is None and beard_of(bald, template) is None
    assert beard_of(heads.field("child"), template) is None


def test_stubble_is_paint_alone(field: EmbeddedHead, template: AssetTemplate) -> None:
    assert field.beard is not None
    thin = field.beard * (0.9 * THINNEST_BEARD / float(field.beard.max()))
    assert beard_of(replace(field, beard=thin), template) is None
    assert beard_of(replace(field, beard=0 * thin), template) is None


def test_hair_far_from_the_head_is_none(field: EmbeddedHead) -> None:
    assert field.hair is not None
    assert hair_part(replace(field, hair=torch.full_like(field.hair, 0.05)), CROWN) is None


def test_quads_are_a_surface(hair: AssetPart, beard: AssetPart) -> None:
    for part in (hair, beard):
        quads = part.levels[0].quads
        assert len(quads) > 2000 and part.materials == (part.name,)
        count = counts_of_edges(quads)
        # Where nets touch themselves, an edge has four quads; the border lies under the skin.
        assert set(count) <= {1, 2, 4} and (count == 4).sum() <= 10 and (count == 1).mean() < 0.06
        assert (np.sort(quads, axis=1)[:, 1:] != np.sort(quads, axis=1)[:, :-1]).all()


def test_hair_lies_on_the_head_models_surface_and_faces_outwards(field: EmbeddedHead, hair: AssetPart) -> None:
    u = template_points(field, hair)
    with torch.inference_mode():
        above = field.network.template_distance(u).numpy() * MILLIMETRES_PER_UNIT > 1.0
        off = np.abs(field.value(u, u).numpy()[above]) * MILLIMETRES_PER_UNIT
        deepest = field.network.template_distance(u).min().item()
    assert above.mean() > 0.7
    assert off.mean() < 0.15 and np.percentile(off, 95) < 0.5
    assert -1.1 * DEPTH < deepest < 0, "its edge is under the skin"
    quads, v = hair.levels[0].quads, hair.vertices
    normals = np.cross(v[quads[:, 2]] - v[quads[:, 0]], v[quads[:, 3]] - v[quads[:, 1]])
    normals *= 0.004 / np.linalg.norm(normals, axis=1, keepdims=True)
    middles = v[quads].mean(axis=1)[above[quads].all(axis=1)], normals[above[quads].all(axis=1)]
    with torch.inference_mode():
        beyond, below = (
            field.distance(at, field.template_coordinates(at)).numpy()
            for at in (torch.from_numpy((middles[0] + sign * middles[1]).astype(np.float32)) for sign in (1, -1))
        )
    assert (beyond > below).mean() > 0.998


def test_a_beard_lies_where_the_beard_is_thick(field: EmbeddedHead, beard: AssetPart) -> None:
    u = template_points(field, beard)
    thickness = field.beard_thickness(u)
    assert thickness is not None
    skin = field.network.template_distance(u)
    outer = (skin > 0.004).numpy()
    assert outer.mean() > 0.3
    assert np.median(thickness.numpy()[outer]) > THINNEST_BEARD
    off = (skin - thickness).abs().numpy()[outer & (thickness.numpy() > 1.5 * THINNEST_BEARD)]
    assert np.median(off) * MILLIMETRES_PER_UNIT < 0.3
    assert beard.vertices[:, 1].max() < 0.05, "below the eyes"


def test_a_beard_takes_the_motion_of_its_roots(field: EmbeddedHead, template: AssetTemplate, beard: AssetPart) -> None:
    assert set(beard.keys) == {"jawOpen"}, "what moves nothing is no key"
    up = np.array([0, 1 / MILLIMETRES_PER_UNIT, 0], np.float32)
    np.testing.assert_allclose(beard.keys["jawOpen"], np.tile(up, (len(beard.vertices), 1)), atol=1e-7)
    closing = np.tile(np.array([0, 0.02, 0], np.float32), (len(template.head.points), 1))
    closed = beard_of(field, template, closing)
    assert closed is not None
    np.testing.assert_allclose(closed.vertices - beard.vertices, closing[: len(beard.vertices)], atol=1e-6)


def test_polar_uv_is_the_angle_from_the_face_and_the_distance_from_the_crown() -> None:
    ways = np.array([[0, -1, 1e-6], [0, 0, 1], [1, 0, 0], [-1, 0, 0]], np.float32)
    points = np.array(CROWN, np.float32) + 0.4 * ways
    uv = polar_uv(points, CROWN, np.array([[0, 1, 2, 3]], np.int32))[0]
    np.testing.assert_allclose(uv[:, 0], [0.5, 0.5, 0.75, 0.25], atol=1e-5)
    np.testing.assert_allclose(uv[:, 1], 1 - 0.4 / LONGEST, atol=1e-5)
    far = np.array(CROWN, np.float32) + np.array([[0, -3 * LONGEST, 1]], np.float32)
    assert polar_uv(far, CROWN, np.zeros((1, 4), np.int32))[..., 1].max() == 0.0


def test_a_quad_across_the_back_goes_round_once_more() -> None:
    turn = np.radians([170.0, 190.0, 190.0, 170.0])
    points = np.stack([np.sin(turn), [-0.2, -0.2, -0.3, -0.3], np.cos(turn)], axis=1) + np.array(CROWN)
    u = polar_uv(points.astype(np.float32), CROWN, np.array([[0, 1, 2, 3]], np.int32))[0, :, 0]
    np.testing.assert_allclose(u, 0.5 + np.array([170, 190, 190, 170]) / 360, atol=1e-5)


def test_no_quad_of_hair_spans_its_picture_but_at_the_pole(hair: AssetPart, beard: AssetPart) -> None:
    for part in (hair, beard):
        wide = np.ptp(part.levels[0].uv[..., 0], axis=1) > 0.5
        assert wide.sum() <= 4 and np.ptp(part.levels[0].uv[..., 1], axis=1).max() < 0.02
        # The crown lies in the middle of these.
        around = part.vertices[part.levels[0].quads[wide]]
        assert (np.ptp(around, axis=1) * MILLIMETRES_PER_UNIT < 15).all()
        assert not wide.any() or np.abs(around[..., 0]).max() < 0.04
