"""The teacher heads: closed, seeded, as described, and followed by their hair."""

from pathlib import Path

import numpy as np
import pytest

from clip_head.core.errors import ClipHeadError
from clip_head.core.nphm.lips import Lips
from clip_head.core.types import MILLIMETRES_PER_UNIT
from clip_head.training.nphm.expressions import lip_crossing, lip_gap
from clip_head.training.teacher.base_mesh import RACES, phenotype_weights
from clip_head.training.teacher.dataset import (
    CAP,
    HairStyle,
    Template,
    expression_offsets,
    follow_base,
    head_vertices,
    held_out_indices,
    load_style,
    load_teacher,
    save_style,
    teacher_mesh,
    train_indices,
)
from clip_head.training.teacher.distance import sample_near, sample_surface, signed_distance
from clip_head.training.teacher.expressions import TABLE, build_expressions
from clip_head.training.teacher.generate import save_heads, save_template
from clip_head.training.teacher.hair import bald_style, build_style
from clip_head.training.teacher.hair_cards import card_vertices, read_cards
from clip_head.training.teacher.hair_field import head_field
from clip_head.training.teacher.identities import (
    CANONICAL_JAW,
    base_vertices,
    build_basis,
    describe,
    mean_adult,
    random_person,
)
from clip_head.training.teacher.surroundings import surrounding_weights
from clip_head.training.teacher.template import TRANSLATION, build_landmarks, build_regions, build_topology

pytestmark = pytest.mark.slow

EVEN = dict.fromkeys(RACES, 1 / 3)


@pytest.fixture(scope="module")
def topology():
    return build_topology()


@pytest.fixture(scope="module")
def basis(topology):
    return build_basis(topology.base)


@pytest.fixture(scope="module")
def mean(basis):
    return base_vertices(basis, mean_adult())


@pytest.fixture(scope="module")
def template(topology, mean):
    vertices = (topology.subdivision @ mean).astype(np.float32)
    regions = build_regions(topology, vertices)
    landmarks = build_landmarks(topology, vertices, regions)
    return Template(vertices, topology.faces, topology.uv, topology.part, regions, landmarks)


@pytest.fixture(scope="module")
def expressions(topology, template):
    return build_expressions(topology, template.vertices, template.regions)


def point(topology, basis, template, landmark, **shapes):
    """A landmark of an otherwise average person, in millimetres."""
    base = base_vertices(basis, describe(0.5, 30.0, EVEN, 0.5, shapes))
    return (topology.subdivision @ base)[template.landmarks[landmark]] * MILLIMETRES_PER_UNIT


def edge_uses(faces):
    edges = np.sort(np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]]), axis=1)
    return np.unique(edges, axis=0, return_counts=True)[1]


def test_template_is_closed_and_faces_outwards(template):
    assert (edge_uses(template.faces) == 2).all()
    a, b, c = (template.vertices[template.faces[:, k]].astype(np.float64) for k in range(3))
    assert np.einsum("fk,fk->", np.cross(a, b), c) > 0
    assert np.linalg.norm(np.cross(b - a, c - a), axis=1).min() > 0


def test_template_lies_in_the_frame(template):
    vertices, landmarks = template.vertices, template.landmarks
    assert vertices[landmarks["nose_tip"], 2] == pytest.approx(0.3, abs=0.03)
    assert -0.42 < vertices[landmarks["chin"], 1] < -0.33
    assert vertices[:, 1].max() < 0.7
    assert vertices[landmarks["left_pupil"], 0] > 0 > vertices[landmarks["right_pupil"], 0]


def test_sockets_and_mouth_leave_no_hollow(template):
    """Behind the eyeballs and the mouth's membrane the head is solid."""
    eyes = np.stack([template.vertices[template.regions[f"{side}_eye"]].mean(axis=0) for side in ("left", "right")])
    mouth = template.vertices[template.regions["mouth"]].mean(axis=0)
    back = np.array([0.0, 0.0, -0.06])
    deep = np.concatenate([eyes + back, eyes + 2 * back, mouth[None] + 1.5 * back])
    assert (signed_distance(template.vertices, template.faces, deep) < 0).all()


