"""What people say of a person's age, ancestry, gender, shapes and hair: sentences for teacher heads, drawn at random.

Every sentence mentions a few of the things that are true of the person and is silent about the rest, so that a
regression from sentences to codes learns what words decide, and the scatter around it what they leave open.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from clip_head.training.teacher.dataset import Attributes
from clip_head.training.teacher.identities import SHAPES
from clip_head.training.words_expressions import ASIDES, COLOURS, draw_expression

#: Other words for the adjectives of the shapes ("big nose") and some of the nouns.
ADJECTIVES: dict[str, tuple[str, ...]] = {
    "big": ("big", "large", "huge", "enormous", "massive", "very big"),
    "small": ("small", "little", "tiny", "petite", "very small"),
    "large": ("large", "big", "huge", "enormous"),
    "wide": ("wide", "broad", "very wide"),
    "broad": ("broad", "wide", "big"),
    "narrow": ("narrow", "thin", "slim", "very narrow"),
    "slim": ("slim", "narrow", "delicate", "slender", "fine"),
    "thin": ("thin", "narrow", "slim"),
    "thick": ("thick", "wide", "bull-like"),
    "long": ("long", "very long", "elongated"),
    "short": ("short", "very short", "stubby"),
    "full": ("full", "plump", "thick", "big", "voluptuous"),
    "chubby": ("chubby", "round", "plump", "fat", "full"),
    "hollow": ("hollow", "sunken", "gaunt"),
    "gaunt": ("gaunt", "thin", "bony", "emaciated", "narrow"),
    "hooked": ("hooked", "aquiline", "roman", "hawk-like", "crooked", "witch-like"),
    "upturned": ("upturned", "turned-up", "snub"),
    "bulbous": ("bulbous", "potato-like", "round", "clown-like"),
    "pointed": ("pointed", "pointy", "sharp"),
    "protruding": ("protruding", "sticking out", "jug", "bat"),
    "prominent": ("prominent", "strong", "jutting", "protruding"),
    "receding": ("receding", "weak"),
    "deep-set": ("deep-set", "sunken"),
    "wide-set": ("wide-set", "far apart"),
    "close-set": ("close-set", "close together"),
    "heavy": ("heavy", "protruding", "caveman-like"),
    "cleft": ("cleft", "dimpled"),
    "high": ("high", "tall"),
    "square": ("square", "angular", "boxy"),
    "round": ("round", "circular", "moon-like"),
}
NATIONS: dict[str, tuple[str, ...]] = {
    "african": ("african", "african", "black", "african american", "nigerian", "kenyan", "ethiopian", "afro-american"),
    "asian": ("asian", "asian", "east asian", "chinese", "japanese", "korean", "vietnamese", "thai"),
    "caucasian": (
        "caucasian", "caucasian", "white", "european", "german", "english", "russian", "scandinavian", "american",
        "italian", "irish",
    ),
    "mixed": ("mixed-race", "latino", "mixed", "brazilian", "biracial"),
}  # fmt: skip
#: Words for hair: style (without its number) -> as they follow "with"; those of the dataset are added to them.
HAIR_WORDS: dict[str, tuple[str, ...]] = {
    "bald": ("a bald head", "no hair", "a shaved head"),
    "buzz": ("a buzz cut", "very short hair", "cropped hair", "a crew cut", "military haircut", "shaved short hair"),
    "receding": ("a receding hairline", "receding hair", "thinning hair"),
    "balding": ("a balding head", "hair only at the sides", "a bald top", "a bald spot"),
    "afro": ("an afro", "afro hair", "big curly hair", "frizzy hair", "a round afro", "curly hair"),
    "bob": ("a bob", "chin-length hair", "a bob cut", "medium-length hair", "a bob haircut", "shoulder-length hair"),
    "braid": ("a braid", "braided hair", "braids", "a plait", "pigtails"),
    "long": ("long hair", "long straight hair", "long flowing hair", "very long hair", "hair down to the shoulders"),
    "ponytail": ("a ponytail", "hair in a ponytail", "hair tied back", "a pony tail"),
    "short": ("short hair", "a short haircut", "a short hairstyle", "short straight hair", "a neat haircut"),
}
#: The same as an adjective before the noun, where there is one.
HAIR_ADJECTIVES: dict[str, tuple[str, ...]] = {
    "bald": ("bald", "bald", "hairless", "bald-headed"),
    "balding": ("balding",),
    "long": ("long-haired",),
    "short": ("short-haired",),
    "afro": ("curly-haired", "frizzy-haired"),
}
_STYLE_WORDS = {
    word
    for phrases in (*HAIR_WORDS.values(), *HAIR_ADJECTIVES.values())
    for phrase in phrases
    for word in phrase.split()
    if word not in ("a", "an", "the", "in", "at", "to", "only", "very", "no", "big", "round", "hair", "head", "cut",
                    "neat", "down", "back", "straight", "short", "long", "top", "spot", "sides")
} | {"only at", "short hair", "long hair", "short haircut", "no hair", "big curly", "long straight"}  # fmt: skip
_LENGTH = re.compile(r"\b(short|long)( \w+){1,3} hair\b")
#: How often a style is worn by men, women and children when nothing is said of it.
WORN: dict[str, tuple[float, float, float]] = {
    "bald": (2.0, 0.05, 0.05),
    "buzz": (2.0, 0.1, 0.5),
    "receding": (1.5, 0.0, 0.0),
    "balding": (1.0, 0.0, 0.0),
    "afro": (0.5, 0.8, 0.4),
    "bob": (0.1, 3.0, 2.0),
    "braid": (0.05, 1.0, 1.0),
    "long": (0.3, 3.0, 1.5),
    "ponytail": (0.1, 2.0, 1.5),
    "short": (8.0, 0.8, 4.0),
}


def style_family(style: str) -> str:
    """'short' of 'short03'."""
    return style.rstrip("0123456789")


def style_shares(person: Attributes, styles: Sequence[str], prejudice: float = 1.0) -> np.ndarray:
    """How likely the person wears each style (S,); prejudice 0 makes all families of styles alike."""
    families = [style_family(style) for style in styles]
    even = np.array([1.0 / families.count(family) for family in families])
    column = 2 if person.age < 13 else 1 if person.gender > 0.5 else 0
    thin = 0.15 if person.age < 35 else 1.0
    worn = even * [WORN[f][column] * (thin if f in ("receding", "balding") else 1.0) for f in families]
    return np.asarray(prejudice * worn / worn.sum() + (1 - prejudice) * even / even.sum())


def draw_style(person: Attributes, styles: Sequence[str], rng: np.random.Generator) -> str:
    """A style such as the person might wear; one in three is drawn without prejudice."""
    shares = style_shares(person, styles, 0.0 if rng.random() < 0.33 else 1.0)
    return styles[int(rng.choice(len(styles), p=shares))]


def says_hair(sentence: str) -> bool:
    """Whether a sentence says how the hair is worn; its colour alone does not."""
    words = f" {sentence.replace(',', ' ')} "
    return any(f" {word} " in words for word in _STYLE_WORDS) or bool(_LENGTH.search(words))


def person_sentence(
    person: Attributes,
    style: str,
    rng: np.random.Generator,
    phrase: str | None = None,
    colour: str | None = None,
    asides: Sequence[str] | None = None,
) -> str:
    """A sentence that is true of the person and the hair style.

    phrase: what to say of the expression, colour: of the hair's, asides: of anything else; arbitrary where None.
    """
    who = _who(person, rng)
    most = int(rng.choice(4, p=[0.25, 0.35, 0.25, 0.15]))
    shapes = [_other_words(word, rng) for word in rng.permutation(list(person.words))[:most].tolist()]
    adjectives = [word for word in shapes if " " not in word]
    traits = [word for word in shapes if " " in word]
    traits = [word if word.endswith(_PLURALS) else f"a {word}" for word in traits]
    hair = ""
    if rng.random() < 0.5:
        adjective = HAIR_ADJECTIVES.get(style_family(style))
        if adjective and rng.random() < 0.4:
            adjectives.insert(0, str(rng.choice(adjective)))
        else:
            hair = _hair(style, colour or str(rng.choice(COLOURS)), rng)
    if asides is None:
        asides = [str(a) for a in rng.choice(NEUTRAL_ASIDES, int(rng.random() < 0.3), replace=False)]
    things = [thing for thing in (*traits, hair, *(a.removeprefix("with ") for a in asides)) if thing]
    rng.shuffle(things)
    if phrase is None:
        phrase = draw_expression(rng)[1] if rng.random() < 0.4 else ""
    who = " ".join([*adjectives, who])
    who = f"{'an' if who[0] in 'aeiou' else 'a'} {who}" if rng.random() < 0.9 else who
    opening = str(rng.choice(["A face of ", "face of ", "a portrait of ", "the head of ", "", "", "", ""]))
    if not things:
        return opening + who + (f", {phrase}" if phrase else "")
    if rng.random() < 0.25:
        return ", ".join([opening + who, *things, *([phrase] if phrase else [])])
    joined = things[0] if len(things) == 1 else f"{', '.join(things[:-1])} and {things[-1]}"
    if phrase and rng.random() < 0.4:
        return f"{opening}{who} {phrase} with {joined}"
    return f"{opening}{who} with {joined}" + (f", {phrase}" if phrase else "")


def shape_sentence(person: Attributes, word: str, rng: np.random.Generator) -> str:
    """A short sentence that says one thing of the person's shapes, one of person.words."""
    who, said = _who(person, rng), _other_words(word, rng)
    trait = said if said.endswith(_PLURALS) else f"a {said}"
    who = f"{who} with {trait}" if " " in said else f"{said} {who}"
    opening = str(rng.choice(["a face of ", "face of ", "a portrait of ", "", "", ""]))
    phrase = f", {draw_expression(rng)[1]}" if rng.random() < 0.3 else ""
    return f"{opening}{'an' if who[0] in 'aeiou' else 'a'} {who}{phrase}".removesuffix(", ")


