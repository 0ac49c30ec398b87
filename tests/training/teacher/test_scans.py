"""Faces of scans: a scan of known deformation is found again, and people made of it are whole."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial import cKDTree

from clip_head.core.errors import ClipHeadError
from clip_head.core.types import MILLIMETRES_PER_UNIT
from clip_head.training.nphm.expressions import lip_gap
from clip_head.training.teacher.base_mesh import RACES
from clip_head.training.teacher.cavities import find_cavities
from clip_head.training.teacher.dataset import SKIN
from clip_head.training.teacher.expressions import build_expressions
from clip_head.training.teacher.generate import build_template, draw_people
from clip_head.training.teacher.identities import (
    CANONICAL_JAW,
    SHAPES,
    base_vertices,
    build_basis,
    describe,
    shape_reading,
    template_base,
    with_seen,
    word_directions,
)
from clip_head.training.teacher.modes import (
    CHILD_PART,
    HELD_OUT_EVERY,
    load_people,
    real_people,
    save_people,
    seat_eyeballs,
    without_directions,
)
from clip_head.training.teacher.registration import half_rings, register, sphere
from clip_head.training.teacher.scans import EYEBALLS, Scans, border_loops, load_scans, path_through, triangulated
from clip_head.training.teacher.template import build_topology

pytestmark = pytest.mark.slow

EVEN = dict.fromkeys(RACES, 1 / 3)
#: Scale of the scan, which registration must find by itself.
SCALE = 1.2


def deformed(points):
    """The scan's face where the mean adult's is at points (P, 3): a little broader, with a longer nose."""
    x, y, z = points.T
    nose = np.exp(-((x / 0.08) ** 2) - ((y + 0.1) / 0.08) ** 2) * (z > 0.1)
    return np.stack([1.03 * x, y, z + 0.02 * nose], axis=1)


def mode(points):
    """A displacement (P, 3) of every face: a higher brow."""
    return np.exp(-(((points - [0.0, 0.13, 0.2]) / 0.12) ** 2).sum(axis=1))[:, None] * [0.0, 0.012, 0.004]


@pytest.fixture(scope="module")
def topology():
    return build_topology()


@pytest.fixture(scope="module")
def basis(topology):
    return build_basis(topology.base)


@pytest.fixture(scope="module")
def closed(basis):
    return template_base(basis) - CANONICAL_JAW * basis.jaw


@pytest.fixture(scope="module")
def template(topology, basis):
    return build_template(topology, template_base(basis))


@pytest.fixture(scope="module")
def scans(topology, template, basis, closed):
    """A scan on the template's own fine mesh, deformed and scaled, with one mode and a jaw that opens."""
    cavities = find_cavities(topology)
    vertices = (topology.subdivision @ closed).astype(float)
    faces = topology.faces[topology.part == SKIN].astype(np.int64)
    tree = cKDTree(vertices)

    def fine(ring, *, close):
        stops = tree.query(closed[ring])[1]
        path = path_through(vertices, faces, np.append(stops, stops[:1]) if close else stops)
        path = path[np.append(True, path[1:] != path[:-1])]
        return path[:-1] if close else path

    balls = [closed[ball].astype(float) for ball in cavities.eyeballs]
    count = EYEBALLS[1].stop
    points = np.zeros((count, 3))
    points[: len(vertices)] = deformed(vertices)
    for target, ball in zip(EYEBALLS, balls, strict=True):
        spots = np.random.default_rng(0).standard_normal((target.stop - target.start, 3))
        centre = sphere(ball)
        spots *= centre[3] / np.linalg.norm(spots, axis=1, keepdims=True)
        points[target] = deformed(centre[None, :3]) + spots
    moved = np.zeros((1, count, 3))
    moved[0, : len(vertices)] = mode(vertices)
    opened = np.zeros((1, count, 3))
    opened[0, : len(vertices)] = topology.subdivision @ basis.jaw
    names = ("left_mouth_corner", "right_mouth_corner", "nose_tip", "chin")
    upper, lower = half_rings(closed.astype(float), cavities.lips)
    return Scans(
        points * SCALE,
        faces,
        (fine(cavities.lids[0], close=True), fine(cavities.lids[1], close=True)),
        (fine(upper, close=False), fine(lower, close=False)),
        {name: template.landmarks[name] for name in names},
        (moved * SCALE).astype(np.float16),
        (opened * SCALE).astype(np.float16),
        ("jawOpen",),
    )