@pytest.mark.parametrize("age", [4.0, 11.0, 30.0, 90.0])
def test_the_neck_cut_meets_only_the_neck(topology, basis, template, age):
    person = describe(1.0, age, EVEN, 0.5, {})
    vertices = topology.subdivision @ base_vertices(basis, person)
    above = vertices[:, 1] + 0.7 * vertices[:, 2] + 0.55
    assert above[template.landmarks["chin"]] > 0.1
    bottom = np.unique(template.faces[template.part == CAP])
    lowest = bottom[template.vertices[bottom, 1] < template.vertices[bottom, 1].min() + 0.05]
    assert (above[lowest] < 0).all()


def test_phenotype_weights_interpolate():
    weights = phenotype_weights(0.3, 40.0, 0.5, 0.2, EVEN)
    assert weights[:24].sum() == pytest.approx(1.0)
    assert weights[24:].sum() == pytest.approx(1.0)
    assert (weights >= 0).all()


def test_people_repeat_with_the_seed_and_differ_otherwise():
    first, again, other = (random_person(np.random.default_rng(seed)) for seed in (5, 5, 6))
    assert first == again != other


@pytest.mark.parametrize(
    ("landmark", "shape", "axis", "sign"),
    [("nose_tip", "nose_size", 2, 1), ("chin", "chin_height", 1, -1), ("left_mouth_corner", "mouth_width", 0, 1)],
)
def test_shapes_move_what_they_name(topology, basis, template, landmark, shape, axis, sign):
    more = point(topology, basis, template, landmark, **{shape: 1.0})
    less = point(topology, basis, template, landmark, **{shape: -1.0})
    assert sign * (more - less)[axis] > 2.0


def test_strong_shapes_are_put_into_words():
    person = describe(0.0, 75.0, {"african": 1.0, "asian": 0.0, "caucasian": 0.0}, 0.5, {"nose_size": 1.0, "jaw": 0.1})
    assert (person.noun, person.age_word, person.ancestry_word) == ("man", "old", "african")
    assert person.words == ("big nose",)
    assert describe(1.0, 8.0, EVEN, 0.5, {}).noun == "girl"


def test_the_table_names_23_expressions_of_known_actions(expressions):
    assert len(TABLE) == 23
    assert len(expressions.actions) == 52
    assert set().union(*TABLE.values()) <= set(expressions.actions)


def offsets_of(expressions, name):
    parts = [w * expressions.basis[expressions.actions.index(a)] for a, w in TABLE[name].items()]
    return expressions.closing + np.sum(parts, axis=0) if parts else expressions.closing


def test_neutral_closes_the_lips(template, expressions):
    y = template.vertices[:, 1]
    middle = np.abs(template.vertices[:, 0]) < 0.01

    def gap(offsets):
        moved = y + offsets[:, 1]
        upper = moved[template.regions["upper_lip"] & middle].min()
        lower = moved[template.regions["lower_lip"] & middle].max()
        return (upper - lower) * MILLIMETRES_PER_UNIT

    assert gap(np.zeros_like(template.vertices)) > 2.0
    assert gap(expressions.closing) < 0.0
    assert gap(offsets_of(expressions, "surprised")) > 15.0


def test_neutral_leaves_no_slit_from_corner_to_corner_and_presses_little(template, expressions):
    closed = template.vertices + expressions.closing
    assert lip_gap(template, template.vertices) > 3.0
    assert lip_gap(template, closed) <= 0.15
    lips = Lips.on(template.vertices, template.faces, template.regions["upper_lip"], template.regions["lower_lip"])
    assert lip_crossing(lips, closed) < 0.5
    away = template.vertices[:, 2] < 0.1
    jaw = -CANONICAL_JAW * expressions.basis[expressions.actions.index("jawOpen")]
    np.testing.assert_allclose(expressions.closing[away], jaw[away], atol=1e-6)


