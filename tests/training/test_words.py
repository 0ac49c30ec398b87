"""Sentences, renders and the small algebra of the training of words."""

import numpy as np
import pytest
import torch

from clip_head.core.mapping import Clip2NPHM
from clip_head.core.models import EMBEDDED
from clip_head.core.text import encode_text, load_text_model
from clip_head.training.mapping import (
    COMPONENTS,
    HAIR_EXPECTED,
    LOUDER,
    Whitening,
    expect_hair,
    fit_probe,
    fold_output,
    principal_axes,
    strengthen,
    unspoken,
)
from clip_head.training.mapping_data import people_sentences
from clip_head.training.teacher.expressions import TABLE
from clip_head.training.teacher.identities import SHAPES, describe, random_person
from clip_head.training.words_clip import contrast
from clip_head.training.words_expressions import HELD_OUT, PHRASES, draw_expression, expression_sentence
from clip_head.training.words_people import (
    FEATURES,
    HAIR_WORDS,
    draw_style,
    features,
    person_sentence,
    says_hair,
    spoken_shapes,
    style_family,
    style_shares,
)
from clip_head.training.words_renders import View, draw
from clip_head.training.words_text import pooled_states, project

STYLES = ("afro01", "bald", "balding", "bob01", "bob02", "braid01", "buzz", "long01", "ponytail01", "short01")


def test_every_named_expression_of_the_teacher_has_words_of_its_own():
    assert set(PHRASES) == set(TABLE)
    spoken = [phrase for phrases in PHRASES.values() for phrase in phrases]
    assert len(spoken) == len(set(spoken))


def test_training_never_says_a_held_out_phrase():
    rng = np.random.default_rng(0)
    said = {draw_expression(rng)[1] for _ in range(3000)}
    asked = {draw_expression(rng, held_out=True)[1] for _ in range(500)}
    assert not said & HELD_OUT
    assert asked <= HELD_OUT
    assert {name for name in PHRASES if name != "neutral"} <= {draw_expression(rng)[0] for _ in range(3000)}


def test_sentences_say_the_phrase_they_are_given():
    rng = np.random.default_rng(0)
    assert all("laughing hard" in expression_sentence("laughing hard", rng) for _ in range(50))


def test_sentences_about_people_are_true():
    rng = np.random.default_rng(1)
    mentioned = 0
    for k in range(400):
        person = random_person(np.random.default_rng(k))
        style = draw_style(person, STYLES, rng)
        sentence = f" {person_sentence(person, style, rng, phrase='', asides=()).replace(',', ' ')} "
        if person.gender > 0.8:
            assert not {"man", "boy", "guy", "grandfather"} & set(sentence.split())
        if person.age > 20:
            assert "girl" not in sentence
        if style_family(style) != "bald":
            assert not any(f" {word} " in sentence for word in HAIR_WORDS["bald"])
        for shape in SHAPES.values():
            for word in (shape.more_word, shape.less_word):
                if word and f" a {word} " in sentence:
                    mentioned += word in person.words
    assert mentioned > 30


@pytest.mark.parametrize(
    ("sentence", "says"),
    [
        ("a man with short dark brown hair", True),
        ("face of a bald man, laughing", True),
        ("a long-haired woman", True),
        ("a woman with a ponytail and red hair", True),
        ("a man with a short chin and red hair", True),  # taken for a style: harmless
        ("an old woman with grey hair", False),
        ("an old man with a big nose, laughing", False),
    ],
)
def test_a_style_is_told_from_a_colour(sentence, says):
    assert says_hair(sentence) == says


def test_a_sentence_tells_which_shapes_it_speaks_of():
    even = dict.fromkeys(("african", "asian", "caucasian"), 1 / 3)
    man = describe(0.0, 40.0, even, 0.5, {"jaw": 0.9, "nose_size": -0.8, "lips": 0.2})
    names = np.array(list(SHAPES))
    assert names[spoken_shapes(man, "a man with a broad jaw, laughing")].tolist() == ["jaw"]
    assert set(names[spoken_shapes(man, "a man with a tiny nose and a wide jaw")]) == {"jaw", "nose_size"}
    assert not spoken_shapes(man, "a man with a wide nose and full lips").any()  # not his


def test_what_a_sentence_leaves_unsaid_is_not_asked_for():
    rng = np.random.default_rng(0)
    people = [random_person(rng) for _ in range(50)]
    found = np.stack([features(person) for person in people])
    said = people_sentences(people, STYLES[1:], 2, 0)
    answer = found[said.person] - unspoken(found, said)
    shapes = answer[:, -len(SHAPES) :]
    np.testing.assert_array_equal(answer[:, : -len(SHAPES)], found[said.person, : -len(SHAPES)])
    np.testing.assert_array_equal(shapes[said.shapes], found[said.person, -len(SHAPES) :][said.shapes])
    assert np.ptp(np.where(said.shapes, 0.0, shapes - found.mean(axis=0)[-len(SHAPES) :])) < 1e-5
    assert 0.5 < said.shapes.sum(axis=1).mean() < 2.0


def test_the_contrast_is_least_where_images_lie_with_their_own_captions():
    images = torch.nn.functional.normalize(torch.randn(5, 8, generator=torch.Generator().manual_seed(0)), dim=-1)
    own = images.repeat_interleave(3, dim=0)  # three captions each
    right = contrast(20 * images @ own.T)
    assert right < contrast(20 * images @ own.roll(3, dims=0).T) - 1
    single = 20 * images @ images.T
    labels = torch.arange(5)
    usual = torch.nn.functional.cross_entropy(single, labels) + torch.nn.functional.cross_entropy(single.T, labels)
    torch.testing.assert_close(contrast(single), usual / 2)


