"""What the words of a prompt say of the teeth, and the colours of their atlas.

Words are looked up in a table, feature by feature; a feature that is denied ("no fangs") stays as it is without words.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise, takewhile
from pathlib import Path
from typing import Any

import numpy as np

from ..text.split import Word, words_of
from ..types import Bytes, Floats

#: Phrases per feature, words that deny, and colours; see tooth_style.
_TABLE = Path(__file__).with_name("tooth_words.json")
#: Number that keeps these draws apart from others by the same seed.
_STREAM = 29
#: How many words before a phrase may deny it: "without any visible fangs".
_DENIAL_REACH = 3
#: What the table's adjectives stand beside.
_NOUNS = ("teeth", "tooth")
#: Words after which a denial no longer holds.
_TURNS = ("but", "with", "and")
#: Names of the teeth of a quarter, from the midline to the back.
QUARTER = (
    "central_incisor",
    "lateral_incisor",
    "canine",
    "first_premolar",
    "second_premolar",
    "first_molar",
    "second_molar",
)
#: The quarters of a mouth, and so the rows of the atlas from the top; each has its teeth in QUARTER's order.
QUARTERS = ("upper_right", "upper_left", "lower_right", "lower_left")
#: Part of the atlas's height that each quarter takes, and that the gums of each jaw take below all quarters.
QUARTER_HEIGHT, GUM_HEIGHT = 0.2, 0.1
#: Part of a tooth's rectangle that its island leaves free on either side, and the part below it for the root's end.
ISLAND_MARGIN, ROOT_STRIP = 0.04, 0.2
#: From the middle of a tooth's island, 0, to its rim, 1: where the sides begin, beneath the edge or the cusps.
CAP_RADIUS = 0.36
#: Where in the gums' rectangle their margins on the lips' and on the tongue's side are, parts of its height.
_GUM_MARGINS = (0.38, 0.70)
#: Age up to which teeth are milk teeth, and that from which all are grown, years.
_MILK, _GROWN = 6.0, 13.0
#: Size of milk teeth relative to those of adults.
_MILK_SIZE = 0.82
#: Age from which teeth wear and yellow, and that at which they are as worn as age alone makes them, years.
_WEAR_FROM, _WEAR_TO = 35.0, 85.0
#: How crooked the teeth of whom nobody calls so are at most.
_PLAIN_CROOKED = 0.12
#: Wear by age alone.
_WORN = 0.6


@dataclass(frozen=True)
class ToothStyle:
    """How somebody's teeth differ from the anatomists' mean.

    colour (3,): sRGB, 0 to 255, of the enamel's middle.
    crooked: 0 (every tooth in line) to 1.
    gap: between the upper central incisors (a diastema), mm.
    missing: names of teeth that are not there, such as "upper_left_canine".
    gold: names of gold teeth.
    fangs: 0 to 1 (canines nearly twice as long).
    wear: 0 to 1 (short crowns, flat cusps).
    buck: 0 to 1 (upper incisors large and forwards).
    size: of the crowns, relative to an adult's.
    seed: of how each tooth is out of line.
    """

    colour: tuple[float, float, float] = (233.0, 222.0, 203.0)
    crooked: float = 0.0
    gap: float = 0.0
    missing: tuple[str, ...] = ()
    gold: tuple[str, ...] = ()
    fangs: float = 0.0
    wear: float = 0.0
    buck: float = 0.0
    size: float = 1.0
    seed: int = 0


@cache
def tooth_words() -> dict[str, Any]:
    """The table: "denials" and "skipped" are words; "adjectives" are features that adjectives say, "beside" words that
    stand among those; "features" map a feature to its phrases with strengths; "colours" are sRGB."""
    table: dict[str, Any] = json.loads(_TABLE.read_text(encoding="utf-8"))
    return table


def all_teeth() -> tuple[str, ...]:
    """Names of the 28 teeth, in the order of the atlas."""
    return tuple(f"{quarter}_{tooth}" for quarter in QUARTERS for tooth in QUARTER)


def tooth_style(words: str, age_years: float | None, seed: int) -> ToothStyle:
    """The teeth that a prompt speaks of.

    words: as typed.
    age_years: of the person; None where nobody knows, which counts as a grown one.
    seed: draws which tooth is gold or missing, how each is out of line, and how white teeth are.
    """
    features = features_of(words)
    rng = np.random.default_rng([abs(seed), _STREAM])
    drawn_colour, drawn_crooked, picked = rng.standard_normal(3), rng.uniform(), rng.permutation(len(_SEEN))
    age = 25.0 if age_years is None else age_years
    milk = float(np.clip((_GROWN - age) / (_GROWN - _MILK), 0, 1))
    old = float(np.clip((age - _WEAR_FROM) / (_WEAR_TO - _WEAR_FROM), 0, 1))
    colours = {name: np.array(colour) for name, colour in tooth_words()["colours"].items()}
    colour = colours["plain"] + drawn_colour.clip(-1.5, 1.5) * (2.5, 3.0, 4.0)
    colour = colour + 0.6 * milk * (colours["white"] - colour) + 0.55 * old * (colours["yellow"] - colour)
    for name in ("white", "yellow", "brown", "black"):
        colour = colour + features.get(name, 0.0) * (colours[name] - colour)
    red, green, blue = (float(np.clip(value, 0, 255)) for value in colour)
    gold = max(features.get("gold", 0.0), 0.0)
    crooked = features.get("crooked", _PLAIN_CROOKED * drawn_crooked)
    missing = _missing(features, picked)
    return ToothStyle(
        (red, green, blue),
        crooked=float(max(crooked, 0.0)),
        gap=float(max(features.get("gap", 0.0), 0.4 * milk)),
        missing=missing,
        gold=tuple(_chosen(gold, [name for name in _GOLDEN if name not in missing], picked)),
        fangs=features.get("fangs", 0.0),
        wear=float(max(features.get("wear", 0.0), _WORN * old)),
        buck=features.get("buck", 0.0),
        size=1.0 - (1.0 - _MILK_SIZE) * milk,
        seed=seed,
    )


#: Teeth that show when somebody speaks, of which some may be missing; those of which some may be gold.
_SEEN = tuple(f"upper_{side}_{tooth}" for side in ("right", "left") for tooth in QUARTER[:3])
_GOLDEN = tuple(f"upper_{side}_{tooth}" for side in ("left", "right") for tooth in QUARTER[:3])


def _missing(features: dict[str, float], picked: Any) -> tuple[str, ...]:
    """Names of missing teeth: all, several or one; picked (6,): indices into _SEEN in random order."""
    if features.get("toothless", 0.0) > 0:
        return all_teeth()
    count = round(features.get("missing", 0.0))
    front = [_SEEN[k] for k in picked]
    if features.get("missing_front", 0.0) > 0:
        front = [name for name in front if name.endswith("central_incisor")]
        count = 1
    return tuple(sorted(front[:count]))


def _chosen(amount: float, names: list[str], picked: Any) -> list[str]:
    """Names of gold teeth: none for 0, one below 2, some from 2 on, every tooth from 28 on."""
    if amount >= len(all_teeth()):
        return list(all_teeth())
    return [names[k] for k in picked if k < len(names)][: round(amount)]


def features_of(words: str) -> dict[str, float]:
    """What a text says of teeth: feature -> strength, 0 for a feature that it denies; others are missing.

    words: as typed.
    """
    table = tooth_words()
    said_words = [word for word in words_of(words) if word.text not in table["skipped"]]
    text = [word.text for word in said_words]
    found: dict[str, float] = {}
    denied, taken = set[str](), set[int]()
    # The longest first: a "missing front tooth" is more than a "missing tooth".
    for phrase, meaning in sorted(_meanings().items(), key=lambda entry: -len(entry[0].split())):
        for place in _places(phrase, text):
            if taken.isdisjoint(place):
                taken.update(place)
                if _denied(words, said_words[: place.start + 1], table["denials"]):
                    denied.update(meaning)
                for feature, strength in meaning.items():
                    found[feature] = max(found.get(feature, 0.0), strength)
    # "A vampire without fangs": what is denied outright is so whatever else speaks for it.
    return found | dict.fromkeys(denied, 0.0)


@cache
def _meanings() -> dict[str, dict[str, float]]:
    """Phrase -> feature -> strength: the table's features, turned round."""
    meanings: dict[str, dict[str, float]] = {}
    for feature, entries in tooth_words()["features"].items():
        for phrase, strength in entries.items():
            meanings.setdefault(phrase, {})[feature] = float(strength)
    return meanings