def test_expressions_differ_from_each_other(template, expressions):
    face = template.regions["face"]
    shapes = np.stack([offsets_of(expressions, name)[face] for name in TABLE])
    apart = np.abs(shapes[:, None] - shapes[None]).max(axis=(2, 3)) * MILLIMETRES_PER_UNIT
    assert apart[~np.eye(len(TABLE), dtype=bool)].min() > 3.0


def test_signed_distance_and_samples_of_a_sphere():
    icosphere = head_of_sphere(0.3)
    points = np.array([[0, 0, 0], [0, 0, 0.5], [0.1, 0, 0]], np.float32)
    assert signed_distance(*icosphere, points) == pytest.approx([-0.3, 0.2, -0.2], abs=0.01)
    samples = sample_surface(*icosphere, 500, np.random.default_rng(0))
    assert np.linalg.norm(samples.points, axis=1) == pytest.approx(0.3, abs=0.01)
    outwards = (samples.normal * samples.points).sum(axis=1)
    assert outwards[np.linalg.norm(samples.normal, axis=1) > 0.5].min() > 0.28
    assert samples.bary.sum(axis=1) == pytest.approx(1.0, abs=1e-5)
    near = sample_near(samples, 0.01, np.random.default_rng(0))
    assert np.linalg.norm(near - samples.points, axis=1).std() > 0.001


def head_of_sphere(radius):
    steps = 40
    theta, phi = np.meshgrid(
        np.linspace(1e-3, np.pi - 1e-3, steps), np.linspace(0, 2 * np.pi, 2 * steps), indexing="ij"
    )
    vertices = radius * np.stack(
        [np.sin(theta) * np.cos(phi), np.cos(theta), -np.sin(theta) * np.sin(phi)], axis=-1
    ).reshape(-1, 3)
    row, column = np.meshgrid(np.arange(steps - 1), np.arange(2 * steps - 1), indexing="ij")
    a = (row * 2 * steps + column).ravel()
    faces = np.concatenate(
        [np.stack([a, a + 2 * steps, a + 1], 1), np.stack([a + 1, a + 2 * steps, a + 2 * steps + 1], 1)]
    )
    return vertices.astype(np.float32), faces.astype(np.int32)


@pytest.fixture(scope="module")
def card_folder(tmp_path_factory):
    """One card of two triangles above the crown, bound to single base vertices and by offsets."""
    folder = tmp_path_factory.mktemp("assets") / "card"
    folder.mkdir()
    (folder / "card.obj").write_text("v 0 0 0\nv 0 0 0\nv 0 0 0\nv 0 0 0\nf 1/1 2/1 3/1 4/1\n", encoding="utf-8")
    lines = [
        "# a card",
        "x_scale 5399 11998 1.48",
        "z_scale 962 5320 1.92",
        "y_scale 791 881 2.33",
        "verts 0",
        "material x",
    ]
    for x, z in ((-0.5, -0.3), (0.5, -0.3), (0.5, 0.3), (-0.5, 0.3)):
        lines.append(f"881 881 881 1.0 0.0 0.0 {x} 0.4 {z}")
    (folder / "card.mhclo").write_text("\n".join(lines) + "\n881\n", encoding="utf-8")
    return folder


def test_cards_scale_with_the_head(topology, mean, card_folder):
    cards = read_cards(card_folder, topology.base)
    assert cards.faces.tolist() == [[0, 1, 2], [0, 2, 3]]
    assert len(cards.corners) == 5
    scaled = card_vertices(cards, 1.25 * mean)
    assert scaled == pytest.approx(1.25 * card_vertices(cards, mean), abs=1e-5)


def test_a_missing_style_is_named(topology, tmp_path):
    with pytest.raises(ClipHeadError, match="braid07"):
        read_cards(tmp_path / "braid07", topology.base)


@pytest.fixture(scope="module")
def style(topology, mean, template, card_folder):
    return build_style("card", read_cards(card_folder, topology.base), topology, mean, template, coarse(template))


