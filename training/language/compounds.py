"""What captions ask of a face: a named expression, a movement, several at once ("angry but crying"), or not to do
something ("not smiling"); and words that one might mistake for any of these, as "a nerd"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from numpy.random import Generator

from clip_head.training.engine.tables import check_keys
from clip_head.training.language.expressions import HELD_OUT, PHRASES, draw_expression, reworded
from clip_head.training.language.features import FEATURES, Weights, both_moods, with_feature
from clip_head.training.language.sentences import HeadDescription
from clip_head.training.language.tables import load_phrases
from clip_head.training.teacher.expressions import TABLE

_DENIALS = load_phrases(
    "denials",
    (
        "neutral", "frames", "looks", "wearing", "beard", "grown_up", "weight", "characters", "lookalike",
        "first_names", "last_names",
    ),
)  # fmt: skip
check_keys("frames in denials.json", _DENIALS["frames"], ("moods", "plain", "with", "ing", "both", "instead"))
_FRAMES: dict[str, tuple[str, ...]] = _DENIALS["frames"]
#: What somebody does not have or wear, or wears, that moves no surface, as it follows a person.
DENIED_LOOKS: tuple[str, ...] = _DENIALS["looks"]
WORN_THINGS: tuple[str, ...] = _DENIALS["wearing"]
#: Ways to say that there is no beard, that somebody is a grown-up of no great age, that the weight is usual.
DENIED_BEARDS: tuple[str, ...] = _DENIALS["beard"]
GROWN_UP: tuple[str, ...] = _DENIALS["grown_up"]
USUAL_WEIGHT: tuple[str, ...] = _DENIALS["weight"]
#: Who somebody is, which is no expression.
CHARACTERS: tuple[str, ...] = _DENIALS["characters"]

#: Probability of each kind of caption. Named expressions, nothing said among them, stay the most: it is them that most
#: prompts ask for.
KINDS = {"named": 0.67, "feature": 0.08, "compound": 0.15, "denial": 0.1}
#: Probability that a compound is two movements, two moods; else it is a mood with a movement, or with two.
_TWO_FEATURES, _TWO_MOODS, _SECOND_FEATURE = 0.25, 0.3, 0.25
#: Probability that a denial is a plain one, of one of the phrases that mean no expression; that it denies one, or two,
#: expressions; else it says what is there instead.
_IDIOM, _DENIED, _NEITHER = 0.25, 0.35, 0.15
#: Expressions that are moods, which compounds and denials are made of; the others are movements, with their own words
#: among the features.
MOODS = (
    "happy", "laughing", "sad", "crying", "angry", "furious", "surprised", "fearful", "disgusted", "contemptuous",
    "pouting", "smirking", "yawning", "worried", "grimacing",
)  # fmt: skip
#: Probability that an expression of one word gets one of ADVERBS, and that any other is reworded.
ADVERB_PROBABILITY, REWORDED_PROBABILITY = 0.3, 0.25
#: Probability that a caption without an expression is of words that sound like one and are none ("a nerd").
NO_EXPRESSION = 0.3
#: Adverbs, and the factor of the expression's weights that each means. Chosen by hand.
ADVERBS = (
    ("slightly", 0.5), ("a little", 0.5), ("a bit", 0.5), ("somewhat", 0.5), ("faintly", 0.5), ("barely", 0.4),
    ("very", 1.2), ("extremely", 1.2), ("really", 1.15), ("terribly", 1.2), ("intensely", 1.2),
)  # fmt: skip
#: Movements that prompts ask for most, and how often one of them is drawn, else any.
COMMON = (
    "eyes closed", "one eye closed", "one brow up", "brows up", "smile", "mouth open", "mouth closed", "tongue out",
    "tears",
)  # fmt: skip
_COMMON_PROBABILITY = 0.5
#: Most words of a phrase in a compound or a denial: longer ones hide what is asked for beside them.
_MOST_WORDS = 4
#: Probability that a mood is said by one of its first, which are its plainest phrases, and how many those are.
_PLAIN, _PLAINEST = 0.5, 12
#: Beginnings of phrases that no "not" or "and" may stand before.
_CLAUSES = ("who", "whose", "as", "like", "not", "without", "on", "over", "all")


@dataclass(frozen=True)
class Asked:
    """An expression in words.

    phrase: as it follows a comma; "" where nothing is said.
    weights: of the actions that it asks for.
    name: of the named expression or feature that is asked for alone; None for compounds and denials.
    """

    phrase: str
    weights: Weights
    name: str | None


def _short(name: str) -> tuple[str, ...]:
    """The phrases for a mood that may be part of a longer one."""
    return tuple(
        phrase
        for phrase in PHRASES[name]
        if phrase not in HELD_OUT
        and len(phrase.split()) <= _MOST_WORDS
        and "," not in phrase
        and not phrase.startswith(tuple(f"{word} " for word in _CLAUSES))
    )


#: Mood -> its phrases that may be part of a longer one.
SHORT_PHRASES = {name: _short(name) for name in MOODS}
#: Words that say a smile outright: what is said beside it leaves it there.
_SMILES = ("smil", "grin", "laugh", "beam")


def draw_asked(rng: Generator, held_out: bool | None = False) -> Asked:
    """An expression in words; three in ten of the named ones say nothing, which means neutral.

    rng: draws it.
    held_out: as in draw_expression; True draws named expressions only, for the others have no words of that kind.
    """
    kind = "named" if held_out else str(rng.choice(list(KINDS), p=list(KINDS.values())))
    if kind == "named":
        name, phrase = draw_expression(rng, held_out)
        return Asked(phrase, TABLE[name], name)
    return _DRAWN[kind](rng)


def draw_worded(rng: Generator, held_out: bool | None = False) -> Asked:
    """The same in more ways: at times with an adverb, in other words, or, instead of silence, in words that sound like
    an expression and are none.

    rng: draws it.
    held_out: as in draw_asked; True leaves everything as it was drawn.
    """
    asked = draw_asked(rng, held_out)
    if held_out or asked.name not in TABLE:
        return asked
    if not asked.phrase:
        return replace(asked, phrase=draw_no_expression(rng)) if rng.random() < NO_EXPRESSION else asked
    if " " not in asked.phrase and asked.name != "neutral" and rng.random() < ADVERB_PROBABILITY:
        adverb, strength = ADVERBS[rng.integers(len(ADVERBS))]
        weights = {action: strength * weight for action, weight in asked.weights.items()}
        return Asked(f"{adverb} {asked.phrase}", weights, asked.name if strength >= 1 else None)
    return replace(asked, phrase=reworded(asked.phrase, rng)) if rng.random() < REWORDED_PROBABILITY else asked


def draw_feature(rng: Generator, zone: str = "", alone: bool = False) -> Asked:
    """A single movement.

    rng: draws it.
    zone: a zone of the face that it must not be of; "" for none.
    alone: whether it must mean this and no more when nothing else is said.
    """
    drawn_from = COMMON if rng.random() < _COMMON_PROBABILITY else tuple(FEATURES)
    features = {name: FEATURES[name] for name in drawn_from}
    names = [name for name, f in features.items() if f.zone != zone and (f.alone or not alone)]
    name = str(rng.choice(names))
    return Asked(str(rng.choice(FEATURES[name].phrases)), with_feature({}, FEATURES[name].weights), name)


def draw_compound(rng: Generator) -> Asked:
    """Two or three things at once.

    rng: draws them.
    """
    if rng.random() < _TWO_FEATURES:
        first = draw_feature(rng)
        return _beside(first, draw_feature(rng, FEATURES[first.name or ""].zone), rng)
    mood = _draw_mood(rng)
    if rng.random() < _TWO_MOODS:
        return _two_moods(mood, _draw_mood(rng, mood.name), rng)
    feature = draw_feature(rng)
    compound = _beside(mood, feature, rng)
    if rng.random() < _SECOND_FEATURE:
        other = draw_feature(rng, FEATURES[feature.name or ""].zone)
        return Asked(f"{compound.phrase}, {other.phrase}", with_feature(compound.weights, other.weights), None)
    return compound


def draw_denial(rng: Generator) -> Asked:
    """What a face does not do, and at times what it does instead; else it is neutral.

    rng: draws it.
    """
    number, denied = rng.random(), _draw_mood(rng)
    if number < _IDIOM:
        return Asked(str(rng.choice(_DENIALS["neutral"])), {}, None)
    if number < _IDIOM + _DENIED:
        return Asked(_denied(denied.phrase, rng), {}, None)
    other = _draw_mood(rng, denied.name)
    if number < _IDIOM + _DENIED + _NEITHER:
        return Asked(str(rng.choice(_FRAMES["both"])).format(denied.phrase, other.phrase), {}, None)
    there = other if rng.random() < 0.6 else draw_feature(rng, alone=True)
    if rng.random() < 0.5:  # "not happy, eyes closed", "without a smile, raising one eyebrow"
        parts = [_denied(denied.phrase, rng), there.phrase]
        return Asked(", ".join(parts if rng.random() < 0.5 else parts[::-1]), there.weights, None)
    phrase = str(rng.choice(_FRAMES["instead"])).format(no=denied.phrase, yes=there.phrase)
    return Asked(phrase, there.weights, None)


def draw_no_expression(rng: Generator) -> str:
    """Words about somebody that sound like an expression and are none: a character, a likeness, what is worn or not.

    rng: draws them.
    """
    number = rng.random()
    if number < 0.35:
        return draw_likeness(rng)
    if number < 0.6:
        character = str(rng.choice(CHARACTERS))
        article = "an " if character[0] in "aeiou" else "a "
        return f"{article if rng.random() < 0.5 else ''}{character}"
    return str(rng.choice(WORN_THINGS if number < 0.8 else DENIED_LOOKS))


def draw_likeness(rng: Generator) -> str:
    """ "who looks like NAME", of anybody.

    rng: draws the words.
    """
    name = f"{rng.choice(_DENIALS['first_names'])} {rng.choice(_DENIALS['last_names'])}"
    return str(rng.choice(_DENIALS["lookalike"])).format(name)


def draw_aside(sentence: str, rng: Generator) -> tuple[str, list[str]]:
    """A sentence with words that sound like an expression and are none, and those of them that are looks, which move no
    surface; at times another sentence, of a character.

    sentence: about somebody, without an expression.
    rng: draws the words.
    """
    number = rng.random()
    if number < 0.15:
        character = str(rng.choice(CHARACTERS))
        return f"{'an' if character[0] in 'aeiou' else 'a'} {character}", []
    if number < 0.6:
        words = str(rng.choice(DENIED_LOOKS if number < 0.45 else WORN_THINGS))
    else:
        words = draw_likeness(rng) if number < 0.75 else str(rng.choice(DENIED_BEARDS + GROWN_UP + USUAL_WEIGHT))
    return f"{sentence}{_joint(words, rng)}{words}", [words] if number < 0.6 else []


def true_denial(description: HeadDescription, rng: Generator) -> str:
    """What may follow a sentence about a head and changes no code: what the person does not have or what moves no
    surface, with a blank or a comma before it.

    description: what the sentence says, which must stay true.
    rng: draws the words.
    """
    kinds: list[tuple[str, ...]] = [DENIED_LOOKS, DENIED_LOOKS, WORN_THINGS]
    if description.beard in (None, "none"):
        kinds.append(DENIED_BEARDS)
    if description.age is None:
        kinds.append(GROWN_UP)
    if description.weight is None:
        kinds.append(USUAL_WEIGHT)
    number = int(rng.integers(len(kinds) + 1))
    words = draw_likeness(rng) if number == len(kinds) else str(rng.choice(kinds[number]))
    return f"{_joint(words, rng)}{words}"


def _joint(words: str, rng: Generator) -> str:
    """A blank or a comma with a blank: what stands before words that follow a sentence."""
    joined = words.startswith(("with", "who", "that", "wearing", "in ", "looking", "resembling"))
    return " " if joined and rng.random() < 0.6 else ", "


def _draw_mood(rng: Generator, other_than: str | None = None) -> Asked:
    """One of MOODS in few words, other than one of them."""
    name = str(rng.choice([name for name in MOODS if name != other_than]))
    phrases = SHORT_PHRASES[name][:_PLAINEST] if rng.random() < _PLAIN else SHORT_PHRASES[name]
    return Asked(str(rng.choice(phrases)), TABLE[name], name)


def _two_moods(first: Asked, second: Asked, rng: Generator) -> Asked:
    """Two moods at once. Where one of them is said to smile or laugh, the mouth does, whichever comes last."""
    frame = str(rng.choice(_FRAMES["moods"]))
    phrase = frame.format(first.phrase, second.phrase)
    smiles = any(word in first.phrase for word in _SMILES) and not any(word in second.phrase for word in _SMILES)
    weights = both_moods(second.weights, first.weights) if smiles else both_moods(first.weights, second.weights)
    return Asked(phrase, weights, None)


def _beside(first: Asked, feature: Asked, rng: Generator) -> Asked:
    """A mood or a movement with another movement beside it, in either order."""
    weights = with_feature(first.weights, feature.weights)
    one, other = (first.phrase, feature.phrase) if rng.random() < 0.6 else (feature.phrase, first.phrase)
    frames = ["{}, {}", "{}, {}", "{} and {}"]
    if other.startswith(("with ", "in ", "without ", "through ")):
        frames = ["{} {}", "{} {}", "{}, {}"]
    elif other.split()[0].endswith("ing"):
        frames += ["{} while {}"]
    return Asked(str(rng.choice(frames)).format(one, other), weights, None)


def _denied(phrase: str, rng: Generator) -> str:
    """ "not happy" for "happy", "without a smile" for "with a smile"."""
    if phrase.startswith("with "):
        return str(rng.choice(_FRAMES["with"])).format(phrase.removeprefix("with "))
    frames = _FRAMES["plain"]
    if phrase.split()[0].endswith("ing"):
        frames += _FRAMES["ing"]
    return str(rng.choice(frames)).format(phrase)


#: Kind of caption -> draws one.
_DRAWN: dict[str, Callable[[Generator], Asked]] = {
    "feature": lambda rng: draw_feature(rng, alone=True),
    "compound": draw_compound,
    "denial": draw_denial,
}
