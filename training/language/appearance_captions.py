"""Captions of many phrasings for teacher heads with an Appearance: who it is, hair, colours, paint, expression."""

from __future__ import annotations

import re
from collections.abc import Mapping

from numpy.random import Generator

from clip_head.training.engine.tables import check_keys
from clip_head.training.language.hair import style_family
from clip_head.training.language.people_phrases import GENDERS
from clip_head.training.language.sentences import HAIR, person_sentence
from clip_head.training.language.tables import load_phrases
from clip_head.training.teacher.appearance import (
    AGED,
    ALIVE,
    BROWS,
    DYED,
    EVERYDAY,
    GROWN,
    TONE_WEIGHTS,
    Appearance,
    ancestry_of,
)
from clip_head.training.teacher.dataset import Attributes

#: Value of a field of Appearance -> the phrases for it.
Names = Mapping[str, tuple[str, ...]]

#: The tables of appearance.json.
_TABLE = load_phrases(
    "appearance",
    (
        "hair", "eyes", "tone", "undertone", "brows", "beard", "lips", "make_up", "personas", "scar", "tattoo",
        "material", "on_skin", "flush", "types", "types_with_grey_hair", "openings", "mention_probability",
    ),
)  # fmt: skip
for _entry in _TABLE["types"]:
    check_keys("types in appearance.json", _entry, ("gender", "from", "to", "phrases"))
#: Adjectives for hair ("jet black") and for eyes ("steel grey").
HAIR_NAMES: Names = _TABLE["hair"]
EYE_NAMES: Names = _TABLE["eyes"]
#: Noun phrases that follow "with", for the attributes of the same names.
TONE_NAMES: Names = _TABLE["tone"]
UNDERTONE_NAMES: Names = _TABLE["undertone"]
BROW_NAMES: Names = _TABLE["brows"]
BEARD_NAMES: Names = _TABLE["beard"]
LIP_NAMES: Names = _TABLE["lips"]
MAKE_UP_NAMES: Names = _TABLE["make_up"]
SCAR_NAMES: Names = _TABLE["scar"]
TATTOO_NAMES: Names = _TABLE["tattoo"]
#: What someone in this make-up is called.
PERSONAS: Names = _TABLE["personas"]
#: What a head of this material is called.
MATERIAL_NAMES: Names = _TABLE["material"]
#: Field of Appearance (freckles, moles, ...) -> noun phrases for what it puts on the skin.
ON_SKIN: Names = _TABLE["on_skin"]
#: Noun phrases for cheeks of a high Appearance.flush.
FLUSHED: tuple[str, ...] = _TABLE["flush"]
#: Nouns for kinds of people ("a pirate") that imply nothing of make-up: gender (0 male, 1 female, None both), from age,
#: up to below age -> nouns.
TYPES: dict[tuple[int | None, int, int], tuple[str, ...]] = {
    (GENDERS[entry["gender"]], entry["from"], entry["to"]): entry["phrases"] for entry in _TABLE["types"]
}
#: Those of TYPES whom everybody thinks of with grey or white hair.
_GREY_TYPES: tuple[str, ...] = _TABLE["types_with_grey_hair"]
#: What a caption begins with.
_OPENINGS: tuple[str, ...] = _TABLE["openings"]

# All probabilities here were chosen by hand. Their rule: the less one would expect a thing, the more often a caption
# mentions it; for the painter takes what a caption leaves out to be as usual.

