"""Words of movements are told from those of shapes."""

import numpy as np

from clip_head.core.text.movements import movements, moving_words
from clip_head.core.text.split import things_of, words_of
from clip_head.training.language.shapes import SHAPE_WORDS


def moving(prompt: str) -> list[str]:
    words = words_of(prompt)
    mask = moving_words([word.text for word in words], things_of(prompt, words))
    return [word.text for word, is_moving in zip(words, mask, strict=True) if is_moving]


def test_a_part_beside_its_verb_is_a_movement_to_the_end_of_the_thing() -> None:
    assert moving("a man raising one eyebrow, with a big nose") == ["raising", "one", "eyebrow"]
    assert moving("an old man with his eyes half closed") == ["eyes", "half", "closed"]
    assert moving("a woman looking up") == ["looking", "up"]
    # The verb of another thing, or of another part, is none.
    assert moving("a woman with big eyes, lips closed") == ["lips", "closed"]
    assert not moving("a man with raised cheekbones and a nose")
    assert not moving("a sad looking man down on his luck")


def test_likenesses_and_what_is_always_so_are_shapes() -> None:
    assert not moving("a man with lips like pressed flowers")
    assert not moving("a girl whose mouth is naturally open")


def test_hardly_a_phrase_about_a_shape_sounds_like_a_movement() -> None:
    phrases = [phrase for words in SHAPE_WORDS.values() for kind in vars(words).values() for phrase in kind]
    assert len(phrases) > 3000
    assert np.mean([bool(moving(phrase)) for phrase in phrases]) < 0.002


def test_no_word_is_both_a_part_and_its_verb() -> None:
    assert all(not movement.parts & movement.verbs for movement in movements())
