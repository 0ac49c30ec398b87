"""What people say for the 23 named expressions, and the sentences of the paper's template around it."""

from __future__ import annotations

import numpy as np

from clip_head.training.engine.tables import check_keys
from clip_head.training.language.tables import check_entry, load_phrases

#: The tables of expressions.json.
_TABLE = load_phrases("expressions", ("expressions", "people", "hair_colours", "asides", "asides_of_colour"))
check_keys("people in expressions.json", _TABLE["people"], ("ages", "ancestries", "nouns"))
for _name, _entry in _TABLE["expressions"].items():
    check_entry(f"{_name} in expressions.json", _entry, ("phrases",), ("held_out",))

#: Expression -> all words for it, as they follow a comma ("an old man, laughing").
PHRASES: dict[str, tuple[str, ...]] = {name: entry["phrases"] for name, entry in _TABLE["expressions"].items()}
#: Phrases that are kept from training, so that evaluations can ask in unseen words; none of "neutral", and none of the
#: plainest.
HELD_OUT = frozenset(phrase for entry in _TABLE["expressions"].values() for phrase in entry["held_out"])
#: Of whom expressions are said: ages, ancestries ("" for none) and nouns of the paper's template, all equally likely.
AGES: tuple[str, ...] = _TABLE["people"]["ages"]
ETHNICITIES: tuple[str, ...] = _TABLE["people"]["ancestries"]
NOUNS: tuple[str, ...] = _TABLE["people"]["nouns"]
#: Words for colours of hair, as they stand before "hair".
COLOURS: tuple[str, ...] = _TABLE["hair_colours"]
#: Noun phrases for anything but an expression, also those that one might mistake for one.
ASIDES: tuple[str, ...] = _TABLE["asides"]
#: Those of them that say nothing of the shape of a head, its hair or its beard.
NEUTRAL_ASIDES: tuple[str, ...] = _TABLE["asides_of_colour"]
#: Probability that draw_expression returns no words, which means neutral: prompts often name no expression.
_SILENT_PROBABILITY = 0.3
#: Probability of no, one and two asides in expression_sentence.
_ASIDE_COUNT_PROBABILITIES = (0.4, 0.4, 0.2)
#: Order of expression_sentence by one number drawn from 0 to 1: below the first value the phrase stands alone; below
#: the second it comes last; below the third right after the person; above, after hair and one aside.
_ALONE_BELOW, _LAST_BELOW, _AFTER_PERSON_BELOW = 0.08, 0.55, 0.8


def expression_sentence(phrase: str, rng: np.random.Generator) -> str:
    """A sentence that says the phrase of somebody at random.

    Most follow the paper: "A face of a {age} {ethnicity} {person} with {colour} hair, {expression}".

    phrase: for the expression; "" for nothing.
    rng: draws everything else.
    """
    age, ethnicity = rng.choice(AGES), rng.choice(ETHNICITIES)
    who = " ".join(word for word in (age, ethnicity, str(rng.choice(NOUNS))) if word)
    who = f"{'an' if who[0] in 'aeiou' else 'a'} {who}"
    hair = f"with {rng.choice(COLOURS)} hair" if rng.random() < 0.5 else ""
    count = rng.choice(len(_ASIDE_COUNT_PROBABILITIES), p=_ASIDE_COUNT_PROBABILITIES)
    asides = [str(aside) for aside in rng.choice(ASIDES, count, replace=False)]
    order = rng.random()
    if phrase and order < _ALONE_BELOW:
        return phrase
    opening = str(rng.choice(["A face of ", "face of ", "a portrait of ", "the head of ", "", "", ""]))
    if order < _LAST_BELOW:
        parts = [opening + " ".join([who, *([hair] if hair else []), *asides]), *([phrase] if phrase else [])]
        return ", ".join(parts)
    if order < _AFTER_PERSON_BELOW:  # "a man smiling with joker makeup"
        return " ".join(part for part in (opening + who, phrase, hair, *asides) if part)
    return ", ".join(part for part in (opening + who, hair, *asides[:1], phrase, *asides[1:]) if part)


def draw_expression(rng: np.random.Generator, held_out: bool | None = False) -> tuple[str, str]:
    """An expression's name and a phrase for it; three in ten say nothing, which means neutral.

    rng: draws both.
    held_out: whether the phrase is one of those that are kept from training; None: any.
    """
    if not held_out and rng.random() < _SILENT_PROBABILITY:
        return "neutral", ""
    name = str(rng.choice(list(PHRASES)))
    phrases = [phrase for phrase in PHRASES[name] if held_out is None or (phrase in HELD_OUT) == held_out]
    if not phrases:
        return draw_expression(rng, held_out)
    return name, str(rng.choice(phrases))


def reworded(phrase: str, rng: np.random.Generator) -> str:
    """The phrase in other words of the same meaning, as "who looks happy" for "happy"; long phrases stay as they are.

    phrase: for an expression.
    rng: draws the frame ("who looks {}") that the phrase is put into.
    """
    first = phrase.split(" ")[0]
    frames: tuple[str, ...]
    if first in ("who", "whose"):
        frames = ("like somebody {}", "with the face of someone {}", "like a person {}", "with the look of somebody {}")
    elif first == "as":
        frames = ("looking {}", "with a face {}", "who looks {}")
    elif first.endswith("ing"):
        frames = ("who is {}", "like somebody {}", "as if {}", "while {}", "caught {}", "who has started {}")
    elif " " not in phrase:
        frames = ("looking {}", "who looks {}", "who feels {}", "who is {}", "with a {} face", "with a {} look")
    else:
        return phrase
    return str(rng.choice(frames)).format(phrase)
