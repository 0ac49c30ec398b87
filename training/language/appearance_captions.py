"""What one would say of a head's looks: captions of many phrasings for teacher heads with an Appearance."""

from __future__ import annotations

from collections.abc import Mapping

from numpy.random import Generator

from clip_head.training.engine.tables import check_keys
from clip_head.training.language.hair import style_family
from clip_head.training.language.people_phrases import GENDERS
from clip_head.training.language.sentences import person_sentence
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

#: Name of an attribute's value, as in Appearance -> the phrases for it.
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
#: What is on the skin, by field of Appearance.
ON_SKIN: Names = _TABLE["on_skin"]
#: Noun phrases for cheeks of a high Appearance.flush.
FLUSHED: tuple[str, ...] = _TABLE["flush"]
#: Kinds of people that say nothing of paint: gender (0 male, 1 female, None both), from age, to age -> nouns.
TYPES: dict[tuple[int | None, int, int], tuple[str, ...]] = {
    (GENDERS[entry["gender"]], entry["from"], entry["to"]): entry["phrases"] for entry in _TABLE["types"]
}
#: Those of TYPES whom everybody thinks of with grey or white hair.
_GREY_TYPES: tuple[str, ...] = _TABLE["types_with_grey_hair"]
#: What a caption begins with.
_OPENINGS: tuple[str, ...] = _TABLE["openings"]
#: Probability that a caption speaks of a subject of looks(): the more striking, the nearer to 1.
_MENTION_PROBABILITY: dict[str, float] = _TABLE["mention_probability"]
#: Probability for subjects that are not in that table.
_ELSE_MENTIONED = 0.3
#: Probability that a skin tone is spoken of that nobody would expect.
_ODD_TONE_MENTIONED = 0.97
#: Colours of hair that one would always mention.
_STRIKING = (*DYED, *AGED, "red", "strawberry blond", "auburn", "blond", "platinum")
#: From this age on, in years, grey and white hair surprises nobody, and other colours do.
_AGE_OF_GREY = 58
#: From these values on, what is on the skin (freckles, ...) and the flush of the cheeks are seen; Appearance, 0 to 1.
_SEEN, _FLUSH_SEEN = 0.3, 0.7
#: Colours of eyes that no human has.
_STRANGE_EYES = ("black", "red", "yellow", "white")


def caption(attributes: Attributes, appearance: Appearance, style: str, expression: str | None, rng: Generator) -> str:
    """A sentence that is true of the head; it is silent about most of what is true, seldom about what is striking.

    attributes: who it is.
    appearance: the head's colours.
    style: the hair style's name in the teacher dataset.
    expression: how one says the expression; "" or None for none.
    rng: draws what is said and the words.
    """
    if appearance.material != "none":
        return _statue(attributes, appearance, style, expression, rng)
    surprising = has_hair(style) and _surprises(attributes, appearance)
    if appearance.make_up in PERSONAS and rng.random() < 0.25:
        return _persona(appearance, style, surprising, rng) + _ending(expression)
    if rng.random() < 0.12:
        return _template(attributes, appearance, style, expression, rng)
    asides = _drawn_looks(appearance, rng, _mention_odd_tone(_odd_tone(ancestry_of(attributes), appearance)))
    if appearance.make_up in EVERYDAY and rng.random() < 0.2 and (kinds := _types(attributes, appearance)):
        return _type(attributes, appearance, kinds, asides, has_hair(style), surprising, rng) + _ending(expression)
    colour = str(rng.choice(HAIR_NAMES[appearance.hair]))
    sentence = person_sentence(attributes, style, rng, expression or "", colour, asides)
    if not has_hair(style) or colour in sentence:
        return sentence
    if not surprising and rng.random() > (0.93 if appearance.hair in _STRIKING else 0.55):
        return sentence
    if " hair" in sentence:  # how it is worn has been said
        return sentence.replace(" hair", f" {colour} hair", 1)
    if rng.random() < 0.5 or " with " not in sentence:
        return f"{sentence}, {colour} hair"
    return sentence.replace(" with ", f" with {colour} hair and ", 1)


def _persona(appearance: Appearance, style: str, surprising: bool, rng: Generator) -> str:
    """Who someone in this make-up is called, and the hair where one would mention it: "the joker with green hair"."""
    persona = str(rng.choice(PERSONAS[appearance.make_up]))
    hair = f" with {_hair(appearance, rng)}" if has_hair(style) and (surprising or rng.random() < 0.5) else ""
    return str(rng.choice(_OPENINGS)) + persona + hair


def _type(
    attributes: Attributes,
    appearance: Appearance,
    kinds: list[str],
    asides: list[str],
    hairy: bool,
    surprising: bool,
    rng: Generator,
) -> str:
    """One of the kinds of people that this one may be taken for: "a pirate with red hair and freckles"."""
    traits = [_hair(appearance, rng)] if hairy and (surprising or rng.random() < 0.4) else []
    kind = str(rng.choice(kinds))
    people = f"{attributes.ancestry_word} " if attributes.ancestry_word != "mixed" and rng.random() < 0.3 else ""
    words = " and ".join([*traits, *asides])
    return f"{rng.choice(_OPENINGS)}{_article(people + kind)} {people}{kind}" + (f" with {words}" if words else "")