#: Probability that a caption mentions a subject of looks(), and that of subjects which are not in this table.
_MENTION_PROBABILITY: dict[str, float] = _TABLE["mention_probability"]
_OTHER_MENTION_PROBABILITY = 0.3
#: Probability that a skin tone is mentioned that nobody would expect.
_ODD_TONE_MENTION_PROBABILITY = 0.97
#: Probability that the hair's colour is mentioned: a striking one (_STRIKING) in caption() and an unexpected one in
#: brief_caption(); any other in caption() and in brief_caption().
_STRIKING_HAIR_PROBABILITY, _HAIR_PROBABILITY, _BRIEF_HAIR_PROBABILITY = 0.93, 0.55, 0.25
#: Probability that a colour which surprises nobody is mentioned beside a persona, a type, and in skin_caption().
_PERSONA_HAIR_PROBABILITY, _TYPE_HAIR_PROBABILITY, _SKIN_HAIR_PROBABILITY = 0.5, 0.4, 0.6
#: Probability that living material (an elf, ...) is captioned with its hair: dyed, and of any other colour.
_DYED_HAIR_OF_MATERIAL_PROBABILITY, _HAIR_OF_MATERIAL_PROBABILITY = 0.97, 0.5
#: Probability that someone made up as a persona is called by it ("the joker").
_PERSONA_PROBABILITY = 0.25
#: Probability of the paper's template, of all other people.
_TEMPLATE_PROBABILITY = 0.12
#: Probability that someone in their own colours is called by a type ("a pirate"), of those who are left.
_TYPE_PROBABILITY = 0.2
#: Probability that a type and a brief caption name the ancestry.
_ANCESTRY_PROBABILITY = 0.3

#: Colours of hair that one would mention.
_STRIKING = (*DYED, *AGED, "red", "strawberry blond", "auburn", "blond", "platinum")
#: Age in years from which grey and white hair surprises nobody, and any other colour does.
_AGE_OF_GREY = 58
#: Values of Appearance, 0 to 1, above which it shows on a render: what is on the skin (freckles, ...), the flush of the
#: cheeks.
_VISIBLE, _FLUSH_VISIBLE = 0.3, 0.7
#: Weight in TONE_WEIGHTS below which a skin tone is rare among people of an ancestry.
_RARE_TONE = 0.5
#: Colours of eyes that no human has.
_STRANGE_EYES = ("black", "red", "yellow", "white")


def caption(attributes: Attributes, appearance: Appearance, style: str, expression: str | None, rng: Generator) -> str:
    """A sentence that is true of the head; it leaves out most of what is true, seldom what is striking.

    attributes: who it is.
    appearance: the head's colours.
    style: the hair style's name in the teacher dataset.
    expression: how one says the expression; "" or None for none.
    rng: draws what is mentioned, and the words.
    """
    if appearance.material != "none":
        return _material_caption(attributes, appearance, style, expression, rng)
    surprising = has_hair(style) and _surprising_hair(attributes, appearance)
    if appearance.make_up in PERSONAS and rng.random() < _PERSONA_PROBABILITY:
        return _persona_caption(appearance, style, surprising, rng) + _ending(expression)
    if rng.random() < _TEMPLATE_PROBABILITY:
        return _template_caption(attributes, appearance, style, expression, rng)
    asides = _draw_looks(appearance, rng, _odd_tone_probability(_odd_tone(ancestry_of(attributes), appearance)))
    if (
        appearance.make_up in EVERYDAY
        and rng.random() < _TYPE_PROBABILITY
        and (types := _suitable_types(attributes, appearance))
    ):
        traits = [_hair(appearance, rng)] if _mention_hair_of_type(style, surprising, rng) else []
        return _type_caption(attributes, types, [*traits, *asides], rng) + _ending(expression)
    colour = str(rng.choice(HAIR_NAMES[appearance.hair]))
    sentence = person_sentence(attributes, style, rng, expression or "", colour, asides).rstrip(".")
    if not has_hair(style) or re.search(rf"\b{re.escape(colour)}\b", sentence):
        return sentence
    mention_probability = _STRIKING_HAIR_PROBABILITY if appearance.hair in _STRIKING else _HAIR_PROBABILITY
    if not surprising and rng.random() > mention_probability:
        return sentence
    if HAIR.search(sentence):  # the style has been mentioned: "with long hair"
        return HAIR.sub(f"{colour} hair", sentence, count=1)
    if rng.random() < 0.5 or " with " not in sentence:
        return f"{sentence}, {colour} hair"
    return sentence.replace(" with ", f" with {colour} hair and ", 1)


