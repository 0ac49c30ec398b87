"""What names of characters imply can be made, and nothing else in the tables says them."""

from clip_head.training.language.characters import CHARACTERS
from clip_head.training.language.hair import BEARDS, HAIR_WORDS
from clip_head.training.language.people_phrases import AGE_NOUNS, ANCESTRIES, NOUNS
from clip_head.training.language.shapes import SHAPE_WORDS


def test_everything_that_a_character_implies_exists():
    for name, character in CHARACTERS.items():
        assert name in character.names
        assert set(character.styles) <= set(HAIR_WORDS), name
        assert set(character.beards) <= set(BEARDS), name
        assert all((shape, 1 if value > 0 else -1) in SHAPE_WORDS for shape, value in character.shapes.items()), name
        assert character.ancestry is None or character.ancestry in ANCESTRIES, name
        assert 0 <= character.gender <= 1 and 1 <= character.ages[0] <= character.ages[1] <= 90, name
        assert not character.beards or (character.gender < 0.5 and character.ages[0] >= 18), name
    assert len(CHARACTERS) >= 117


def test_a_name_is_one_characters_and_no_plain_noun():
    names = [name for character in CHARACTERS.values() for name in character.names]
    assert len(names) == len(set(names))
    nouns = {noun for table in (NOUNS, AGE_NOUNS) for words in table.values() for noun in words.all}
    assert not nouns & set(names)


def test_what_one_expects():
    assert CHARACTERS["santa claus"].beards == ("long",)
    assert CHARACTERS["elf"].shapes["ear_pointed"] > 0.5
    assert CHARACTERS["sumo wrestler"].weight == 1.0
    assert CHARACTERS["punk"].styles[0] == "mohawk"
    assert CHARACTERS["baby"].ages[1] < 4