def _ending(expression: str | None) -> str:
    return f", {expression}" if expression else ""


def skin_caption(appearance: Appearance, style: str, rng: Generator) -> str:
    """Words for the colours alone, as for the skin field of a request: "joker makeup, green hair".

    appearance: the colours.
    style: the hair style's name in the teacher dataset.
    rng: draws what is said and the words.
    """
    if appearance.material != "none":
        return str(rng.choice(MATERIAL_NAMES[appearance.material]))
    odd_for_all = all(_odd_tone(people, appearance) for people in TONE_WEIGHTS)
    words = _drawn_looks(appearance, rng, _mention_odd_tone(odd_for_all))
    if has_hair(style) and (appearance.hair in (*DYED, *AGED) or rng.random() < 0.6):
        words.append(_hair(appearance, rng))
    if not words:
        true = looks(appearance)
        words = [str(rng.choice(true.get("make-up", TONE_NAMES[appearance.tone])))]
    rng.shuffle(words)
    return ", ".join(words)


def brief_caption(attributes: Attributes, appearance: Appearance, style: str, rng: Generator) -> str:
    """As few words as prompts have, "an old woman with blue eyeshadow": who it is, and of the colours only what nobody
    would expect unless it is said.

    attributes: who it is.
    appearance: the colours.
    style: the hair style's name in the teacher dataset.
    rng: draws what is said and the words.
    """
    if appearance.material != "none":
        return _statue(attributes, appearance, style, None, rng)
    silent = dict.fromkeys(("tone", "eyes", "undertone", "brows", "age_spots"), 0.0)
    odd_tone = _odd_tone(ancestry_of(attributes), appearance)
    words = _drawn_looks(appearance, rng, {**silent, **_mention_odd_tone(odd_tone)})
    unexpected = _surprises(attributes, appearance) or appearance.hair in set(_STRIKING) - set(AGED)
    if has_hair(style) and rng.random() < (0.93 if unexpected else 0.25):
        words.append(_hair(appearance, rng))
    rng.shuffle(words)
    ancestry = attributes.ancestry_word if attributes.ancestry_word != "mixed" and rng.random() < 0.3 else ""
    who = " ".join(word for word in (attributes.age_word, ancestry, attributes.noun) if word)
    return f"{_article(who)} {who}" + (f" with {' and '.join(words)}" if words else "")


def looks(appearance: Appearance) -> dict[str, tuple[str, ...]]:
    """What is true of the colours beside the hair's: subject -> the ways to say it.

    appearance: the colours.
    """
    plain = appearance.make_up in EVERYDAY
    true: dict[str, tuple[str, ...]] = {}
    if appearance.make_up != "none":
        true["make-up"] = MAKE_UP_NAMES[appearance.make_up]
    if appearance.beard != "none":
        true["beard"] = _beard(appearance)
    if appearance.lips != "natural":
        true["lips"] = LIP_NAMES[appearance.lips]
    where = "left" if appearance.side > 0 else "right"
    if appearance.scar != "none":
        true["scar"] = _sided(SCAR_NAMES[appearance.scar], where, appearance.side)
    if appearance.tattoo != "none":
        names = TATTOO_NAMES[appearance.tattoo]
        true["tattoo"] = names if appearance.tattoo == "chin" else _sided(names, where, appearance.side)
    if appearance.eyes in _STRANGE_EYES and not plain:
        true["strange eyes"] = tuple(f"{name} eyes" for name in EYE_NAMES[appearance.eyes])
    return true | _natural_looks(appearance) if plain else true


def _beard(appearance: Appearance) -> tuple[str, ...]:
    """The ways to say a beard, without and with its colour."""
    names, colours = BEARD_NAMES[appearance.beard], HAIR_NAMES[appearance.own_hair]
    words = names * len(colours)
    if appearance.beard == "stubble":
        return words
    return words + tuple(f"a {colour} {name[2:]}" for colour in colours for name in names)


def _natural_looks(appearance: Appearance) -> dict[str, tuple[str, ...]]:
    """What is true of the colours of a face that no paint hides."""
    true: dict[str, tuple[str, ...]] = {}
    if appearance.undertone != "neutral":
        true["undertone"] = UNDERTONE_NAMES[appearance.undertone]
    for subject, ways in ON_SKIN.items():
        if getattr(appearance, subject) > _SEEN:
            true[subject] = ways
    true["tone"] = TONE_NAMES[appearance.tone]
    # All but brown eyes are mostly spoken of, so that eyes of which nothing is said are brown, not of all colours.
    subject = "eyes" if appearance.eyes == "brown" else "odd eyes"
    true[subject] = tuple(f"{name} eyes" for name in EYE_NAMES[appearance.eyes])
    if appearance.flush > _FLUSH_SEEN:
        true["flush"] = FLUSHED
    if appearance.brows in BROWS:
        true["brows"] = BROW_NAMES[BROWS[appearance.brows]]
    return true


