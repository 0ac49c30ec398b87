"""Sentences about people: what they say of age, gender, ancestry, weight, shapes, hair and beard is drawn first, then
put into words of many phrasings; a sentence is silent about all the rest.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator

from clip_head.training.language.expressions import ASIDES, COLOURS, draw_expression
from clip_head.training.language.hair import (
    BEARD_ADJECTIVES,
    BEARD_WORDS,
    HAIR_ADJECTIVES,
    HAIR_WORDS,
    HELD_OUT_HAIR,
    WORN,
    style_family,
)
from clip_head.training.language.people_phrases import (
    AGE_ADJECTIVES,
    AGE_NOUNS,
    AGE_TRAITS,
    ANCESTRIES,
    ANDROGYNOUS,
    DECADES,
    GENDER_ADJECTIVES,
    NOUNS,
    NUMBERS,
    WEIGHT_ADJECTIVES,
    WEIGHT_TRAITS,
)
from clip_head.training.language.shapes import HELD_OUT_SHAPES, SHAPE_WORDS
from clip_head.training.teacher.dataset import Attributes
from clip_head.training.teacher.identities import SHAPES

__all__ = ["Said", "draw_style", "person_sentence", "said_of", "sentence", "style_family", "style_shares"]

#: Values of a shape below and above which words of degree are used.
FAINT, STRONG = 0.55, 0.95
FAINTLY = (
    "slightly", "slightly", "slightly", "a bit", "somewhat", "a little", "a touch", "mildly", "a little bit", "a tad",
    "subtly", "just slightly", "only slightly", "ever so slightly", "faintly", "barely", "just a little", "only a bit",
)  # fmt: skip
STRONGLY = (
    "very", "very", "very", "extremely", "really", "incredibly", "remarkably", "extraordinarily", "exceptionally",
    "super", "unusually", "hugely", "strikingly", "excessively", "ridiculously", "terribly", "very very", "immensely",
)  # fmt: skip
#: How many words of an entry are its plainest, and how often only these are drawn from.
PLAINEST, PLAIN = 6, 0.5
#: Adjectives that are strong by themselves, in the place of plain ones.
STRONGER: dict[str, tuple[str, ...]] = {
    "big": ("huge", "enormous", "gigantic", "massive", "giant", "humongous", "colossal"),
    "large": ("huge", "enormous", "gigantic", "massive", "giant", "immense"),
    "small": ("tiny", "minuscule", "teeny", "minute", "microscopic"),
    "little": ("tiny", "minuscule", "teeny", "itty-bitty"),
    "wide": ("enormously wide", "super wide"),
    "thin": ("razor-thin", "paper-thin", "wafer-thin"),
}
#: Where a clause takes an adverb: before the adjective after its verb.
_GRADED = re.compile(r"( is| are) (?!(?:like|as|a|an|the|in|on|at|no|not|very|way|too|all|barely|hardly|almost)\b)")
#: Ages that stand behind the noun.
_BEHIND = ("in ", "of ", "as ", "advanced ", "getting ", "no ", "not ", "past ", "on ", "bent ", "stricken ")
#: First words of phrases that are no adjectives; their degree is said of the noun instead.
_NOUNS = frozenset(
    ("bags", "eye", "eyes", "double", "underbite", "overbite", "head", "nose", "mouth", "lower", "buck", "no", "elf",
     "chin", "slit", "bug", "second", "button", "wing", "bedroom", "v-shaped", "inverted", "diamond")
)  # fmt: skip


@dataclass(frozen=True)
class Said:
    """What a sentence says of a head; None or absent where it is silent.

    gender 0 (male) to 1 (female); age in years; ancestry: a name of ANCESTRIES; weight 0 to 1; shapes: name -> value;
    style: a family of hair styles or "bald"; beard: a beard or "none".
    """

    gender: float | None = None
    age: float | None = None
    ancestry: str | None = None
    weight: float | None = None
    shapes: dict[str, float] = field(default_factory=dict)
    style: str | None = None
    beard: str | None = None


def sentence(
    said: Said,
    rng: Generator,
    phrase: str = "",
    colour: str = "",
    asides: Sequence[str] = (),
    held_out: bool | None = False,
) -> str:
    """A sentence that says all of this and nothing else of a head.

    phrase: what to say of the expression; colour: of the hair's; asides: noun phrases of anything else.
    held_out: whether shapes are said in the wordings that are kept from training, where there are some; None: shapes,
    hair and beards in those and all others.
    """
    traits = [thing.removeprefix("with ") for thing in asides]
    adjectives: list[str] = []
    clauses: list[str] = []
    for name, value in said.shapes.items():
        kind, words = _shape(name, value, rng, held_out)
        (adjectives if kind == "adjective" else clauses if kind == "clause" else traits).append(words)
    if said.weight is not None:
        _say_weight(said.weight, adjectives, traits, rng)
    if said.style is not None:
        _say_worn(said.style, HAIR_WORDS, HAIR_ADJECTIVES, colour, adjectives, traits, rng, held_out)
    elif colour:
        traits.append(f"{colour} hair")
    if said.beard is not None:
        _say_worn(said.beard, BEARD_WORDS, BEARD_ADJECTIVES, "", adjectives, traits, rng, held_out)
    rng.shuffle(adjectives)
    rng.shuffle(traits)
    who = _who(said, adjectives, traits, bool(traits or clauses), rng)
    return _composed(who, traits, clauses, phrase, said, rng)


def _composed(who: str, traits: list[str], clauses: list[str], phrase: str, said: Said, rng: Generator) -> str:
    """who "with" traits, "whose" clauses, and the phrase for the expression, in one of the usual orders."""
    ending = [phrase] if phrase else []
    if not who:
        parts = [*(_bare(t, rng) for t in traits), *(f"{_possessive(said, rng)} {c}" for c in clauses), *ending]
        return ", ".join(parts) if rng.random() < 0.5 else _joined(parts)
    article = "an" if who[0] in "aeiou" else "a"
    who = f"{article} {who}" if rng.random() < 0.85 else who
    opening = str(rng.choice(["a face of ", "face of ", "a portrait of ", "the head of ", "", "", "", "", "", ""]))
    kind = rng.random()
    if kind < 0.2:
        parts = [opening + who, *(_bare(t, rng) for t in traits)]
        parts += [f"{_possessive(said, rng)} {c}" for c in clauses]
        return ", ".join([*parts, *ending])
    text = opening + who
    if phrase and kind < 0.4:
        text, phrase = f"{text} {phrase}", ""
    if traits:
        joint = str(rng.choice(["with", "with", "with", "with", "who has", "that has", "having"]))
        text += f" {joint} {_joined(traits)}"
    if clauses:
        link = str(rng.choice(["whose", "whose", "and whose"] if traits else ["whose", "whose"]))
        text += f" {link} {_joined(clauses)}"
    return f"{text}, {phrase}" if phrase else text


def _joined(things: Sequence[str]) -> str:
    return things[0] if len(things) == 1 else f"{', '.join(things[:-1])} and {things[-1]}"


def _bare(thing: str, rng: Generator) -> str:
    """A noun phrase, half of the time without its article."""
    first, _, rest = thing.partition(" ")
    return rest if first in ("a", "an") and rng.random() < 0.5 else thing


def _possessive(said: Said, rng: Generator) -> str:
    own = {None: "the", 0: "his", 1: "her"}[None if said.gender is None else round(said.gender)]
    return own if rng.random() < 0.7 else "the"


def _shape(name: str, value: float, rng: Generator, held_out: bool | None) -> tuple[str, str]:
    """How one says the value of a shape: "trait", "adjective" or "clause", and the words."""
    said = SHAPE_WORDS[name, 1 if value > 0 else -1]
    ways = [("trait", words) for words in said.figures]
    ways += [("adjective", words) for words in said.adjectives] + [("clause", words) for words in said.clauses]
    ways = [way for way in ways if held_out is None or (way[1] in HELD_OUT_SHAPES) == held_out]
    strength = abs(value)
    graded = [way for way in ways if way[0] == "adjective" or _GRADED.search(way[1])]
    if not held_out and (strength < FAINT or rng.random() < (0.7 if strength > STRONG else 0.35)):
        if strength >= FAINT or not graded or rng.random() < 0.75:
            return _degree(str(rng.choice(said.plain)), strength, rng)
        ways = graded
    kind, words = ways[int(rng.integers(len(ways)))]
    if strength >= FAINT and (strength <= STRONG or rng.random() < 0.4):
        return kind, words
    adverb = str(rng.choice(FAINTLY if strength < FAINT else STRONGLY))
    if kind == "adjective":
        return kind, f"{adverb} {words}"
    return kind, _GRADED.sub(rf"\1 {adverb} ", words, count=1) if kind == "clause" else words


def _degree(plain: str, strength: float, rng: Generator) -> tuple[str, str]:
    """A plain noun phrase with a word of degree before its adjective, if any is due."""
    first, _, rest = plain.partition(" ")
    article, words = (first, rest) if first in ("a", "an") else ("", plain)
    adjective, _, noun = words.partition(" ")
    if FAINT <= strength <= STRONG:
        return "trait", plain
    if (adjective in _NOUNS or not noun) and rng.random() < 0.7:
        degree = str(rng.choice(["slight", "faint", "hint of"] if strength < FAINT else ["very pronounced", "extreme"]))
        words = f"{degree} {words}"
    elif strength > STRONG and adjective in STRONGER and rng.random() < 0.5:
        words = f"{rng.choice(STRONGER[adjective])} {noun}"
    elif noun and adjective not in _NOUNS and rng.random() < 0.25:  # "a nose that is slightly big"
        adverb = str(rng.choice(FAINTLY if strength < FAINT else STRONGLY))
        plural = "are" if not article else "is"
        if rng.random() < 0.4:
            return "clause", f"{noun} {plural} {adverb} {adjective}"
        return "trait", f"{article} {noun} that {plural} {adverb} {adjective}".strip()
    else:
        words = f"{rng.choice(FAINTLY if strength < FAINT else STRONGLY)} {words}"
    if article and not words.startswith("a "):
        words = f"{'an' if words[0] in 'aeiou' else 'a'} {words}"
    return "trait", words


def _say_weight(weight: float, adjectives: list[str], traits: list[str], rng: Generator) -> None:
    end, strength = (1 if weight > 0.5 else -1), 2 * abs(weight - 0.5)
    if rng.random() < 0.12:
        traits.append(str(rng.choice(WEIGHT_TRAITS[end])))
        return
    adverb = f"{rng.choice(FAINTLY)} " if strength < FAINT else f"{rng.choice(STRONGLY)} " if strength > STRONG else ""
    adjectives.append(adverb + _word(WEIGHT_ADJECTIVES[end], rng))


def _say_worn(
    name: str,
    words: dict[str, tuple[str, ...]],
    adjective_words: dict[str, tuple[str, ...]],
    colour: str,
    adjectives: list[str],
    traits: list[str],
    rng: Generator,
    held_out: bool | None,
) -> None:
    """Say a hair style or a beard: an adjective where there is one, or what follows "with"."""
    if name in adjective_words and rng.random() < 0.2:
        adjectives.append(str(rng.choice(adjective_words[name])))
        return
    usual = words[name][:PLAINEST] if rng.random() < PLAIN / 2 else words[name]
    said = str(rng.choice([phrase for phrase in usual if held_out is None or phrase not in HELD_OUT_HAIR]))
    if colour and name != "bald":
        said = said.replace("hair", f"{colour} hair", 1) if " hair" in said else f"{said} of {colour} hair"
    traits.append(said)


def _word(words: tuple[str, ...], rng: Generator) -> str:
    """One of the words, the plainest of which stand first and are said most."""
    return str(rng.choice(words[:PLAINEST] if rng.random() < PLAIN else words))


def _who(said: Said, adjectives: list[str], traits: list[str], something: bool, rng: Generator) -> str:
    """Noun and adjectives for the person; may add to the traits. "" at times where something else is said and nothing
    of the person."""
    gender = None if said.gender is None else 0 if said.gender < 0.3 else 1 if said.gender > 0.7 else 2
    nation = _word(ANCESTRIES[said.ancestry][1], rng) if said.ancestry else ""
    only_shapes = gender is None and said.age is None and not nation and not adjectives
    if only_shapes and something and rng.random() < 0.5:
        return ""
    noun, age = "", ""
    if said.age is not None:
        noun, age = _age(said.age, gender, traits, rng)
    if not noun:
        if gender == 2:
            noun = str(rng.choice(ANDROGYNOUS))
        else:
            noun = _word(NOUNS[gender], rng)
            if gender is not None and rng.random() < 0.08:
                noun = f"{rng.choice(GENDER_ADJECTIVES[gender])} {rng.choice(['person', 'face', 'head', 'adult'])}"
    if age.startswith(_BEHIND):
        noun, age = f"{noun} {age}", ""
    if nation.startswith(("half", "of ", "from ", "with ")):
        return " ".join([*adjectives, age, noun, nation]).replace("  ", " ").strip()
    front = [*adjectives, age] if rng.random() < 0.5 else [age, *adjectives]
    return " ".join(word for word in (*front, nation, noun) if word)


def _age(age: float, gender: int | None, traits: list[str], rng: Generator) -> tuple[str, str]:
    """(noun, adjective) for an age, one of them or both empty; may add to the traits."""
    years = round(age)
    if rng.random() < 0.18:
        words = [f"{years}-year-old", f"{years} years old", f"aged {years}", f"{years}-years-old"]
        if years >= 20:
            own = {None: "their", 0: "his", 1: "her", 2: "their"}[gender]
            words += [f"in {own} {DECADES[min(years // 10, 8) - 1]}"]
        if years in NUMBERS:
            words += [f"{NUMBERS[years]}-year-old", f"{NUMBERS[years]} years old"]
        said = str(rng.choice(words))
        if said.endswith("-old"):
            return ("boy" if gender == 0 else "girl" if gender == 1 else "child") if years < 13 else "", said
        noun = _word(NOUNS[gender], rng) if gender in (None, 0, 1) else "person"
        return f"{noun} {said}", ""
    few = PLAINEST if rng.random() < PLAIN else None
    nouns = [
        noun
        for (low, high, of), names in AGE_NOUNS.items()
        if low <= age < high and of == gender
        for noun in names[:few]
    ]
    adjectives = [word for (low, high), words in AGE_ADJECTIVES.items() if low <= age < high for word in words[:few]]
    features = [word for (low, high), words in AGE_TRAITS.items() if low <= age < high for word in words]
    if features and age > 13 and rng.random() < 0.06:
        traits.append(str(rng.choice(features)))
        return "", ""
    if nouns and (not adjectives or rng.random() < 0.45):
        return str(rng.choice(nouns)), ""
    return "", str(rng.choice(adjectives)) if adjectives else ""


def said_of(person: Attributes, style: str, rng: Generator, most: int = 4) -> Said:
    """A few of the things that are true of a person, drawn at random; shapes that are spoken of, first."""
    spoken = [name for name, value in person.shapes.items() if abs(value) > FAINT and _spoken(name, value)]
    count = min(int(rng.choice(5, p=[0.25, 0.3, 0.25, 0.12, 0.08])), most)
    shapes = {str(name): person.shapes[str(name)] for name in rng.permutation(np.array(spoken, dtype=object))[:count]}
    major = max(person.ancestry, key=lambda race: person.ancestry[race])
    ancestry = major if person.ancestry[major] > 0.6 else "mixed"
    heavy = abs(person.weight - 0.5) > 0.28
    return Said(
        gender=person.gender if rng.random() < 0.92 else None,
        age=person.age if person.age < 18 or rng.random() < 0.7 else None,
        ancestry=ancestry if rng.random() < 0.5 else None,
        weight=person.weight if heavy and rng.random() < 0.4 else None,
        shapes=shapes,
        style=style_family(style) if rng.random() < 0.5 else None,
    )


def _spoken(name: str, value: float) -> bool:
    return (name, 1 if value > 0 else -1) in SHAPE_WORDS


def person_sentence(
    person: Attributes,
    style: str,
    rng: Generator,
    phrase: str | None = None,
    colour: str | None = None,
    asides: Sequence[str] | None = None,
) -> str:
    """A sentence that is true of the person and the hair style.

    phrase: what to say of the expression, colour: of the hair's, asides: of anything else; arbitrary where None.
    """
    if asides is None:
        asides = [str(a) for a in rng.choice(NEUTRAL_ASIDES, int(rng.random() < 0.3), replace=False)]
    if phrase is None:
        phrase = draw_expression(rng)[1] if rng.random() < 0.4 else ""
    said = said_of(person, style, rng)
    coloured = said.style is not None and rng.random() < 0.6
    return sentence(said, rng, phrase, (colour or str(rng.choice(COLOURS))) if coloured else "", asides)


#: Asides that say nothing of the shape of a head, its hair or its beard.
NEUTRAL_ASIDES = tuple(
    aside for aside in ASIDES
    if any(word in aside for word in ("makeup", "lipstick", "red lips", "freckles", "blue", "green", "pale", "dark",
                                      "paint"))
)  # fmt: skip


def style_shares(person: Attributes, styles: Sequence[str], prejudice: float = 1.0) -> np.ndarray:
    """How likely the person wears each style (S,); prejudice 0 makes all families of styles alike."""
    families = [style_family(style) for style in styles]
    even = np.array([1.0 / families.count(family) for family in families])
    thin = 0.15 if person.age < 35 else 1.0
    woman, first = person.gender, 2 * int(person.age < 13)
    shares = [(1 - woman) * WORN[family][first] + woman * WORN[family][first + 1] for family in families]
    worn = even * shares * [thin if family in ("receding", "balding") else 1.0 for family in families]
    return np.asarray(prejudice * worn / worn.sum() + (1 - prejudice) * even / even.sum())


def draw_style(person: Attributes, styles: Sequence[str], rng: Generator) -> str:
    """A style such as the person might wear; one in three is drawn without prejudice."""
    shares = style_shares(person, styles, 0.0 if rng.random() < 0.33 else 1.0)
    return styles[int(rng.choice(len(styles), p=shares))]


#: Features that one reads off heads to see what words did.
FEATURES = ("female", "child", "young", "old", "african", "asian", "weight", *SHAPES)


def features(person: Attributes) -> np.ndarray:
    """The person as numbers, one per entry of FEATURES, each within about -1 to 1."""
    age = person.age
    ages = (max(0.0, (14 - age) / 10), max(0.0, (25 - abs(age - 25)) / 25), max(0.0, (age - 40) / 50))
    phenotype = (2 * person.gender - 1, *ages, person.ancestry["african"], person.ancestry["asian"], person.weight)
    return np.array([*phenotype, *(person.shapes.get(name, 0.0) for name in SHAPES)], dtype=np.float32)