@cache
def _adjectives() -> frozenset[str]:
    """Words X of the phrases "X teeth" and "X tooth" of features that adjectives say."""
    pairs = [phrase.split() for phrase, meaning in _meanings().items() if set(meaning) <= _loose()]
    return frozenset(pair[0] for pair in pairs if len(pair) == 2 and pair[1] in _NOUNS)


@cache
def _loose() -> frozenset[str]:
    """The features that adjectives say, which may stand apart from their noun."""
    return frozenset(tooth_words()["adjectives"])


def _places(phrase: str, text: list[str]) -> list[range]:
    """Where a phrase stands in a text: word by word, or, of "X teeth" alone X, with other adjectives between ("crooked
    and yellow teeth") or after the noun ("teeth are yellow")."""
    wanted = phrase.split()
    count = len(wanted)
    if count != 2 or wanted[1] not in _NOUNS or wanted[0] not in _adjectives():
        return [range(k, k + count) for k in range(len(text) - count + 1) if text[k : k + count] == wanted]
    between = _adjectives().union(tooth_words()["beside"], tooth_words()["denials"])
    places = []
    for noun in (k for k, word in enumerate(text) if word == wanted[1]):
        before = list(range(noun - 1, -1, -1))
        after = list(range(noun + 2, len(text))) if text[noun + 1 : noun + 2] in (["are"], ["is"]) else []
        for way in (before, after):
            near = list(takewhile(lambda k: text[k] in between, way))
            places += [range(k, k + 1) for k in near if text[k] == wanted[0]]
    return places


