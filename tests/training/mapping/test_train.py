"""The mapping's training: pairs on disk, folding, spread, and the refit to another text model."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch.nn import functional

from clip_head.core.compat import prepare_torchvision
from clip_head.core.errors import ClipHeadError, ModelError
from clip_head.core.mapping import Clip2NPHM, load_mapping, map_expression, map_identity
from clip_head.core.text import encode_text, load_text_model
from clip_head.training.language.expressions import HELD_OUT, PHRASES
from clip_head.training.language.features import FEATURES, expression_table
from clip_head.training.language.hair import BEARDS, STYLES
from clip_head.training.language.sentences import HeadDescription
from clip_head.training.language.shapes import HELD_OUT_SHAPES, SHAPE_WORDS
from clip_head.training.mapping import refit
from clip_head.training.mapping import train as mapping
from clip_head.training.mapping.descriptions import (
    SHAPE_EXTREMES,
    draw_description,
    draw_sentence,
    draw_style_of,
    expression_sentences,
    extreme_values,
    region,
)
from clip_head.training.mapping.encoder import principal_axes
from clip_head.training.mapping.evaluate import fit_probe
from clip_head.training.mapping.examples import (
    MENTIONED_DEVIATION,
    OPEN_SHAPE_DEVIATION,
    Examples,
    log_deviations,
    sentence_examples,
    shape_readings,
    styles_that_show,
)
from clip_head.training.mapping.layers import Whitening
from clip_head.training.mapping.pairs import (
    VARIATION_AXES,
    Pairs,
    load_pairs,
    save_pairs,
)
from clip_head.training.mapping.people import default_person
from clip_head.training.mapping.train import GAIN_LIMITS, OVERSTATEMENT, fold_decoder, mixtures, shape_gains
from clip_head.training.teacher.expressions import TABLE
from clip_head.training.teacher.identities import SHAPES
from clip_head.training.text.embeddings import embed

pytestmark = pytest.mark.slow(minutes=0.8)

WIDTH = 40
PEOPLE = ("a", "an old", "a young", "an asian", "face of a", "a bald")
ACTIONS = sorted({action for table in (TABLE, {n: f.weights for n, f in FEATURES.items()}) for weights in table.values()
                  for action in weights})  # fmt: skip


def small_pairs(count: int, phrases: int) -> Pairs:
    """Pairs whose codes are random but for the first number, the gender."""
    rng = np.random.default_rng(0)
    drawn = [replace(draw_description(rng), beard=None) for _ in range(count)]
    default = [default_person(said) for said in drawn]
    texts, number, z_exp = expression_sentences(phrases, 0, ACTIONS)
    return Pairs(
        [draw_sentence(said, rng) for said in drawn],
        np.arange(count, dtype=np.int32),
        np.array([[4 * person.gender - 2, 0.0] for person in default], np.float32),
        np.stack([extreme_values(said.shapes) for said in drawn]),
        np.array([[v is not None for v in (s.gender, s.age, s.ancestry, s.weight)] for s in drawn]),
        np.full(count, -1, np.int16),
        np.full((count, len(STYLES) + 1), 1 / (len(STYLES) + 1), np.float32),
        np.full(count, -1, np.int8),
        np.zeros(WIDTH, np.float32),
        np.eye(WIDTH, dtype=np.float32)[:2],
        rng.normal(0, 0.1, (len(SHAPE_EXTREMES), WIDTH)).astype(np.float32) * (np.arange(WIDTH) > 1),
        rng.normal(0, 0.1, (len(VARIATION_AXES) + 2, WIDTH)).astype(np.float32) * (np.arange(WIDTH) > 1),
        np.eye(len(SHAPES), len(SHAPES) + 2, dtype=np.float32) + np.eye(len(SHAPES), len(SHAPES) + 2, len(SHAPES)),
        texts,
        number,
        z_exp,
        expression_table(ACTIONS),
    )


def test_pairs_are_read_back_as_they_were_written(tmp_path):
    pairs = small_pairs(30, 20)
    save_pairs(tmp_path, pairs, "a test")
    again = load_pairs(tmp_path)
    assert again.texts == pairs.texts
    assert again.phrases == pairs.phrases
    np.testing.assert_array_equal(again.person, pairs.person)
    np.testing.assert_allclose(again.ends, pairs.ends, atol=1e-3)
    assert again.ends.dtype == np.float32


def test_pairs_of_other_shapes_are_refused(tmp_path):
    save_pairs(tmp_path, small_pairs(5, 5), "a test")
    described = json.loads((tmp_path / "model.json").read_text())
    described["config"]["ends"] = described["config"]["ends"][1:]
    del described["config_sha256"]
    (tmp_path / "model.json").write_text(json.dumps(described))
    with pytest.raises(ModelError, match="other shapes"):
        load_pairs(tmp_path)


def test_who_is_said_to_have_no_beard_counts_as_spoken_of():
    pairs = replace(small_pairs(3, 2), beard=np.array([-1, len(BEARDS), BEARDS.index("mutton chops")], np.int8))
    examples = sentence_examples(pairs, torch.zeros(3, 8))
    assert examples.beard_said.tolist() == [0, 1, 1]
    assert examples.beards.argmax(dim=1).tolist() == [len(BEARDS), len(BEARDS), BEARDS.index("mutton chops")]


def test_training_never_says_what_is_held_out():
    rng = np.random.default_rng(0)
    texts = [f" {draw_sentence(draw_description(rng), rng)} " for _ in range(3000)]
    said = {phrase for words in SHAPE_WORDS.values() for phrases in vars(words).values() for phrase in phrases}
    telling = [phrase for phrase in HELD_OUT_SHAPES if phrase.startswith("a ") and " like " in phrase]
    telling = [phrase for phrase in telling if not any(phrase in longer for longer in said - {phrase})]
    assert len(telling) > 20
    assert not any(phrase in text for phrase in telling for text in texts)


def test_all_wordings_are_said_when_none_is_kept():
    rng = np.random.default_rng(0)
    texts = " | ".join(draw_sentence(draw_description(rng), rng, None) for _ in range(4000))
    assert sum(phrase in texts for phrase in HELD_OUT_SHAPES) > 100
    phrases = " | ".join(expression_sentences(3000, 0, ACTIONS, None)[0])
    assert sum(phrase in phrases for phrase in HELD_OUT) > 50


def test_every_end_is_drawn_about_as_often_as_any_other():
    rng = np.random.default_rng(0)
    values = np.stack([extreme_values(draw_description(rng).shapes) for _ in range(8000)])
    counts = (values > 0).sum(axis=0)
    assert counts.min() > 0.6 * counts.mean()
    assert values.max() <= 1.25


def test_an_end_has_the_value_that_is_said():
    values = extreme_values({"nose_size": -0.7, "jaw": 0.5})
    assert values[SHAPE_EXTREMES.index(("nose_size", -1))] == pytest.approx(0.7)
    assert values[SHAPE_EXTREMES.index(("jaw", 1))] == pytest.approx(0.5)
    assert np.count_nonzero(values) == 2


def test_who_has_a_beard_is_a_man_unless_the_words_say_otherwise():
    assert default_person(HeadDescription(beard="full")).gender < 0.3
    assert default_person(HeadDescription(beard="none")).gender == 0.5
    assert default_person(HeadDescription(gender=1.0, beard="full")).gender == 1.0


def test_hair_that_is_not_spoken_of_is_what_such_a_person_wears():
    pairs = small_pairs(4, 2)
    pairs = replace(pairs, style=np.array([-1, 0, len(STYLES), -1], np.int16))
    worn = sentence_examples(pairs, torch.zeros(4, 8)).styles
    np.testing.assert_allclose(worn.sum(dim=1), 1.0, rtol=1e-6)
    assert worn[0].max() < 0.1
    assert worn[1, 0] == 1.0
    assert worn[2, -1] == 1.0


def test_who_speaks_of_ears_sees_them():
    names = (*STYLES, "bald")
    worn = np.full((2, len(names)), 1 / len(names), np.float32)
    ends = np.zeros((2, len(SHAPE_EXTREMES)), np.float32)
    ends[1, SHAPE_EXTREMES.index(("ear_size", 1))] = 0.8
    silent, spoken = styles_that_show(ends, worn)
    assert np.allclose(silent, worn[0])
    assert spoken.sum() == pytest.approx(1)
    assert spoken[names.index("long01")] == 0 < worn[0, names.index("bob01")] < spoken[names.index("buzz")]


def test_hair_is_worn_so_that_one_sees_the_ears_that_are_spoken_of():
    rng = np.random.default_rng(0)

    def worn(style, shapes):
        return {
            [*STYLES, "bald", "unsaid"][draw_style_of(HeadDescription(style=style, shapes=shapes), rng)]
            for _ in range(60)
        }

    assert worn("long", {}) == worn("long", {"nose_size": 0.8}) == {"long01", "long02"}
    assert worn("long", {"ear_pointed": 0.8}) == {"long02"}
    assert worn("bob", {"ear_size": -0.5}) == {"bob01", "bob02"}, "whoever asks for a bob has one"
    assert worn("bald", {"ear_size": 1.0}) == {"bald"}
    assert worn(None, {"ear_size": 1.0}) == {"unsaid"}


def test_folding_the_answers_gives_whole_codes_and_leaves_the_scores():
    torch.manual_seed(0)
    pairs = small_pairs(3, 2)
    network = Clip2NPHM(16, 2 + len(SHAPE_EXTREMES) + 3)
    embedding = torch.randn(5, 16)
    with torch.no_grad():
        before = network(embedding).numpy()
        gains = np.linspace(1, 2, len(SHAPE_EXTREMES), dtype=np.float32)
        fold_decoder(network, pairs, gains)
        after = network(embedding).numpy()
    wanted = before[:, :2] @ pairs.axes + (gains * before[:, 2:-3]) @ pairs.directions + pairs.mean
    np.testing.assert_allclose(after[:, :WIDTH], wanted, atol=1e-4)
    np.testing.assert_allclose(after[:, WIDTH:], before[:, -3:], atol=1e-6)


def test_gains_undo_what_regression_shrinks():
    torch.manual_seed(0)
    count, shapes = 60, len(SHAPE_EXTREMES)
    network = Clip2NPHM(16, 2 + shapes)
    embedding = torch.randn(count, 16)
    mentioned = torch.zeros(count, 2 + shapes)
    mentioned[:, 2:5] = 1
    with torch.no_grad():
        answered = network(embedding)
    target = answered * torch.cat([torch.ones(2), torch.tensor([1.5, 9.0, 0.4]), torch.ones(shapes - 3)])
    unused = torch.zeros(count, 1)
    gains = shape_gains(network, Examples(embedding, target, mentioned, unused, unused, unused), 2) / OVERSTATEMENT
    np.testing.assert_allclose(gains[:3], [1.5, GAIN_LIMITS[1], GAIN_LIMITS[0]], rtol=1e-5)


def test_a_mixture_lies_between_two_sentences_and_asks_for_the_shapes_of_both():
    embedding = functional.normalize(torch.randn(4, 16), dim=1)
    target = torch.tensor([[1.0, 0.0, 0.6], [-1.0, 0.9, 0.0], [0.0, 0.0, 0.0], [0.0, 0.3, 0.3]])
    mentioned, unused = (target * torch.tensor([0.0, 1.0, 1.0]) > 0).float(), torch.zeros(4, 1)
    examples = Examples(embedding, target, mentioned, unused, unused, unused)
    mean, both, either = mixtures(examples, torch.tensor([[0, 2], [1, 3]]))
    np.testing.assert_allclose(mean.norm(dim=1), 1.0, rtol=1e-6)
    ends = (embedding[[0, 2]] * embedding[[1, 3]]).sum(dim=1)
    for end in (embedding[[0, 2]], embedding[[1, 3]]):
        assert ((mean * end).sum(dim=1) > ends + 0.2 * (1 - ends)).all(), "nearer to each than they are to each other"
    np.testing.assert_allclose(both[:, 1:], [[0.9, 0.6], [0.3, 0.3]])
    np.testing.assert_allclose(either[:, 1:], 1.0)


def test_readings_are_of_shapes_that_a_sentence_mentions():
    readings = shape_readings(small_pairs(2, 1))
    assert readings is not None
    assert readings.values.shape == (len(SHAPES), len(VARIATION_AXES) + 2)
    assert (readings.mentioned < readings.open).all()
    own = readings.values[np.arange(len(SHAPES)), readings.rows]
    np.testing.assert_allclose(own, 1.0)


def test_people_differ_little_in_what_is_said_and_much_in_the_rest():
    pairs = replace(
        small_pairs(1, 1), ends=extreme_values({"nose_size": 0.8})[None], said=np.array([[True, False, False, False]])
    )
    deviation = dict(zip(VARIATION_AXES, np.exp(log_deviations(pairs)[0]), strict=False))
    assert deviation["nose_size"] == pytest.approx(MENTIONED_DEVIATION)
    assert deviation["female"] < deviation["old"]
    assert deviation["nose_size"] < deviation["nose_width"] < deviation["jaw"] == pytest.approx(OPEN_SHAPE_DEVIATION)
    assert region("lips") == region("mouth_width")


def test_folding_the_whitening_changes_nothing_and_whitens():
    torch.manual_seed(0)
    loud_and_faint = torch.logspace(0, -0.8, 24)
    embedding = torch.nn.functional.normalize(torch.randn(800, 24) * loud_and_faint + 0.3, dim=-1)
    whiten = Whitening(embedding)
    white = whiten(embedding)
    assert white.std(dim=0).min() > 0.5
    network = Clip2NPHM(24, 7)
    with torch.no_grad():
        before = network(white)
        torch.testing.assert_close(whiten.fold_into(network)(embedding), before, atol=1e-3, rtol=1e-3)


def test_principal_axes_keep_what_varies():
    rng = np.random.default_rng(0)
    codes = (rng.standard_normal((200, 3)) @ rng.standard_normal((3, 20)) + 1).astype(np.float32)
    mean, axes = principal_axes(codes, 3)
    np.testing.assert_allclose((codes - mean) @ axes.T @ axes + mean, codes, atol=1e-4)


def test_the_probe_reads_linear_features():
    rng = np.random.default_rng(0)
    codes = rng.standard_normal((500, 20)).astype(np.float32)
    wanted = codes[:, :3] * 2 + 1
    probe = fit_probe(codes, wanted)
    assert np.abs(codes @ probe[:-1] + probe[-1] - wanted).max() < 0.05


@pytest.fixture(scope="module")
def refitted(tmp_path_factory):
    """A small open_clip model of random weights, and both mappings fitted to it."""
    prepare_torchvision()
    import open_clip

    folder = tmp_path_factory.mktemp("refit")
    tower = {"context_length": 32, "vocab_size": 49408, "width": 64, "heads": 2, "layers": 2}
    config = {
        "embed_dim": 48,
        "vision_cfg": {"image_size": 32, "layers": 1, "width": 64, "head_width": 32, "patch_size": 16},
    }
    (folder / "ViT-tiny-test.json").write_text(json.dumps(config | {"text_cfg": tower}))
    open_clip.add_model_config(folder / "ViT-tiny-test.json")
    torch.manual_seed(0)
    clip = open_clip.create_model("ViT-tiny-test")
    torch.save(clip.state_dict(), folder / "clip.pt")
    plain = [
        (f"{who} {PHRASES[name][0]}", k) for k, name in enumerate(TABLE) for who in ("", "a man", "she is", "he is")
    ]
    people = [f"{who} {noun}" for noun in ("man", "woman") for who in PEOPLE]
    pairs = replace(
        small_pairs(len(people), 1),
        texts=people,
        people=np.array([[-2.0 if text.endswith(" man") else 2.0, 0.0] for text in people], np.float32),
        ends=np.zeros((len(people), len(SHAPE_EXTREMES)), np.float32),
        phrases=[text for text, _ in plain],
        expression=np.array([k for _, k in plain], np.int32),
        z_exp=expression_table(ACTIONS)[[k for _, k in plain]],
    )
    save_pairs(folder / "pairs", pairs, "a test")
    parser = argparse.ArgumentParser()
    refit.add_arguments(parser)
    words = ["--text", "ViT-tiny-test", "--checkpoint", str(folder / "clip.pt"), "--pairs", str(folder / "pairs")]
    refit.run(parser.parse_args([*words, "--out", str(folder / "models"), "--steps", "480"]))
    return folder / "models"


def test_a_refit_to_a_small_open_clip_model_learns_gender_and_expression(refitted):
    assert {path.name for path in refitted.iterdir()} == {"text", "mapping", "nphm"}
    text, mapping = load_text_model(refitted / "text"), load_mapping(refitted / "mapping")
    men, women = (
        encode_text(text, [f"{w} {n}" for w in ("a", "an old", "a young", "an asian")]) for n in ("man", "woman")
    )

    def female(embeddings):
        return [map_identity(mapping, embedding, 0, variation=0.0)[0] for embedding in embeddings]

    assert np.mean(female(women)) > np.mean(female(men)) + 0.2
    table = expression_table(ACTIONS)[: len(TABLE)]
    found = np.stack(
        [map_expression(mapping, e) for e in encode_text(text, [f"a woman {PHRASES[n][0]}" for n in TABLE])]
    )
    nearest = np.linalg.norm(found[:, None] - table, axis=2).argmin(axis=1)
    assert (nearest == np.arange(len(table))).mean() > 0.3  # by chance 1 in 23


def test_leaving_out_the_padding_changes_no_embedding(refitted):
    text = load_text_model(refitted / "text")
    texts = ["a man", "an old woman with a very big nose, thin lips and long hair", ""]
    np.testing.assert_allclose(embed(text, texts), encode_text(text, texts), atol=1e-5)


def test_weights_that_are_nowhere_are_refused_by_name():
    with pytest.raises(ModelError, match="no_such_weights"):
        refit.find_checkpoint("ViT-B-32", "no_such_weights")


def test_an_interrupted_training_goes_on_and_ends_with_the_same_bytes(refitted, tmp_path, interruption):
    parser = argparse.ArgumentParser()
    mapping.add_arguments(parser)

    def train_in(name, *more):
        words = ["--text", str(refitted / "text"), "--pairs", str(refitted.parent / "pairs"), "--steps", "16", *more]
        mapping.run(
            parser.parse_args([*words, "--work", str(tmp_path / name), "--out", str(tmp_path / name / "model")])
        )
        return {path.name: path.read_bytes() for path in (tmp_path / name / "model").iterdir()}

    with interruption(17):  # the sixteenth is the last of MLP_id, the eighteenth that of the first styles
        train_in("resumed")
    assert {path.name for path in (tmp_path / "resumed").glob("*.pt")} == {
        "identity_checkpoint.pt",
        "styles_0_checkpoint.pt",
    }
    with pytest.raises(ClipHeadError, match="other settings"):
        train_in("resumed", "--seed", "1")
    resumed = train_in("resumed")
    assert resumed == train_in("whole") != train_in("other", "--seed", "1")
    assert not list((tmp_path / "resumed").glob("*.pt"))