#: Asides that say nothing of the shape of a head or its hair.
NEUTRAL_ASIDES = tuple(
    aside for aside in ASIDES
    if any(word in aside for word in ("makeup", "lipstick", "red lips", "freckles", "blue", "green", "pale", "dark",
                                      "beard", "moustache", "stubble", "paint", "eyebrows"))
)  # fmt: skip
_PLURALS = ("s", "apart", "together", "out", "brow", "hair")


def _who(person: Attributes, rng: np.random.Generator) -> str:
    male = person.gender < 0.5
    nation = str(rng.choice(NATIONS[person.ancestry_word])) if rng.random() < 0.55 else ""
    if person.noun == "person":
        noun = str(rng.choice(["person", "androgynous person", "adult"]))
        return " ".join(w for w in (_age_word(person, rng), nation, noun) if w)
    if person.age < 13:
        nouns = ["boy", "boy", "little boy", "kid", "child", "schoolboy"] if male else [
            "girl", "girl", "little girl", "kid", "child", "schoolgirl"]  # fmt: skip
        if person.age < 6.5:
            nouns += ["toddler", "infant", "small child", "baby"]
        noun = str(rng.choice(nouns))
        age = f"{round(person.age)}-year-old" if rng.random() < 0.15 else ""
        return " ".join(w for w in (age, nation, noun) if w)
    if person.age >= 62 and rng.random() < 0.12:
        noun = str(rng.choice(["grandfather", "grandpa", "old gentleman"] if male else ["grandmother", "granny"]))
        return " ".join(w for w in (nation, noun) if w)
    noun = str(
        rng.choice(["man", "man", "man", "male", "guy", "gentleman"] if male else ["woman"] * 3 + ["female", "lady"])
    )
    if rng.random() < 0.07:
        noun = "person"
    return " ".join(w for w in (_age_word(person, rng), nation, noun) if w)