@pytest.fixture(scope="module")
def registration(topology, template, closed, scans):
    return register(topology, template, closed, scans)


@pytest.fixture(scope="module")
def people(topology, basis, closed, scans, registration):
    return real_people(scans, registration, find_cavities(topology), closed, word_directions(basis))


def test_a_known_deformation_is_found_again(topology, template, closed, registration):
    assert registration.scale == pytest.approx(1 / SCALE, rel=0.02)
    assert max(registration.errors.values()) < 0.3
    face = template.regions["face"]
    true = deformed((topology.subdivision @ closed).astype(float))
    found = (topology.subdivision @ registration.base).astype(float)
    # Up to the similarity, which is fitted to landmarks of both.
    true = (true - true[face].mean(axis=0)) * (registration.scale * SCALE) + found[face].mean(axis=0)
    error = np.linalg.norm(found - true, axis=1)[face] * MILLIMETRES_PER_UNIT
    # Smooth skin may slide along itself; the distances above are from surface to surface.
    assert np.median(error) < 1.0
    assert np.percentile(error, 95) < 3.5


def test_displacements_are_carried_over(topology, template, closed, scans, registration):
    vertices = (topology.subdivision @ closed).astype(float)
    carried = topology.subdivision @ registration.carry(scans.identity[0])
    wanted = mode(vertices) * registration.scale * SCALE
    face = template.regions["face"]
    error = np.linalg.norm(carried - wanted, axis=1)[face]
    assert error.mean() < 0.05 * np.linalg.norm(wanted, axis=1)[face].max()


def test_lips_that_touch_part_with_the_jaw_and_the_mouth_follows_each(topology, closed, scans, registration):
    cavities = find_cavities(topology)
    drop = -registration.carry_action(scans.expression[0])[:, 1]
    upper, lower = half_rings(closed.astype(float), cavities.lips)
    middle = np.abs(closed[:, 0]) < 0.04
    upper, lower = upper[middle[upper]], lower[middle[lower]]
    assert drop[upper].max() < 0.25 * drop[lower].min()
    # The ring behind each lip goes with that lip.
    quads, inside = cavities.mouth_quads, cavities.inside_mouth
    behind = {
        name: np.setdiff1d(np.intersect1d(quads[np.isin(quads, rim).any(axis=1)], inside), other)
        for name, rim, other in (("upper", upper, lower), ("lower", lower, upper))
    }
    assert drop[behind["upper"]].mean() < 0.4 * drop[behind["lower"]].mean()


def test_words_are_taken_out_of_modes(basis, topology):
    directions = word_directions(basis)
    skin = np.unique(find_cavities(topology).skin_quads)
    rng = np.random.default_rng(0)
    own = rng.normal(0, 0.001, (1, *directions.shape[1:])).astype(np.float32)
    left = without_directions(own + 0.5 * directions[0] - 0.2 * directions[3], directions, skin)
    flat = directions[:, skin].reshape(len(directions), -1)
    part = flat @ left[0, skin].ravel() / (flat**2).sum(axis=1)
    assert np.abs(part).max() < 0.01
    assert np.abs(left - own).max() < 0.1 * np.abs(directions[0]).max()


def test_what_scans_add_is_read_back(people, tmp_path):
    save_people(tmp_path / "people.npz", people)
    again = load_people(tmp_path / "people.npz")
    np.testing.assert_allclose(again.modes, people.modes, atol=1e-4)
    np.testing.assert_array_equal(again.eyeballs.rims[1], people.eyeballs.rims[1])
    np.testing.assert_allclose(again.sockets_follow.toarray(), people.sockets_follow.toarray())
    np.testing.assert_allclose(again.lips_follow.toarray(), people.lips_follow.toarray())


