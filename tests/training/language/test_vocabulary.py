"""What is shipped of the vocabulary is what training teaches."""

import json
import re

from clip_head.core.text.skin_tones import SCALE, skin_tones
from clip_head.core.text.understood import TAUGHT_WORDS
from clip_head.training.language.appearance_captions import MAKE_UP_NAMES, MATERIAL_NAMES, PERSONAS, TONE_NAMES
from clip_head.training.language.people_phrases import ANCESTRIES
from clip_head.training.language.vocabulary import taught_words
from clip_head.training.teacher.appearance import EVERYDAY


def test_the_shipped_words_are_those_of_the_tables():
    shipped = json.loads(TAUGHT_WORDS.read_text(encoding="utf-8"))
    assert shipped == taught_words(), "run python -m clip_head.training.language.vocabulary"
    assert {"nose", "freckles", "pirate", "laughing", "forty"} <= set(shipped)


def test_every_ancestry_that_training_says_has_tones():
    table = skin_tones()
    assert set(table.tones) == set(ANCESTRIES)
    for name, ancestry in ANCESTRIES.items():
        assert all(table.words[phrase.lower()] == name for phrase in ancestry.words.all)
    assert all(tone in [phrase for phrases in TONE_NAMES.values() for phrase in phrases] for tone in SCALE)


def test_skins_that_are_no_matter_of_ancestry_are_left_alone():
    settled = skin_tones().settled_by
    painted = [name for name in MAKE_UP_NAMES if name not in EVERYDAY]
    phrases = [phrase for name in painted for phrase in MAKE_UP_NAMES[name] + PERSONAS[name]]
    phrases += [phrase for names in (*MATERIAL_NAMES.values(), *TONE_NAMES.values()) for phrase in names]
    assert not [phrase for phrase in phrases if not set(re.findall(r"[\w-]+", phrase)) & settled]
