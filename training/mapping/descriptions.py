"""Descriptions of heads and expressions that MLP_id and MLP_exp learn from, and the sentences that say them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.random import Generator

from clip_head.core.types import Floats, Ints
from clip_head.training.language.compounds import draw_asked, draw_worded, true_denial
from clip_head.training.language.expressions import COLOURS, NEUTRAL_ASIDES, expression_sentence
from clip_head.training.language.features import NAMED, z_exp_of
from clip_head.training.language.hair import BEARDS, HAIR_WORDS, HIDDEN_BY, STYLES, style_family
from clip_head.training.language.sentences import HeadDescription, sentence
from clip_head.training.language.shapes import SHAPE_WORDS
from clip_head.training.mapping.people import BEARDED, as_character, draw_age, draw_ancestry

#: The extremes of the shapes that have words, (shape, +1 or -1), in the order of the answers of MLP_id.
SHAPE_EXTREMES = tuple(SHAPE_WORDS)
#: Ranges of the absolute values of shapes that are said faintly, plainly and strongly; the limits FAINT and STRONG of
#: language.degrees lie between them.
SHAPE_STRENGTHS = ((0.2, 0.4), (0.6, 0.9), (1.05, 1.25))
#: Probability of each of these three.
STRENGTH_PROBABILITIES = (0.22, 0.48, 0.3)
#: Probability of 0, 1, ... 5 shapes in one sentence.
SHAPE_COUNT_PROBABILITIES = (0.12, 0.33, 0.2, 0.14, 0.13, 0.08)
#: Weights, 0 to 1, of people who are said to be thin or fat, from very thin to very fat.
BODY_WEIGHTS = (0.0, 0.12, 0.12, 0.35, 0.65, 0.88, 0.88, 1.0)
#: Values of gender that are said (male, neither, female), and the probability of each.
GENDERS, GENDER_PROBABILITIES = (0.0, 0.5, 1.0), (0.49, 0.02, 0.49)
#: Probability of "none" and of each beard, where a beard is mentioned.
NO_BEARD, EVERY_BEARD = 0.1, 0.15
#: Probability that a beard (or that there is none) is mentioned, of all but women and the young.
BEARD_MENTIONED = 0.22
#: Probability of a long description, and of a character ("a pirate"). Few are long: with many, sentences about two
#: shapes were learnt worse.
LONG_DESCRIPTION, CHARACTER = 0.12, 0.12
#: Probability of 3, 4, ... 6 shapes in a long description.
LONG_SHAPE_COUNT_PROBABILITIES = (0.35, 0.35, 0.2, 0.1)
#: Probability that a long description mentions a thing.
MENTIONED_AT_LENGTH = {"gender": 0.9, "age": 0.4, "ancestry": 0.15, "weight": 0.2, "style": 0.75}
#: Probability that a description with one shape says nothing else, and that any other is a full one.
ONLY_SHAPE, FULL_DESCRIPTION = 0.35, 0.2
#: Probability that an ordinary description mentions a thing, and that a full one does.
MENTIONED = {
    "gender": (0.7, 0.95), "age": (0.3, 0.9), "ancestry": (0.2, 0.4), "weight": (0.13, 0.13), "style": (0.27, 0.75),
}  # fmt: skip
#: Probability that a sentence about a head has an expression, a colour of hair, an aside: these do not change the code.
EXPRESSION_BESIDE, COLOUR_BESIDE, ASIDE_BESIDE = 0.15, 0.12, 0.12
#: Probability that it ends with something that the person does not have, or with what moves no surface.
DENIAL_BESIDE = 0.1
#: First word of a shape's name -> the region of the face that it belongs to, where that is another word.
REGIONS = {
    "eyelid": "eye", "lips": "mouth", "cupids": "mouth", "laugh": "mouth", "nostrils": "nose", "temples": "forehead",
    "cheekbones": "cheek", "cheeks": "cheek", "jaw": "chin", "bite": "chin", "double": "neck", "skull": "head",
    "oval": "head", "round": "head", "square": "head", "triangular": "head", "diamond": "head",
}  # fmt: skip


def beard_index(beard: str | None) -> int:
    """The index of a beard in BEARDS, B for "none", -1 where none is mentioned.

    beard: of a description.
    """
    return -1 if beard is None else BEARDS.index(beard) if beard in BEARDS else len(BEARDS)


def draw_description(rng: Generator) -> HeadDescription:
    """What one may say of a head: every extreme of every shape is as likely as any other, also rare ones together.

    One description in five, a full one, mentions most of gender, age and hair; some are long, some name a character.

    rng: draws the description.
    """
    if rng.random() < LONG_DESCRIPTION:
        least = 3
        count = least + int(rng.choice(len(LONG_SHAPE_COUNT_PROBABILITIES), p=LONG_SHAPE_COUNT_PROBABILITIES))
        return _draw_around(_draw_shapes(count, rng), MENTIONED_AT_LENGTH, rng)
    count = int(rng.choice(len(SHAPE_COUNT_PROBABILITIES), p=SHAPE_COUNT_PROBABILITIES))
    shapes = _draw_shapes(count, rng)
    if count == 1 and rng.random() < ONLY_SHAPE:
        return HeadDescription(shapes=shapes)
    full = rng.random() < FULL_DESCRIPTION
    description = _draw_around(shapes, {name: both[int(full)] for name, both in MENTIONED.items()}, rng)
    return as_character(description, rng) if rng.random() < CHARACTER else description


def _draw_shapes(count: int, rng: Generator) -> dict[str, float]:
    """As many shapes, of any extreme and strength."""
    shapes: dict[str, float] = {}
    for number in rng.choice(len(SHAPE_EXTREMES), count, replace=False):
        name, sign = SHAPE_EXTREMES[number]
        low, high = SHAPE_STRENGTHS[rng.choice(len(SHAPE_STRENGTHS), p=STRENGTH_PROBABILITIES)]
        shapes[name] = sign * float(rng.uniform(low, high))
    return shapes


def _draw_around(shapes: dict[str, float], probabilities: Mapping[str, float], rng: Generator) -> HeadDescription:
    """A description with these shapes and, by these probabilities, gender, age, ancestry, weight and style; at times
    with a beard."""

    def mentioned(name: str) -> bool:
        return bool(rng.random() < probabilities[name])

    description = HeadDescription(
        gender=float(rng.choice(GENDERS, p=GENDER_PROBABILITIES)) if mentioned("gender") else None,
        age=draw_age(rng) if mentioned("age") else None,
        ancestry=draw_ancestry(rng) if mentioned("ancestry") else None,
        weight=float(rng.choice(BODY_WEIGHTS)) if mentioned("weight") else None,
        shapes=shapes,
        style=str(rng.choice(list(HAIR_WORDS))) if mentioned("style") else None,
    )
    young = description.age is not None and description.age < BEARDED
    if description.gender == 1.0 or young or rng.random() > BEARD_MENTIONED:
        return description
    beard = str(rng.choice(["none", *BEARDS], p=[NO_BEARD, *[EVERY_BEARD] * len(BEARDS)]))
    return replace(description, beard=beard)


def draw_sentence(description: HeadDescription, rng: Generator, held_out: bool | None = False) -> str:
    """The words for a description, at times with an expression, a colour or an aside, which do not change the code.

    description: what to say.
    rng: draws the words.
    held_out: as in language.sentences.sentence.
    """
    phrase = draw_asked(rng, held_out).phrase if rng.random() < EXPRESSION_BESIDE else ""
    colour = str(rng.choice(COLOURS)) if rng.random() < COLOUR_BESIDE else ""
    asides = [str(rng.choice(NEUTRAL_ASIDES))] if rng.random() < ASIDE_BESIDE else []
    text = sentence(description, rng, phrase, colour, asides, held_out)
    return f"{text}{true_denial(description, rng)}" if rng.random() < DENIAL_BESIDE else text


def extreme_values(shapes: dict[str, float]) -> Floats:
    """(E,) how far every extreme of SHAPE_EXTREMES is reached, 0 where it is not.

    shapes: name -> value.
    """
    return np.array([max(0.0, sign * shapes.get(name, 0.0)) for name, sign in SHAPE_EXTREMES], np.float32)


def region(shape: str) -> str:
    """The region of the face that a shape belongs to ("nose", "mouth", ...).

    shape: its name, whose first word is the region or a key of REGIONS.
    """
    first = shape.split("_")[0]
    return REGIONS.get(first, first)


def draw_style_of(description: HeadDescription, rng: Generator) -> int:
    """The index in STYLES of a style of the family that a description mentions, S for bald, -1 where it mentions none.
    Styles that hide a region whose shape is mentioned, too, are drawn only where the family has no others.

    description: what is said.
    rng: draws the style.
    """
    if description.style is None:
        return -1
    if description.style == "bald":
        return len(STYLES)
    hiding = {style for shape in description.shapes for style in HIDDEN_BY.get(region(shape), ())}
    family = [number for number, style in enumerate(STYLES) if style_family(style) == description.style]
    return int(rng.choice([number for number in family if STYLES[number] not in hiding] or family))


def expression_sentences(
    count: int, seed: int, actions: Sequence[str], held_out: bool | None = False
) -> tuple[list[str], Ints, Floats]:
    """M captions, the row (M,) of expression_table of what each asks for alone and not faintly, else -1, and the z_exp
    (M, 52) that it asks for.

    count: M.
    seed: of all that is drawn.
    actions: names of the 52 actions.
    held_out: as in draw_asked.
    """
    rng = np.random.default_rng([seed, 3 + bool(held_out)])
    names = list(NAMED)
    asked = [draw_worded(rng, held_out) for _ in range(count)]
    texts = [_expression_caption(expression.phrase, rng) for expression in asked]
    numbers = [names.index(expression.name) if expression.name in NAMED else -1 for expression in asked]
    codes = [z_exp_of(expression.weights, actions) for expression in asked]
    return texts, np.array(numbers, np.int32), np.array(codes, np.float32)


def _expression_caption(phrase: str, rng: Generator) -> str:
    """A caption about an expression: nearly half of the time the phrase alone, as the splitter cuts it out of a prompt;
    else said of somebody in few words, in expression_sentence's, or in a whole description's."""
    number = rng.random()
    if number < 0.45:
        return phrase
    if number < 0.6 and phrase:
        who = str(rng.choice(["a man", "a woman", "man", "woman", "a person", "he is", "she is", "someone", "a face"]))
        return f"{who} {phrase}" if not who.endswith("is") or not phrase.startswith("who") else phrase
    if number < 0.85:
        return expression_sentence(phrase, rng)
    return sentence(draw_description(rng), rng, phrase)
