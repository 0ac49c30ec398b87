"""Long descriptions keep every feature, with pronouns of the gender that is said."""

import numpy as np

from clip_head.training.language.long_sentences import several_sentences
from clip_head.training.language.sentences import HeadDescription, sentence

TRAITS = ["a big nose", "thin lips", "large ears", "a goatee"]


def test_every_feature_is_said_once():
    rng = np.random.default_rng(0)
    for _ in range(100):
        text = several_sentences("old man", 0, TRAITS, ["bald", "fat"], ["chin is long"], "angry", rng)
        assert all(text.count(words) == 1 for words in [*TRAITS, "bald", "fat", "chin is long", "angry", "old man"])
        assert text.count(". ") >= 1


def test_pronouns_are_those_of_the_gender():
    rng = np.random.default_rng(0)
    for gender, own, others in ((0, "He", {"She", "They"}), (1, "She", {"He", "They"}), (None, "They", {"He", "She"})):
        texts = [several_sentences("person", gender, TRAITS, ["bald"], [], "laughing", rng) for _ in range(60)]
        words = {word for text in texts for word in text.replace(".", " ").split()}
        assert own in words and not others & words
    assert any("They are laughing" in text for text in texts)


def test_the_sentence_of_the_benchmark_is_among_them():
    rng = np.random.default_rng(0)
    texts = {several_sentences("man", 0, ["a big nose", "thin lips"], ["bald"], [], "angry", rng) for _ in range(400)}
    assert "This man has a big nose and thin lips. He is bald. He looks angry." in texts


def test_only_descriptions_of_four_features_and_more_take_several_sentences():
    rng = np.random.default_rng(0)
    few = HeadDescription(0.0, 40.0, shapes={"nose_size": 0.7, "lips": -0.7}, style="buzz")
    assert not any("They " in sentence(few, rng) or ". He" in sentence(few, rng) for _ in range(200))
    many = HeadDescription(0.0, 40.0, shapes={"nose_size": 0.7, "lips": -0.7, "jaw": 0.7}, style="buzz", beard="full")
    texts = [sentence(many, rng) for _ in range(200)]
    assert 0.2 < np.mean([". " in text for text in texts]) < 0.5