def _denied(words: str, said: list[Word], denials: list[str]) -> bool:
    """Whether a denial stands shortly before the last of some words `said` of a text `words`, with neither punctuation
    nor "but" in between."""
    for before, after in list(pairwise(said))[: -_DENIAL_REACH - 1 : -1]:
        if re.search(r"[,;.!?:]", words[before.end : after.start]) or before.text in _TURNS:
            return False
        if before.text in denials:
            return True
    return False


def tooth_cell(name: str) -> tuple[float, float, float, float]:
    """The rectangle of a tooth in the atlas: u and v of its lower left corner, width and height.

    name: such as "upper_left_canine".
    """
    row = next(k for k, quarter in enumerate(QUARTERS) if name.startswith(quarter))
    column = QUARTER.index(name.removeprefix(f"{QUARTERS[row]}_"))
    width = 1.0 / len(QUARTER)
    return column * width, 1.0 - (row + 1) * QUARTER_HEIGHT, width, QUARTER_HEIGHT


def gum_cell(jaw: str) -> tuple[float, float, float, float]:
    """The rectangle of a jaw's gums in the atlas, as tooth_cell; jaw: "upper" or "lower"."""
    return 0.0, GUM_HEIGHT if jaw == "upper" else 0.0, 1.0, GUM_HEIGHT


def teeth_picture(style: ToothStyle, size: int) -> Bytes:
    """The atlas of teeth and gums: (S, S, 3) sRGB.

    style: how the teeth are.
    size: S, pixels.
    """
    colours = {name: np.array(colour, np.float32) for name, colour in tooth_words()["colours"].items()}
    rng = np.random.default_rng([abs(style.seed), _STREAM, 1])
    v, u = np.meshgrid(1 - (np.arange(size) + 0.5) / size, (np.arange(size) + 0.5) / size, indexing="ij")
    picture = _gums(u, v, colours)
    for name in all_teeth():
        left, low, width, height = tooth_cell(name)
        inside = (u >= left) & (u < left + width) & (v >= low) & (v < low + height)
        across = 2 * (u[inside] - left) / width - 1
        up = 2 * ((v[inside] - low) / height - ROOT_STRIP) / (1 - ROOT_STRIP) - 1
        tint = rng.normal(0, 1.5)
        colour = _enamel(across, up, np.array(style.colour, np.float32) + tint, name)
        if name in style.gold:
            colour = colours["gold"] * (0.96 + 0.06 * up[:, None])
        picture[inside] = colour
    return np.clip(np.rint(picture), 0, 255).astype(np.uint8)


def _enamel(across: Floats, up: Floats, colour: Floats, name: str) -> Floats:
    """Colours (N, 3) on a tooth's island, sRGB 0 to 255: warmer at the neck, greyer at a cutting edge, darker in the
    groove of a molar. across, up (N,): -1 to 1 on the island; colour (3,): of the enamel's middle."""
    radius = np.maximum(np.abs(across), np.abs(up))
    neck = np.interp(radius, (0.6, 0.9), (0.0, 1.0))[:, None]
    warm = colour * (0.96, 0.90, 0.79)
    shade = colour + 0.75 * neck * (warm - colour)
    if "incisor" in name or "canine" in name:
        edge = np.interp(radius, (0.0, CAP_RADIUS, CAP_RADIUS + 0.16), (0.6, 0.5, 0.0))[:, None]
        grey = colour * (0.86, 0.885, 0.93)
        return np.asarray(shade + edge * (grey - shade), np.float32)
    groove = np.exp(-((up / 0.05) ** 2) - (across / 0.22) ** 2) + np.exp(-((across / 0.04) ** 2) - (up / 0.2) ** 2)
    stain = colour * (0.80, 0.72, 0.60)
    return np.asarray(shade + 0.45 * np.minimum(groove, 1.0)[:, None] * (stain - shade), np.float32)


def _gums(u: Floats, v: Floats, colours: dict[str, Floats]) -> Floats:
    """Colours (S, S, 3), sRGB 0 to 255, of gums everywhere: paler at the margin, redder towards the lips, with soft
    spots. u, v (S, S): coordinates in the atlas."""
    along = (v % GUM_HEIGHT) / GUM_HEIGHT
    margin = np.maximum(*(np.exp(-(((along - middle) / 0.12) ** 2)) for middle in _GUM_MARGINS))[..., None]
    spots = np.sin(u * 97 + 3 * np.sin(v * 71)) * np.sin(v * 120 + 2 * np.sin(u * 61))
    base = colours["gum_deep"] + margin * (colours["gum_margin"] - colours["gum_deep"])
    return np.asarray(base * (1 + 0.025 * spots[..., None]), np.float32)