def _persona_caption(appearance: Appearance, style: str, surprising: bool, rng: Generator) -> str:
    """What someone in this make-up is called, and the hair where one would mention it: "the joker with green hair"."""
    persona = str(rng.choice(PERSONAS[appearance.make_up]))
    mention_hair = has_hair(style) and (surprising or rng.random() < _PERSONA_HAIR_PROBABILITY)
    hair = f" with {_hair(appearance, rng)}" if mention_hair else ""
    return str(rng.choice(_OPENINGS)) + persona + hair


def _mention_hair_of_type(style: str, surprising: bool, rng: Generator) -> bool:
    """Whether the hair's colour is mentioned of somebody who is called by a type."""
    return has_hair(style) and (surprising or rng.random() < _TYPE_HAIR_PROBABILITY)


def _type_caption(attributes: Attributes, types: list[str], traits: list[str], rng: Generator) -> str:
    """One of the types, with the traits: "a pirate with red hair and freckles"."""
    noun = str(rng.choice(types))
    who = f"{_draw_ancestry(attributes, rng)} {noun}".lstrip()
    words = " and ".join(traits)
    return f"{rng.choice(_OPENINGS)}{_article(who)} {who}" + (f" with {words}" if words else "")


def _draw_ancestry(attributes: Attributes, rng: Generator) -> str:
    """The word for the ancestry, or "" where it is mixed or not mentioned."""
    ancestry = attributes.ancestry_word
    return ancestry if ancestry != "mixed" and rng.random() < _ANCESTRY_PROBABILITY else ""


def _ending(expression: str | None) -> str:
    """What an expression adds to the end of a caption."""
    return f", {expression}" if expression else ""


def skin_caption(appearance: Appearance, style: str, rng: Generator) -> str:
    """Words for the colours alone, as for the skin field of a request: "joker makeup, green hair".

    appearance: the colours.
    style: the hair style's name in the teacher dataset.
    rng: draws what is mentioned, and the words.
    """
    if appearance.material != "none":
        return str(rng.choice(MATERIAL_NAMES[appearance.material]))
    odd_for_all = all(_odd_tone(people, appearance) for people in TONE_WEIGHTS)
    words = _draw_looks(appearance, rng, _odd_tone_probability(odd_for_all))
    if has_hair(style) and (appearance.hair in (*DYED, *AGED) or rng.random() < _SKIN_HAIR_PROBABILITY):
        words.append(_hair(appearance, rng))
    if not words:
        words = [str(rng.choice(looks(appearance).get("make-up", TONE_NAMES[appearance.tone])))]
    rng.shuffle(words)
    return ", ".join(words)


def brief_caption(attributes: Attributes, appearance: Appearance, style: str, rng: Generator) -> str:
    """As few words as prompts have, "an old woman with blue eyeshadow": who it is, and of the colours only what nobody
    would expect unless it is said.

    attributes: who it is.
    appearance: the colours.
    style: the hair style's name in the teacher dataset.
    rng: draws what is mentioned, and the words.
    """
    if appearance.material != "none":
        return _material_caption(attributes, appearance, style, None, rng)
    never = dict.fromkeys(("tone", "eyes", "undertone", "brows", "age_spots"), 0.0)
    odd_tone = _odd_tone(ancestry_of(attributes), appearance)
    words = _draw_looks(appearance, rng, {**never, **_odd_tone_probability(odd_tone)})
    unexpected = _surprising_hair(attributes, appearance) or appearance.hair in set(_STRIKING) - set(AGED)
    if has_hair(style) and rng.random() < (_STRIKING_HAIR_PROBABILITY if unexpected else _BRIEF_HAIR_PROBABILITY):
        words.append(_hair(appearance, rng))
    rng.shuffle(words)
    ancestry = _draw_ancestry(attributes, rng)
    who = " ".join(word for word in (attributes.age_word, ancestry, attributes.noun) if word)
    return f"{_article(who)} {who}" + (f" with {' and '.join(words)}" if words else "")


