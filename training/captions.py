"""What one would say of a head's looks: captions of many phrasings for teacher heads with an Appearance."""

from __future__ import annotations

from numpy.random import Generator

from clip_head.training.skins.appearance import Appearance
from clip_head.training.teacher.dataset import Attributes
from clip_head.training.words_people import person_sentence, style_family

HAIR_NAMES: dict[str, tuple[str, ...]] = {
    "black": ("black", "black", "jet black", "raven", "dark"),
    "dark brown": ("dark brown", "dark brown", "dark", "brunette"),
    "brown": ("brown", "brown", "chestnut"),
    "blond": ("blond", "blonde", "golden", "fair"),
    "red": ("red", "red", "ginger", "orange"),
    "grey": ("grey", "gray", "silver"),
    "white": ("white", "white", "snow white"),
    "green": ("green", "dyed green", "bright green"),
    "blue": ("blue", "dyed blue", "bright blue"),
    "pink": ("pink", "dyed pink", "bright pink"),
    "purple": ("purple", "violet", "dyed purple"),
}
EYE_NAMES: dict[str, tuple[str, ...]] = {
    "blue": ("blue", "blue"),
    "bluegreen": ("blue-green", "turquoise"),
    "brown": ("brown", "dark brown", "dark"),
    "brownlight": ("light brown", "hazel", "amber"),
    "deepblue": ("deep blue", "violet", "dark blue"),
    "green": ("green", "green"),
    "grey": ("grey", "gray"),
    "ice": ("pale green", "icy"),
    "lightblue": ("light blue", "bright blue"),
}
TONE_NAMES: dict[str, tuple[str, ...]] = {
    "pale": ("pale skin", "white skin", "very fair skin"),
    "fair": ("fair skin", "light skin"),
    "light": ("light skin", "fair skin"),
    "olive": ("olive skin", "light brown skin"),
    "tanned": ("tanned skin", "a suntan", "bronzed skin"),
    "brown": ("brown skin", "dark skin"),
    "dark": ("dark skin", "dark brown skin", "black skin"),
    "very dark": ("very dark skin", "black skin", "ebony skin"),
}
BEARD_NAMES: dict[str, tuple[str, ...]] = {
    "stubble": ("stubble", "a stubbly chin", "a five o'clock shadow", "a three-day beard"),
    "moustache": ("a moustache", "a mustache"),
    "goatee": ("a goatee", "a goatee beard", "a chin beard"),
    "full": ("a beard", "a full beard", "a bushy beard", "a thick beard"),
}
LIP_NAMES: dict[str, tuple[str, ...]] = {
    "pink": ("pink lips", "pink lipstick"),
    "red": ("red lips", "red lipstick", "bright red lipstick"),
    "dark": ("dark lips", "dark lipstick", "black lipstick"),
}
MAKE_UP_NAMES: dict[str, tuple[str, ...]] = {
    "natural": ("makeup", "natural makeup", "light makeup"),
    "smoky": ("smoky eyes", "dark eyeshadow", "heavy eye makeup", "smoky eye makeup"),
    "joker": ("joker makeup", "joker makeup", "the joker's makeup", "joker face paint"),
    "clown": ("clown makeup", "clown makeup", "a clown face", "clown face paint"),
    "skull": ("skull makeup", "skull face paint", "a skull painted on the face"),
    "zombie": ("zombie makeup", "zombie skin", "the face of a zombie"),
    "football": ("football face paint", "a flag painted on the face", "face paint of a football fan"),
    "tribal": ("tribal face paint", "war paint", "tribal paint"),
}
#: What someone in this make-up is called.
PERSONAS: dict[str, tuple[str, ...]] = {
    "joker": ("the joker", "a joker"),
    "clown": ("a clown", "a circus clown"),
    "skull": ("a skull face", "a skeleton"),
    "zombie": ("a zombie", "an undead"),
    "football": ("a football fan", "a soccer fan"),
    "tribal": ("a warrior", "a tribal warrior"),
}
MATERIAL_NAMES: dict[str, tuple[str, ...]] = {
    "marble": ("a marble statue", "a bust of white marble", "a marble sculpture"),
    "bronze": ("a bronze statue", "a bust of bronze"),
    "gold": ("a golden statue", "a head of gold", "a golden mask"),
    "stone": ("a stone statue", "a head of grey stone"),
    "blue": ("a blue alien", "an avatar with blue skin"),
    "green": ("a green alien", "an orc with green skin"),
}
_OPENINGS = ("", "", "", "face of ", "A face of ", "a portrait of ", "head of ", "texture of ")