def _sided(names: tuple[str, ...], where: str, side: int) -> tuple[str, ...]:
    """The ways to say it, of its side too; always where it is the less common one."""
    sided = tuple(
        name.replace(" the ", f" the {where} ", 1) if " the " in name else f"{name} on the {where} side"
        for name in names
    )
    sided = tuple(name.replace(f"the {where} forehead", f"the {where} of the forehead") for name in sided)
    return sided if side < 0 else (*names, *sided)


def _surprises(attributes: Attributes, appearance: Appearance) -> bool:
    """Whether the hair has a colour that one would not take for granted."""
    if appearance.make_up == "joker" and appearance.hair == "green":
        return False
    usual: tuple[str, ...] = tuple(GROWN[ancestry_of(attributes)]) if attributes.age < _AGE_OF_GREY else AGED
    return appearance.hair not in usual


def _types(attributes: Attributes, appearance: Appearance) -> list[str]:
    """Kinds of people that this one may be taken for."""
    gender = 0 if attributes.gender < 0.5 else 1
    suited = [
        name
        for (who, youngest, oldest), names in TYPES.items()
        if who in (None, gender) and youngest <= attributes.age < oldest
        for name in names
    ]
    return [name for name in suited if name not in _GREY_TYPES or appearance.hair in AGED]


def has_hair(style: str) -> bool:
    """Whether a style shows hair whose colour one would name.

    style: a name of the teacher dataset.
    """
    return style_family(style) != "bald"


def _drawn_looks(appearance: Appearance, rng: Generator, otherwise: Mapping[str, float]) -> list[str]:
    """What is said of the colours; otherwise: subject -> probability that replaces the one in _MENTION_PROBABILITY."""
    probabilities = {**_MENTION_PROBABILITY, **otherwise}
    return [
        str(rng.choice(ways))
        for subject, ways in looks(appearance).items()
        if rng.random() < probabilities.get(subject, _ELSE_MENTIONED)
    ]


def _mention_odd_tone(odd_tone: bool) -> Mapping[str, float]:
    """An odd tone is always spoken of, or nearly so."""
    return {"tone": _ODD_TONE_MENTIONED} if odd_tone else {}


def _odd_tone(people: str, appearance: Appearance) -> bool:
    """Whether the skin has a tone that is rare among people of this ancestry, or hair that does not grow there: who
    hears of red hair and of nothing else expects the skin of those who have it."""
    grows = appearance.hair in (*GROWN[people], *DYED, *AGED)
    return TONE_WEIGHTS[people][appearance.tone] < 0.5 or not grows


def _hair(appearance: Appearance, rng: Generator) -> str:
    return f"{rng.choice(HAIR_NAMES[appearance.hair])} hair"


def _template(
    attributes: Attributes, appearance: Appearance, style: str, expression: str | None, rng: Generator
) -> str:
    """The paper's: A face of a {age} {ethnicity} {man/woman/person} with {color} hair, {expression}."""
    age = {"middle-aged": "middle-age"}.get(attributes.age_word, attributes.age_word)
    people = attributes.ancestry_word if attributes.ancestry_word != "mixed" else ""
    who = " ".join(word for word in (age, people, attributes.noun) if word)
    hair = f" with {rng.choice(HAIR_NAMES[appearance.hair])} hair" if has_hair(style) else " with a bald head"
    true = looks(appearance)
    odd = ["tone"] if _odd_tone(ancestry_of(attributes), appearance) else []
    worn = "".join(
        f" and {rng.choice(true[subject])}" for subject in ("make-up", "beard", "lips", *odd) if subject in true
    )
    return f"A face of {_article(who)} {who}{hair}{worn}" + _ending(expression)


def _statue(attributes: Attributes, appearance: Appearance, style: str, expression: str | None, rng: Generator) -> str:
    who = " ".join(word for word in (attributes.age_word, attributes.noun) if word)
    words = str(rng.choice(MATERIAL_NAMES[appearance.material]))
    if "head" not in words and "bust" not in words:
        words = str(rng.choice(_OPENINGS)) + words
    if "statue" in words or "bust" in words or "head of" in words:
        words += f" of {_article(who)} {who}" if rng.random() < 0.5 else ""
    if appearance.material in ALIVE and has_hair(style) and rng.random() < (0.97 if appearance.hair in DYED else 0.5):
        words += f"{' and' if ' with ' in words else ' with'} {_hair(appearance, rng)}"
    return words + _ending(expression)


def _article(words: str) -> str:
    return "an" if words[:1] in "aeiou" else "a"
