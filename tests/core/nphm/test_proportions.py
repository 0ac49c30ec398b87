"""Displacements carried to a head that is larger, turned or stretched are larger, turned or stretched."""

import numpy as np
import pytest

from clip_head.core.nphm.proportions import Proportions


@pytest.fixture(scope="module")
def template(sphere_nphm):
    vertices, faces = sphere_nphm.sheet_vertices.numpy(), sphere_nphm.sheet_faces.numpy()
    ball = np.linalg.norm(vertices - [0, 0, 0.3], axis=1) < 0.08
    return vertices, ball, Proportions.on(vertices, faces, (ball,))


@pytest.fixture(scope="module")
def offsets(template):
    return np.random.default_rng(0).normal(scale=0.01, size=template[0].shape).astype(np.float32)


def test_the_template_itself_takes_them_as_they_are(template, offsets):
    vertices, _, proportions = template
    np.testing.assert_allclose(proportions.carry(vertices, offsets), offsets, atol=1e-6)


@pytest.mark.parametrize("scale", [0.7, 1.2])
def test_a_smaller_head_moves_less(template, offsets, scale):
    vertices, _, proportions = template
    np.testing.assert_allclose(proportions.carry(scale * vertices + 0.1, offsets), scale * offsets, atol=1e-6)


def test_a_head_that_is_turned_moves_the_other_way(template, offsets):
    vertices, _, proportions = template
    turn = np.array([[0, -1, 0], [1, 0, 0], [0, 0, 1]], np.float32)
    np.testing.assert_allclose(proportions.carry(vertices @ turn.T, offsets), offsets @ turn.T, atol=1e-6)


def test_a_part_that_stands_apart_has_its_own_size(template, offsets):
    vertices, ball, proportions = template
    head = vertices * np.float32([1.0, 1.0, 1.0])
    head[ball] = 0.6 * (head[ball] - [0, 0, 0.3]) + [0, 0, 0.3]
    carried = proportions.carry(head, offsets)
    np.testing.assert_allclose(carried[ball], 0.6 * offsets[ball], rtol=0.02, atol=1e-5)
    away = np.linalg.norm(vertices - [0, 0, 0.3], axis=1) > 0.25
    np.testing.assert_allclose(carried[away], offsets[away], atol=2e-3)


def test_a_crumpled_spot_does_not_stretch_what_moves_over_it(template, offsets):
    vertices, _, proportions = template
    head = vertices.copy()
    head[np.argmin(head[:, 1])] += np.float32([0.0, -0.2, 0.0])
    carried = proportions.carry(head, offsets)
    assert (np.linalg.norm(carried, axis=1) < 1.7 * np.linalg.norm(offsets, axis=1) + 1e-6).all()