def caption(attributes: Attributes, appearance: Appearance, style: str, expression: str | None, rng: Generator) -> str:
    """A sentence that is true of the head; it is silent about most of what is true, seldom about what is striking.

    style: the hair style's name in the teacher dataset; expression: how one says the expression, "" for none.
    """
    if appearance.material != "none":
        return _statue(attributes, appearance, expression, rng)
    if appearance.make_up in PERSONAS and rng.random() < 0.25:
        persona = str(rng.choice(PERSONAS[appearance.make_up]))
        hair = f" with {_hair(appearance, rng)}" if has_hair(style) and rng.random() < 0.5 else ""
        return str(rng.choice(_OPENINGS)) + persona + hair + (f", {expression}" if expression else "")
    if rng.random() < 0.12:
        return _template(attributes, appearance, style, expression, rng)
    asides = _drawn_looks(appearance, rng)
    colour = str(rng.choice(HAIR_NAMES[appearance.hair]))
    sentence = person_sentence(attributes, style, rng, expression or "", colour, asides)
    if not has_hair(style) or colour in sentence or rng.random() > (0.93 if appearance.hair in _STRIKING else 0.55):
        return sentence
    if " hair" in sentence:  # how it is worn has been said
        return sentence.replace(" hair", f" {colour} hair", 1)
    return (
        f"{sentence}, {colour} hair"
        if rng.random() < 0.5 or " with " not in sentence
        else (sentence.replace(" with ", f" with {colour} hair and ", 1))
    )


def skin_caption(appearance: Appearance, style: str, rng: Generator) -> str:
    """Words for the colours alone, as for the skin field of a request: "joker makeup, green hair"."""
    if appearance.material != "none":
        return str(rng.choice(MATERIAL_NAMES[appearance.material]))
    words = _drawn_looks(appearance, rng)
    if has_hair(style) and rng.random() < 0.6:
        words.append(_hair(appearance, rng))
    if not words:
        true = looks(appearance)
        words = [str(rng.choice(true.get("make-up", TONE_NAMES[appearance.tone])))]
    rng.shuffle(words)
    return ", ".join(words)


def identity_caption(attributes: Attributes, style: str, rng: Generator) -> str:
    """Words for who it is alone."""
    return person_sentence(attributes, style, rng, "", None, [])


def looks(appearance: Appearance) -> dict[str, tuple[str, ...]]:
    """What is true of the colours beside the hair's: subject -> the ways to say it."""
    plain = appearance.make_up in ("none", "natural", "smoky")
    true: dict[str, tuple[str, ...]] = {}
    if appearance.make_up != "none":
        true["make-up"] = MAKE_UP_NAMES[appearance.make_up]
    if appearance.beard != "none":
        names, colours = BEARD_NAMES[appearance.beard], HAIR_NAMES[appearance.own_hair]
        true["beard"] = names * len(colours)
        if appearance.beard != "stubble":
            true["beard"] += tuple(f"a {colour} {name[2:]}" for colour in colours for name in names)
    if appearance.lips != "natural":
        true["lips"] = LIP_NAMES[appearance.lips]
    if plain:
        true["tone"] = TONE_NAMES[appearance.tone]
        true["eyes"] = tuple(f"{name} eyes" for name in EYE_NAMES[appearance.eyes])
        if appearance.freckles > 0:
            true["freckles"] = ("freckles", "a freckled face")
        if appearance.flush > 0.7:
            true["flush"] = ("rosy cheeks", "red cheeks", "flushed cheeks")
        if appearance.brows == 9 or appearance.brow_weight > 1.45:
            true["brows"] = ("bushy eyebrows", "thick eyebrows")
        elif appearance.brows in (6, 7):
            true["brows"] = ("thin eyebrows", "plucked eyebrows")
    return true


def has_hair(style: str) -> bool:
    """Whether a style shows hair whose colour one would name."""
    return style_family(style) != "bald"


_STRIKING = ("green", "blue", "pink", "purple", "red", "white", "grey", "blond")
#: How often a subject of looks() is spoken of.
_SPOKEN = {"make-up": 0.97, "beard": 0.95, "lips": 0.95, "freckles": 0.85, "flush": 0.8, "tone": 0.3, "eyes": 0.3}


def _drawn_looks(appearance: Appearance, rng: Generator) -> list[str]:
    true = looks(appearance)
    return [str(rng.choice(ways)) for subject, ways in true.items() if rng.random() < _SPOKEN.get(subject, 0.3)]


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
    worn = "".join(f" and {rng.choice(true[subject])}" for subject in ("make-up", "beard", "lips") if subject in true)
    return f"A face of {_article(who)} {who}{hair}{worn}" + (f", {expression}" if expression else "")


def _statue(attributes: Attributes, appearance: Appearance, expression: str | None, rng: Generator) -> str:
    who = " ".join(word for word in (attributes.age_word, attributes.noun) if word)
    words = str(rng.choice(MATERIAL_NAMES[appearance.material]))
    if "head" not in words and "bust" not in words:
        words = str(rng.choice(_OPENINGS)) + words
    if "statue" in words or "bust" in words or "head of" in words:
        words += f" of {_article(who)} {who}" if rng.random() < 0.5 else ""
    return words + (f", {expression}" if expression else "")


def _article(words: str) -> str:
    return "an" if words[:1] in "aeiou" else "a"