def looks(appearance: Appearance) -> dict[str, tuple[str, ...]]:
    """What a caption may mention of the colours, the hair's aside.

    appearance: the colours.

    Returns subject ("make-up", "beard", "freckles", ...) -> the phrases for it, of all subjects that the head shows.
    """
    own_colours = appearance.make_up in EVERYDAY
    phrases: dict[str, tuple[str, ...]] = {}
    if appearance.make_up != "none":
        phrases["make-up"] = MAKE_UP_NAMES[appearance.make_up]
    if appearance.beard != "none":
        phrases["beard"] = _beard_phrases(appearance)
    if appearance.lips != "natural":
        phrases["lips"] = LIP_NAMES[appearance.lips]
    if appearance.scar != "none":
        phrases["scar"] = _with_side(SCAR_NAMES[appearance.scar], appearance.side)
    if appearance.tattoo != "none":
        names = TATTOO_NAMES[appearance.tattoo]
        phrases["tattoo"] = names if appearance.tattoo == "chin" else _with_side(names, appearance.side)
    if appearance.eyes in _STRANGE_EYES and not own_colours:
        phrases["strange eyes"] = tuple(f"{name} eyes" for name in EYE_NAMES[appearance.eyes])
    return phrases | _natural_looks(appearance) if own_colours else phrases


def _beard_phrases(appearance: Appearance) -> tuple[str, ...]:
    """Phrases for the beard, without and with its colour, about as many of either; stubble always without."""
    names, colours = BEARD_NAMES[appearance.beard], HAIR_NAMES[appearance.own_hair]
    words = names * len(colours)
    if appearance.beard == "stubble":
        return words
    return words + tuple(f"a {colour} {name[2:]}" for colour in colours for name in names)


def _natural_looks(appearance: Appearance) -> dict[str, tuple[str, ...]]:
    """The part of looks() that only a face in its own colours shows."""
    phrases: dict[str, tuple[str, ...]] = {}
    if appearance.undertone != "neutral":
        phrases["undertone"] = UNDERTONE_NAMES[appearance.undertone]
    for subject, names in ON_SKIN.items():
        if getattr(appearance, subject) > _VISIBLE:
            phrases[subject] = names
    phrases["tone"] = TONE_NAMES[appearance.tone]
    # All but brown eyes are mostly mentioned, so that eyes of which nothing is said are brown, not of all colours.
    subject = "eyes" if appearance.eyes == "brown" else "odd eyes"
    phrases[subject] = tuple(f"{name} eyes" for name in EYE_NAMES[appearance.eyes])
    if appearance.flush > _FLUSH_VISIBLE:
        phrases["flush"] = FLUSHED
    if appearance.brows in BROWS:
        phrases["brows"] = BROW_NAMES[BROWS[appearance.brows]]
    return phrases


def _with_side(names: tuple[str, ...], side: int) -> tuple[str, ...]:
    """Phrases for something on one side of the face (Appearance.side): on the right, the less common side, all of them
    say so; on the left, as many say nothing of it."""
    word = "left" if side > 0 else "right"
    sided = tuple(
        name.replace(" the ", f" the {word} ", 1) if " the " in name else f"{name} on the {word} side" for name in names
    )
    sided = tuple(name.replace(f"the {word} forehead", f"the {word} of the forehead") for name in sided)
    return sided if side < 0 else (*names, *sided)


def _surprising_hair(attributes: Attributes, appearance: Appearance) -> bool:
    """Whether the hair has a colour that one would not expect of the person."""
    if appearance.make_up == "joker" and appearance.hair == "green":
        return False
    expected: tuple[str, ...] = tuple(GROWN[ancestry_of(attributes)]) if attributes.age < _AGE_OF_GREY else AGED
    return appearance.hair not in expected


