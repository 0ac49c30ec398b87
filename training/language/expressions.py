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
#: Phrases that no training says, to see how unseen wordings fare; none of "neutral", and none of the plainest.
HELD_OUT = frozenset(phrase for entry in _TABLE["expressions"].values() for phrase in entry["held_out"])
#: Of whom expressions are said: ages, ancestries ("" for none) and nouns of the paper's template, all equally likely.
AGES: tuple[str, ...] = _TABLE["people"]["ages"]
ETHNICITIES: tuple[str, ...] = _TABLE["people"]["ancestries"]
NOUNS: tuple[str, ...] = _TABLE["people"]["nouns"]
#: Colours of hair.
COLOURS: tuple[str, ...] = _TABLE["hair_colours"]
#: What a prompt says of a head that is no expression, the tempting ones included.
ASIDES: tuple[str, ...] = _TABLE["asides"]
#: Those of them that say nothing of the shape of a head, its hair or its beard.
NEUTRAL_ASIDES: tuple[str, ...] = _TABLE["asides_of_colour"]


def expression_sentence(phrase: str, rng: np.random.Generator) -> str:
    """A sentence that says the phrase (or nothing of expression, for ""), of somebody at random.

    Most follow the paper: "A face of a {age} {ethnicity} {person} with {colour} hair, {expression}".

    phrase: for the expression.
    rng: draws everything else.
    """
    age, ethnicity = rng.choice(AGES), rng.choice(ETHNICITIES)
    who = " ".join(word for word in (age, ethnicity, str(rng.choice(NOUNS))) if word)
    who = f"{'an' if who[0] in 'aeiou' else 'a'} {who}"
    hair = f"with {rng.choice(COLOURS)} hair" if rng.random() < 0.5 else ""
    asides = [str(aside) for aside in rng.choice(ASIDES, rng.choice(3, p=[0.4, 0.4, 0.2]), replace=False)]
    kind = rng.random()
    if phrase and kind < 0.08:
        return phrase
    opening = str(rng.choice(["A face of ", "face of ", "a portrait of ", "the head of ", "", "", ""]))
    if kind < 0.55:
        parts = [opening + " ".join([who, *([hair] if hair else []), *asides]), *([phrase] if phrase else [])]
        return ", ".join(parts)
    if kind < 0.8:  # the expression before the rest: "a man smiling with joker makeup"
        return " ".join(part for part in (opening + who, phrase, hair, *asides) if part)
    return ", ".join(part for part in (opening + who, hair, *asides[:1], phrase, *asides[1:]) if part)


def draw_expression(rng: np.random.Generator, held_out: bool | None = False) -> tuple[str, str]:
    """An expression's name and a phrase for it; three in ten say nothing, which means neutral.

    rng: draws both.
    held_out: whether the phrase is one of those that are kept from training; None: any.
    """
    if not held_out and rng.random() < 0.3:
        return "neutral", ""
    name = str(rng.choice(list(PHRASES)))
    phrases = [phrase for phrase in PHRASES[name] if held_out is None or (phrase in HELD_OUT) == held_out]
    if not phrases:
        return draw_expression(rng, held_out)
    return name, str(rng.choice(phrases))


def reworded(phrase: str, rng: np.random.Generator) -> str:
    """The phrase, or what says the same: of somebody who looks like this, or like one to whom this happens.

    phrase: for an expression.
    rng: draws the frame that it is put into.
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