@pytest.mark.parametrize("age", [6.0, 32.0, 80.0])
def test_lips_of_every_ancestry_meet(topology, template, basis, people, age):
    real, mean = replace(basis, people=people), template_base(basis)
    closing = build_expressions(topology, template.vertices, template.regions).closing
    for race in RACES:
        for lips in (-1.0, 0.0, 1.0):
            person = describe(1.0, age, dict.fromkeys(RACES, 0.0) | {race: 1.0}, 0.5, {"lips": lips})
            canonical = template.vertices + topology.subdivision @ (base_vertices(real, person) - mean)
            assert lip_gap(template, canonical) > 2.0
            assert lip_gap(template, canonical + closing) <= 0.3


def test_eyeballs_go_where_the_lids_are(registration, people):
    head = registration.base.copy()
    pushed = head.copy()
    for ball in people.eyeballs.balls:
        pushed[ball] += np.float32([0.004, 0.0, 0.02])
    seated = seat_eyeballs(pushed, people.eyeballs)
    for ball, rim in zip(people.eyeballs.balls, people.eyeballs.rims, strict=True):
        moved = sphere(seated[ball].astype(float))[:3] - sphere(head[ball].astype(float))[:3]
        assert np.linalg.norm(moved) * MILLIMETRES_PER_UNIT < 1.5
        np.testing.assert_array_equal(seated[rim], pushed[rim])


def test_a_child_has_less_of_what_tells_adults_apart(basis, people):
    real = replace(basis, people=people)

    def change(age):
        person = describe(0.5, age, EVEN, 0.5, {})
        moved = base_vertices(real, replace(person, modes=(1.0,))) - base_vertices(real, person)
        return np.linalg.norm(moved, axis=1).max()

    assert change(30.0) > 0.005
    assert change(4.0) == pytest.approx(CHILD_PART * change(30.0), rel=0.1)
    assert change(10.0) == pytest.approx((1 + CHILD_PART) / 2 * change(30.0), rel=0.1)


def test_a_shape_is_seen_whatever_put_it_there(basis):
    reading, used = shape_reading(basis)
    person = describe(1.0, 30.0, EVEN, 0.5, {"nose_size": 0.9, "ear_size": -0.7})
    seen = with_seen(basis, reading, used, person)
    assert seen.seen["nose_size"] == pytest.approx(0.9, abs=0.3)
    assert seen.seen["ear_size"] == pytest.approx(-0.7, abs=0.3)
    assert "big nose" in seen.words
    plain = with_seen(basis, reading, used, describe(1.0, 30.0, EVEN, 0.5, {}))
    assert max(map(abs, plain.seen.values())) < 0.2
    assert not plain.words
    # A head that is larger or turned as a whole has no other nose.
    number = list(SHAPES).index("nose_size")
    points = template_base(basis)[used]
    larger = 0.05 * (points - points.mean(axis=0))
    turned = np.cross([0.0, 0.03, 0.0], points)
    assert abs(np.einsum("uc,uc->", reading[number], larger + turned)) < 0.25


def test_held_out_people_alone_have_held_out_modes(basis, people):
    ten = replace(people, modes=np.repeat(people.modes, 10, axis=0) * 0.1)
    drawn = draw_people(replace(basis, people=ten), 20, 0)
    weights = np.array([person.modes for person in drawn])
    held_out = weights[:, HELD_OUT_EVERY - 1]
    assert not held_out[:18].any()
    assert held_out[18:].all()
    assert (weights[:, 0] != 0).all()
    assert drawn[0] == draw_people(replace(basis, people=ten), 20, 0)[0]


def test_borders_and_triangles_of_polygons():
    quads = np.array([[0, 1, 4, 3], [1, 2, 4, -1]])
    assert sorted(border_loops(quads)[0].tolist()) == [0, 1, 2, 3, 4]
    assert sorted(map(sorted, triangulated(quads).tolist())) == [[0, 1, 4], [0, 3, 4], [1, 2, 4]]


def test_missing_scans_are_named(tmp_path: Path):
    with pytest.raises(ClipHeadError, match=r"ict_facekit\.npz is missing"):
        load_scans(tmp_path)
    np.savez(tmp_path / "ict_facekit.npz", neutral=np.zeros((3, 3)))
    with pytest.raises(ClipHeadError, match="lacks the arrays"):
        load_scans(tmp_path)