def _suitable_types(attributes: Attributes, appearance: Appearance) -> list[str]:
    """Nouns of TYPES that fit the person."""
    gender = 0 if attributes.gender < 0.5 else 1
    suitable = [
        name
        for (type_gender, youngest, oldest), names in TYPES.items()
        if type_gender in (None, gender) and youngest <= attributes.age < oldest
        for name in names
    ]
    return [name for name in suitable if name not in _GREY_TYPES or appearance.hair in AGED]


def has_hair(style: str) -> bool:
    """Whether a style shows hair whose colour one would name.

    style: a name of the teacher dataset.
    """
    return style_family(style) != "bald"


def _draw_looks(appearance: Appearance, rng: Generator, probabilities: Mapping[str, float]) -> list[str]:
    """Phrases for some subjects of looks(). probabilities: subject -> probability that replaces the one in
    _MENTION_PROBABILITY."""
    mention_probability = {**_MENTION_PROBABILITY, **probabilities}
    return [
        str(rng.choice(phrases))
        for subject, phrases in looks(appearance).items()
        if rng.random() < mention_probability.get(subject, _OTHER_MENTION_PROBABILITY)
    ]


def _odd_tone_probability(odd_tone: bool) -> Mapping[str, float]:
    """What an odd tone changes in the probabilities of _draw_looks."""
    return {"tone": _ODD_TONE_MENTION_PROBABILITY} if odd_tone else {}


def _odd_tone(ancestry: str, appearance: Appearance) -> bool:
    """Whether the skin has a tone that is rare among people of this ancestry, or that one would not expect with such
    hair: who hears of red hair and of nothing else expects the skin of those on whom it grows."""
    grows = appearance.hair in (*GROWN[ancestry], *DYED, *AGED)
    return TONE_WEIGHTS[ancestry][appearance.tone] < _RARE_TONE or not grows


def _hair(appearance: Appearance, rng: Generator) -> str:
    """The hair with its colour: "jet black hair"."""
    return f"{rng.choice(HAIR_NAMES[appearance.hair])} hair"


def _template_caption(
    attributes: Attributes, appearance: Appearance, style: str, expression: str | None, rng: Generator
) -> str:
    """The paper's: A face of a {age} {ethnicity} {man/woman/person} with {color} hair, {expression}."""
    age = {"middle-aged": "middle-age"}.get(attributes.age_word, attributes.age_word)
    ancestry = attributes.ancestry_word if attributes.ancestry_word != "mixed" else ""
    who = " ".join(word for word in (age, ancestry, attributes.noun) if word)
    hair = f" with {_hair(appearance, rng)}" if has_hair(style) else " with a bald head"
    phrases = looks(appearance)
    tone = ["tone"] if _odd_tone(ancestry_of(attributes), appearance) else []
    traits = "".join(
        f" and {rng.choice(phrases[subject])}" for subject in ("make-up", "beard", "lips", *tone) if subject in phrases
    )
    return f"A face of {_article(who)} {who}{hair}{traits}" + _ending(expression)


def _material_caption(
    attributes: Attributes, appearance: Appearance, style: str, expression: str | None, rng: Generator
) -> str:
    """A statue or an unearthly skin: "a marble bust of an old man", "an elf with white hair"."""
    who = " ".join(word for word in (attributes.age_word, attributes.noun) if word)
    words = str(rng.choice(MATERIAL_NAMES[appearance.material]))
    if "head" not in words and "bust" not in words:
        words = str(rng.choice(_OPENINGS)) + words
    if "statue" in words or "bust" in words or "head of" in words:
        words += f" of {_article(who)} {who}" if rng.random() < 0.5 else ""
    hair_probability = _DYED_HAIR_OF_MATERIAL_PROBABILITY if appearance.hair in DYED else _HAIR_OF_MATERIAL_PROBABILITY
    if appearance.material in ALIVE and has_hair(style) and rng.random() < hair_probability:
        words += f"{' and' if ' with ' in words else ' with'} {_hair(appearance, rng)}"
    return words + _ending(expression)


def _article(words: str) -> str:
    """The article before these words."""
    return "an" if words[:1] in "aeiou" else "a"