def test_what_people_wear_depends_on_who_they_are():
    man = describe(0.0, 40.0, {"african": 0.1, "asian": 0.1, "caucasian": 0.8}, 0.5, {})
    woman = describe(1.0, 40.0, {"african": 0.1, "asian": 0.1, "caucasian": 0.8}, 0.5, {})
    his, hers = style_shares(man, STYLES), style_shares(woman, STYLES)
    assert his.sum() == pytest.approx(1)
    assert his[STYLES.index("bald")] > 10 * hers[STYLES.index("bald")]
    assert hers[STYLES.index("long01")] > 5 * his[STYLES.index("long01")]


def test_features_name_what_they_measure():
    person = random_person(np.random.default_rng(5))
    found = dict(zip(FEATURES, features(person), strict=True))
    assert len(found) == len(FEATURES)
    assert found["female"] == pytest.approx(2 * person.gender - 1, abs=1e-6)
    assert found["nose_size"] == pytest.approx(person.shapes.get("nose_size", 0.0), abs=1e-6)


def test_folding_the_principal_components_changes_nothing():
    torch.manual_seed(0)
    rng = np.random.default_rng(0)
    codes = rng.standard_normal((400, 200)).astype(np.float32) @ rng.standard_normal((200, 200)).astype(np.float32)
    mean, axes = principal_axes(codes)
    network = Clip2NPHM(16, COMPONENTS + 3)
    embedding = torch.randn(5, 16)
    with torch.no_grad():
        before = network(embedding).numpy()
        fold_output(network, mean, axes)
        after = network(embedding).numpy()
    np.testing.assert_allclose(after[:, :200], before[:, :COMPONENTS] @ axes + mean, atol=1e-4)
    np.testing.assert_allclose(after[:, 200:], before[:, COMPONENTS:], atol=1e-6)


def test_folding_the_whitening_changes_nothing_and_whitens():
    torch.manual_seed(0)
    loud_and_faint = torch.logspace(0, -1.5, 24)
    embedding = torch.nn.functional.normalize(torch.randn(800, 24) * loud_and_faint + 0.3, dim=-1)
    whiten = Whitening(embedding)
    white = whiten(embedding)
    assert white.std(dim=0).min() > 0.5
    network = Clip2NPHM(24, 7)
    with torch.no_grad():
        before = network(white)
        torch.testing.assert_close(whiten.folded_into(network)(embedding), before, atol=1e-3, rtol=1e-3)


def test_some_features_are_said_louder_and_nothing_else():
    torch.manual_seed(0)
    rng = np.random.default_rng(0)
    width = 120
    basis = np.linalg.qr(rng.standard_normal((width, width)))[0][: len(FEATURES)].astype(np.float32)
    probe = np.vstack([basis.T, np.zeros(len(FEATURES))]).astype(np.float32)
    network = Clip2NPHM(16, width + 2)
    embedding = torch.randn(3, 16)
    with torch.no_grad():
        before = network(embedding).numpy()
        strengthen(network, probe, basis)
        after = network(embedding).numpy()
    louder = (after[:, :width] @ basis.T) / (before[:, :width] @ basis.T)
    wanted = np.array([1 + LOUDER.get(name, 0.0) for name in FEATURES])
    np.testing.assert_allclose(louder, np.tile(wanted, (3, 1)), atol=1e-2)
    np.testing.assert_array_equal(after[:, width:], before[:, width:])


def test_hair_is_expected_but_on_a_crown_that_is_said_to_be_bare():
    network = Clip2NPHM(16, 9)
    before = network.output_linear.bias.detach().clone()
    expect_hair(network, ("afro01", "balding", "short01"))
    raised = (network.output_linear.bias.detach() - before).tolist()
    assert raised[:6] == [0.0] * 6
    assert raised[6:] == pytest.approx([HAIR_EXPECTED, 0.0, HAIR_EXPECTED])


def test_the_probe_reads_linear_features():
    rng = np.random.default_rng(0)
    codes = rng.standard_normal((500, 20)).astype(np.float32)
    wanted = codes[:, :3] * 2 + 1
    probe = fit_probe(codes, wanted)
    assert np.abs(codes @ probe[:-1] + probe[-1] - wanted).max() < 0.05


def test_a_render_shows_the_near_side_from_the_side_of_the_viewer():
    corners = np.float32([[x, y, z] for x in (-0.3, 0.3) for y in (-0.3, 0.3) for z in (-0.4, 0.1)])
    from scipy.spatial import ConvexHull

    hull = ConvexHull(corners)
    faces = hull.simplices.astype(np.int32)
    a, b, c = (corners[faces[:, k]] for k in range(3))
    inward = np.einsum("fc,fc->f", np.cross(b - a, c - a), a - corners.mean(axis=0)) < 0
    faces[inward] = faces[inward][:, ::-1]
    colours = np.where(corners[:, :1] > 0, np.float32([[1, 0, 0]]), np.float32([[0, 0, 1]]))
    image = draw(corners, faces, colours.astype(np.float32), View(0.0, 0.0, 0.5), size=64)
    assert image.shape == (64, 64, 3)
    assert image[0, 0].tolist() == [128, 128, 128]
    left, right = image[35, 22].astype(int), image[35, 42].astype(int)
    assert left[2] > left[0] + 40  # the head's right (-x) is on the viewer's left
    assert right[0] > right[2] + 40


def test_cached_states_give_the_embeddings_of_the_running_model():
    model = load_text_model(EMBEDDED / "text")
    texts = ["an old man with a big nose, laughing", "a girl", "face of a man smiling with joker makeup"]
    found = project(model, pooled_states(model, texts))
    assert (found * encode_text(model, texts)).sum(axis=1).min() > 0.999
