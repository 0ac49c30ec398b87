"""The tear line runs from the lower lid to the eyeball, outside both, and goes where the lid goes."""

from __future__ import annotations

import numpy as np
import pytest

from clip_head.core.asset.eyes import fit_sphere
from clip_head.core.asset.tears import tear_part
from clip_head.core.types import MILLIMETRES_PER_UNIT


def lower(head, points):
    return points[head.rim[1][0]], points[head.rim[3][0]]


@pytest.fixture(scope="module")
def laid(eyes_of_heads):
    """Heads, their spheres and their tear lines."""
    made = []
    for head in eyes_of_heads:
        fits = [fit_sphere(head.touching(side)) for side in (0, 1)]
        centres, radii = np.stack([centre for centre, _ in fits]), (fits[0][1], fits[1][1])
        posed = {name: lower(head, points) for name, points in head.posed.items()}
        made.append((head, centres, radii, tear_part(lower(head, head.neutral), posed, centres, radii)))
    return made


def test_it_bridges_lid_and_eyeball(laid):
    for head, centres, radii, part in laid:
        for strip, centre, radius, edge in zip(
            np.split(part.vertices, 2), centres, radii, lower(head, head.neutral), strict=True
        ):
            lid, _, ball = np.moveaxis(strip.reshape(-1, 3, 3), 1, 0)
            off = MILLIMETRES_PER_UNIT * (np.linalg.norm(ball - centre, axis=1) - radius)
            assert off.min() > 0 and off.max() < 0.15
            nearest = np.linalg.norm(lid[:, None] - edge[None], axis=2).min(axis=1)
            assert nearest.max() * MILLIMETRES_PER_UNIT < 1.2
            assert np.linalg.norm(strip - centre, axis=1).min() > radius
            assert np.linalg.norm(ball - lid, axis=1).max() * MILLIMETRES_PER_UNIT < 2.5


def test_it_faces_away_from_the_eye(laid):
    for _, centres, _, part in laid:
        for quads, centre in zip(np.split(part.levels[0].quads, 2), centres, strict=True):
            corners = part.vertices[quads]
            normals = np.cross(corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1])
            assert (np.einsum("qc,qc->q", normals, corners.mean(axis=1) - centre) > 0).mean() > 0.95


def test_it_follows_lids_alone(laid):
    for _, _, _, part in laid:
        assert "tongueOut" not in part.keys
        left, right = np.split(part.keys["eyeBlinkLeft"], 2)
        assert left[:, 1].max() > 0.002
        assert (right == 0).all()
        assert (part.mirror[part.mirror] == np.arange(len(part.vertices))).all()
        first, second = np.split(part.levels[0].quads, 2)
        assert (part.mirror[first] == second[:, ::-1]).all()