def _age_word(person: Attributes, rng: np.random.Generator) -> str:
    if rng.random() < 0.3:
        return ""
    if rng.random() < 0.15:
        return f"{round(person.age)}-year-old"
    if person.age < 20:
        return str(rng.choice(["teenage", "teen", "adolescent", "young", "very young"]))
    if person.age < 36:
        return str(rng.choice(["young", "young", "youthful", "twenty-something" if person.age < 30 else "young"]))
    if person.age < 60:
        return str(rng.choice(["middle-aged", "middle-age", "middle-aged", "mature"]))
    return str(rng.choice(["old", "old", "old", "elderly", "aged", "senior", "wrinkled", *_very_old(person)]))


def _very_old(person: Attributes) -> tuple[str, ...]:
    return ("very old", "ancient") if person.age > 75 else ()


def _other_words(word: str, rng: np.random.Generator) -> str:
    if word == "heavy":
        return str(rng.choice(["heavy", "fat", "chubby", "obese", "overweight", "big"]))
    if word == "thin":
        return str(rng.choice(["thin", "skinny", "slim", "lean", "gaunt"]))
    adjective, _, noun = word.partition(" ")
    if rng.random() < 0.5 or adjective not in ADJECTIVES:
        return word
    return f"{rng.choice(ADJECTIVES[adjective])} {noun}"


def _hair(style: str, colour: str, rng: np.random.Generator) -> str:
    family = style_family(style)
    words = str(rng.choice(HAIR_WORDS[family]))
    if family == "bald" or rng.random() < 0.4:
        return words
    if " hair" in words:
        return words.replace(" hair", f" {colour} hair", 1)
    return f"{words} and {colour} hair" if family not in ("balding", "receding") else words


def spoken_shapes(person: Attributes, sentence: str) -> np.ndarray:
    """(len(SHAPES),) whether a sentence about the person mentions that shape of theirs, in any of its wordings."""
    padded = f" {sentence.replace(',', ' ')} "
    spoken = [SHAPES[name].more_word if person.shapes.get(name, 0.0) > 0 else SHAPES[name].less_word for name in SHAPES]
    return np.array([word in person.words and any(f" {w} " in padded for w in _wordings(word)) for word in spoken])


def _wordings(word: str) -> list[str]:
    adjective, _, noun = word.partition(" ")
    return [word, *(f"{other} {noun}" for other in ADJECTIVES.get(adjective, ()))]


#: Features that decide a head, linear enough to describe how heads scatter.
FEATURES = ("female", "child", "young", "old", "african", "asian", "weight", *SHAPES)


def features(person: Attributes) -> np.ndarray:
    """The person as numbers, one per entry of FEATURES, each within about -1 to 1."""
    age = person.age
    ages = (max(0.0, (14 - age) / 10), max(0.0, (25 - abs(age - 25)) / 25), max(0.0, (age - 40) / 50))
    phenotype = (2 * person.gender - 1, *ages, person.ancestry["african"], person.ancestry["asian"], person.weight)
    return np.array([*phenotype, *(person.shapes.get(name, 0.0) for name in SHAPES)], dtype=np.float32)
