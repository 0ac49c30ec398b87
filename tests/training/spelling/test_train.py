"""The stage that lists the words makes the shipped list again."""

import json

from clip_head.core.models import EMBEDDED
from clip_head.core.text.spelling import WORDS, load_spelling
from clip_head.training.__main__ import main
from clip_head.training.spelling.train import phrases, vocabulary


def test_the_shipped_words_are_made_again_to_the_byte(tmp_path):
    main(["spelling", "--out", str(tmp_path)])
    shipped = EMBEDDED / "spelling"
    assert (tmp_path / WORDS).read_bytes() == (shipped / WORDS).read_bytes()
    assert json.loads((tmp_path / "model.json").read_text()) == json.loads((shipped / "model.json").read_text())
    assert (shipped / WORDS).stat().st_size <= 150_000


def test_every_word_that_training_says_is_known():
    counts = load_spelling(EMBEDDED / "spelling").counts
    assert all(counts.get(word) for word in ("an", "old", "man", "with", "big", "nose", "laughing"))
    assert len(list(phrases())) > 10_000
    words = vocabulary(EMBEDDED / "text")
    assert "nose" in words and not any(word.startswith("##") for word in words)