def coarse(template):
    return head_field(template, spacing=0.02)


def test_hair_and_head_are_one_closed_surface(style: HairStyle):
    assert (edge_uses(style.faces) == 2).all()
    a, b, c = (style.vertices[style.faces[:, k]].astype(np.float64) for k in range(3))
    assert np.einsum("fk,fk->", np.cross(a, b), c) > 0
    assert 0.1 < style.is_hair.mean() < 0.7
    face = (style.vertices[:, 2] > 0.15) & (style.vertices[:, 1] < 0.1)
    assert not style.is_hair[face].any()


def test_the_surface_follows_a_scaled_head(style: HairStyle, mean):
    scaled = follow_base(style, 0.1 * mean)
    assert np.abs(scaled - 1.1 * style.vertices).max() * MILLIMETRES_PER_UNIT < 6.0
    skin = ~style.is_hair
    assert scaled[skin] == pytest.approx(1.1 * style.vertices[skin], abs=1e-4)
    assert follow_base(style, 0 * mean) == pytest.approx(style.vertices)


def test_hair_of_cards_moves_as_the_space_around_the_template_does(style: HairStyle, topology, basis, mean, template):
    child = base_vertices(basis, describe(1.0, 5.0, EVEN, 0.5, {})) - mean
    hair = np.flatnonzero(style.is_hair)[::7]
    around = surrounding_weights(template.vertices, template.faces, style.vertices[hair], np.random.default_rng(1))
    space = around @ (topology.subdivision @ child)
    apart = np.linalg.norm((follow_base(style, child) - style.vertices)[hair] - space, axis=1)
    assert np.linalg.norm(space, axis=1).mean() * MILLIMETRES_PER_UNIT > 5.0
    assert np.percentile(apart, 99) * MILLIMETRES_PER_UNIT < 0.8


def test_the_dataset_reads_back(tmp_path: Path, topology, basis, mean, template, expressions, style):
    people = [random_person(np.random.default_rng(seed)) for seed in range(10)]
    save_template(tmp_path, template, topology.subdivision)
    save_heads(tmp_path, people, np.stack([base_vertices(basis, person) - mean for person in people]))
    np.savez(
        tmp_path / "expressions.npz",
        actions=np.array(expressions.actions),
        basis=expressions.basis,
        closing=expressions.closing,
    )
    (tmp_path / "expressions.json").write_text('{"neutral": {}, "open": {"jawOpen": 0.5}}', encoding="utf-8")
    (tmp_path / "hair").mkdir()
    save_style(tmp_path / "hair/bald.npz", bald_style(topology, template))
    save_style(tmp_path / "hair/card.npz", style)
    dataset = load_teacher(tmp_path)
    assert dataset.attributes == tuple(people)
    assert (list(train_indices(dataset)), list(held_out_indices(dataset))) == (list(range(9)), [9])
    exact = topology.subdivision @ base_vertices(basis, people[3])
    assert head_vertices(dataset, 3) == pytest.approx(exact, abs=1e-3)
    assert teacher_mesh(dataset, 3, "bald").vertices == pytest.approx(head_vertices(dataset, 3), abs=1e-5)
    assert len(teacher_mesh(dataset, 3, "card").vertices) == len(style.vertices)
    opened = expression_offsets(dataset, "open") - expression_offsets(dataset, "neutral")
    assert opened[dataset.template.landmarks["chin"], 1] < -0.02
    again = load_style(tmp_path / "hair/card.npz")
    assert (again.weights != style.weights).nnz == 0


def test_translation_is_the_frame_of_the_mean_adult(basis, mean):
    """Heads keep their size and have the point between the eyes in common."""
    child = base_vertices(basis, describe(0.0, 6.0, EVEN, 0.5, {}))
    assert basis.eyes @ child == pytest.approx(basis.eyes @ mean, abs=1e-6)
    assert np.ptp(child[:, 1]) < np.ptp(mean[:, 1])
    assert TRANSLATION[0] == 0
