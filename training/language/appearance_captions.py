"""What one would say of a head's looks: captions of many phrasings for teacher heads with an Appearance."""

from __future__ import annotations

from collections.abc import Mapping

from numpy.random import Generator

from clip_head.training.language.people_phrases import phrases
from clip_head.training.language.sentences import person_sentence, style_family
from clip_head.training.teacher.appearance import (
    AGED,
    ALIVE,
    BROWS,
    DYED,
    EVERYDAY,
    GROWN,
    TONES,
    TONES_OF,
    Appearance,
    ancestry_of,
)
from clip_head.training.teacher.dataset import Attributes

HAIR_NAMES: dict[str, tuple[str, ...]] = {
    "black": phrases("black; black; jet black; raven; raven black; ebony"),
    "dark brown": phrases("dark brown; dark brown; dark; brunette"),
    "brown": phrases("brown; brown; chestnut; chestnut brown"),
    "light brown": phrases("light brown; light brown; sandy; mousy"),
    "auburn": phrases("auburn; auburn; dark red; mahogany"),
    "red": phrases("red; red; ginger; copper; fiery red"),
    "strawberry blond": phrases("strawberry blond; strawberry blonde; reddish blond"),
    "blond": phrases("blond; blonde; golden; fair; golden blonde"),
    "platinum": phrases("platinum; platinum blond; platinum blonde; bleached"),
    "grey": phrases("grey; gray; iron grey; greying"),
    "silver": phrases("silver; silver; silvery"),
    "white": phrases("white; white; snow white"),
    "orange": phrases("orange; bright orange; dyed orange"),
    "green": phrases("green; dyed green; bright green"),
    "turquoise": phrases("turquoise; teal; dyed turquoise; cyan"),
    "blue": phrases("blue; dyed blue; bright blue"),
    "pink": phrases("pink; dyed pink; bright pink; hot pink"),
    "purple": phrases("purple; violet; dyed purple; lilac"),
}
EYE_NAMES: dict[str, tuple[str, ...]] = {
    "blue": phrases("blue; blue"),
    "bluegreen": phrases("blue-green; turquoise; teal"),
    "brown": phrases("brown; dark brown; dark"),
    "brownlight": phrases("light brown; brown"),
    "deepblue": phrases("deep blue; dark blue; violet"),
    "green": phrases("green; green; emerald"),
    "grey": phrases("grey; gray; steel grey"),
    "ice": phrases("pale green; icy"),
    "lightblue": phrases("light blue; bright blue; pale blue"),
    "hazel": phrases("hazel; hazel"),
    "amber": phrases("amber; golden"),
    "black": phrases("black; pitch black"),
    "red": phrases("red; glowing red; blood red; demonic red"),
    "yellow": phrases("yellow; bright yellow; cat-like yellow"),
    "white": phrases("white; blank white; milky"),
}
TONE_NAMES: dict[str, tuple[str, ...]] = {
    "pale": phrases("pale skin; white skin; very fair skin; porcelain skin; a pale complexion"),
    "fair": phrases("fair skin; light skin; a fair complexion"),
    "light": phrases("light skin; fair skin"),
    "olive": phrases("olive skin; light brown skin; an olive complexion"),
    "tanned": phrases("tanned skin; a suntan; bronzed skin; a tan"),
    "brown": phrases("brown skin; dark skin"),
    "dark": phrases("dark skin; dark brown skin; black skin"),
    "very dark": phrases("very dark skin; black skin; ebony skin"),
}
UNDERTONE_NAMES: dict[str, tuple[str, ...]] = {
    "warm": phrases("a warm undertone; warm golden skin; golden skin"),
    "cool": phrases("a cool undertone; cool rosy skin; pinkish skin"),
    "olive": phrases("an olive undertone; greenish olive skin"),
}
BROW_NAMES: dict[str, tuple[str, ...]] = {
    "soft": ("soft eyebrows", "natural eyebrows"),
    "arched": ("arched eyebrows", "high arched brows"),
    "straight": ("straight eyebrows", "straight brows"),
    "slanted": ("slanted eyebrows", "angled brows"),
    "thin": ("thin eyebrows", "plucked eyebrows", "thin brows"),
    "thick": ("thick eyebrows", "strong eyebrows", "thick brows"),
    "bushy": ("bushy eyebrows", "bushy brows", "wild eyebrows"),
}
BEARD_NAMES: dict[str, tuple[str, ...]] = {
    "stubble": phrases("stubble; a stubbly chin; a five o'clock shadow; a three-day beard; an unshaven face"),
    "moustache": phrases("a moustache; a mustache"),
    "goatee": phrases("a goatee; a goatee beard; a chin beard"),
    "full": phrases("a beard; a full beard; a bushy beard; a thick beard"),
    "long": phrases("a long beard; a very long beard; a long flowing beard"),
}
LIP_NAMES: dict[str, tuple[str, ...]] = {
    "pink": ("pink lips", "pink lipstick"),
    "red": phrases("red lips; red lipstick; bright red lipstick; crimson lips"),
    "dark": phrases("dark lips; dark lipstick; burgundy lipstick"),
    "black": phrases("black lips; black lipstick"),
    "purple": phrases("purple lips; purple lipstick; violet lipstick"),
}
MAKE_UP_NAMES: dict[str, tuple[str, ...]] = {
    "natural": phrases("makeup; natural makeup; light makeup"),
    "smoky": phrases("smoky eyes; dark eyeshadow; heavy eye makeup; smoky eye makeup"),
    "blue shadow": phrases("blue eyeshadow; blue eye makeup"),
    "glitter": phrases("glitter makeup; glitter on the face; sparkling eyeshadow; glittery eyes"),
    "joker": phrases("joker makeup; joker makeup; the joker's makeup; joker face paint"),
    "clown": phrases("clown makeup; clown makeup; a clown face; clown face paint"),
    "skull": phrases("skull makeup; skull face paint; a skull painted on the face; sugar skull paint"),
    "zombie": phrases("zombie makeup; zombie skin; the face of a zombie; rotting skin"),
    "football": phrases("football face paint; a flag painted on the face; face paint of a football fan"),
    "tribal": phrases("tribal face paint; war paint; tribal paint"),
    "goth": phrases("goth makeup; gothic makeup; black goth eye makeup"),
    "mime": phrases("mime makeup; a white mime face; pierrot makeup"),
    "vampire": phrases("vampire makeup; vampire skin; the pale face of a vampire"),
    "cat": phrases("cat face paint; cat makeup; painted whiskers"),
    "tiger": phrases("tiger face paint; tiger makeup; a tiger painted on the face"),
}
#: What someone in this make-up is called.
PERSONAS: dict[str, tuple[str, ...]] = {
    "joker": ("the joker", "a joker"),
    "clown": ("a clown", "a circus clown", "a scary clown"),
    "skull": ("a skull face", "a skeleton"),
    "zombie": phrases("a zombie; an undead; the walking dead; a rotting corpse; a ghoul"),
    "football": ("a football fan", "a soccer fan"),
    "tribal": ("a warrior in war paint", "a tribal warrior"),
    "goth": phrases("a goth; a goth; a gothic person"),
    "mime": phrases("a mime; a mime artist; a pierrot"),
    "vampire": phrases("a vampire; dracula; a bloodsucker; a nosferatu"),
    "cat": ("a person painted as a cat",),
    "tiger": ("a person painted as a tiger",),
}
SCAR_NAMES: dict[str, tuple[str, ...]] = {
    "cheek": phrases("a scar; a scar on the cheek; a scarred cheek; a scar across the cheek"),
    "eye": phrases("a scar over the eye; a scar across the eye; a scarred eye"),
    "forehead": phrases("a scar on the forehead; a scarred forehead"),
}
TATTOO_NAMES: dict[str, tuple[str, ...]] = {
    "temple": phrases("a face tattoo; a tribal tattoo on the temple; a tattooed face"),
    "cheek": phrases("a tattoo on the cheek; a tribal tattoo on the cheek; a tattooed cheek"),
    "teardrop": phrases("a teardrop tattoo; a tear tattoo under the eye"),
    "chin": phrases("a chin tattoo; lines tattooed on the chin; a tattooed chin"),
}
MATERIAL_NAMES: dict[str, tuple[str, ...]] = {
    "marble": phrases("a marble statue; a bust of white marble; a marble sculpture; a marble bust"),
    "bronze": phrases("a bronze statue; a bust of bronze; a bronze bust"),
    "gold": phrases("a golden statue; a head of gold; a golden mask; a gold statue"),
    "silver": phrases("a silver statue; a bust of silver; a head of polished silver"),
    "clay": phrases("a clay sculpture; a terracotta bust; a head of clay"),
    "wood": phrases("a wooden sculpture; a head carved from wood; a wooden bust"),
    "stone": phrases("a stone statue; a head of grey stone; a granite bust"),
    "wax": phrases("a wax figure; a wax bust; a head of wax"),
    "porcelain": phrases("a porcelain doll; a porcelain bust; a head of white porcelain"),
    "robot": phrases("a robot; a robot; an android; a cyborg with metal skin; a metal robot head"),
    "blue": phrases("a blue alien; an avatar with blue skin; a smurf; someone with blue skin"),
    "green": phrases("an orc with green skin; an orc; a goblin; a witch with green skin; a troll; a person with "
                     "green skin"),
    "grey alien": phrases("an alien; an alien; a grey alien; an extraterrestrial; a roswell alien"),
    "green alien": phrases("a green alien; a martian; a little green man"),
    "red": phrases("a devil; a demon; a red devil; a demon with red skin; satan"),
    "elf": phrases("an elf; an elf; a high elf; a fairy; an elven face"),
    "cartoon": phrases("a cartoon character; a cartoon face; a pixar character; a cartoon person; an anime character"),
}  # fmt: skip
#: Kinds of people that say nothing of paint: gender (0 male, 1 female, None), from age, to age -> nouns.
TYPES: dict[tuple[int | None, int, int], tuple[str, ...]] = {
    (None, 16, 55): phrases(
        "punk; rocker; biker; gangster; boxer; caveman; pirate; nurse; teacher; hippie; rapper; hipster; surfer; "
        "ninja; soldier; firefighter; cyclist; nerd; criminal; spy; detective; gamer; thief; farmer; mechanic"
    ),
    (0, 18, 60): phrases("samurai; viking; knight; cowboy; lumberjack; sailor; king; roman soldier; caveman; prince"),
    (1, 18, 60): phrases("witch; queen; cavewoman; supermodel; amazon; ballerina; princess"),
    (0, 30, 91): phrases("monk; priest; bishop; professor; judge; butler; philosopher; sea captain"),
    (1, 30, 91): phrases("nun; abbess; headmistress; fortune teller; countess"),
    (0, 60, 91): phrases("wizard; grandpa; grandad; sorcerer; druid; old sailor; hermit; old pirate"),
    (1, 60, 91): phrases("grandma; nana; old witch; crone; babushka"),
    (None, 4, 7): phrases("baby; little kid"),
    (None, 6, 13): phrases("schoolchild; boy scout; kid; pupil"),
}
_AGED_TYPES = ("wizard", "grandpa", "grandad", "sorcerer", "druid", "grandma", "nana")
_OPENINGS = ("", "", "", "face of ", "A face of ", "a portrait of ", "head of ", "texture of ")


def caption(attributes: Attributes, appearance: Appearance, style: str, expression: str | None, rng: Generator) -> str:
    """A sentence that is true of the head; it is silent about most of what is true, seldom about what is striking.

    style: the hair style's name in the teacher dataset; expression: how one says the expression, "" for none.
    """
    if appearance.material != "none":
        return _statue(attributes, appearance, style, expression, rng)
    surprising = has_hair(style) and _surprises(attributes, appearance)
    if appearance.make_up in PERSONAS and rng.random() < 0.25:
        persona = str(rng.choice(PERSONAS[appearance.make_up]))
        hair = f" with {_hair(appearance, rng)}" if has_hair(style) and (surprising or rng.random() < 0.5) else ""
        return str(rng.choice(_OPENINGS)) + persona + hair + (f", {expression}" if expression else "")
    if rng.random() < 0.12:
        return _template(attributes, appearance, style, expression, rng)
    asides = _drawn_looks(appearance, rng, _always(_odd_tone(ancestry_of(attributes), appearance)))
    if appearance.make_up in EVERYDAY and rng.random() < 0.2 and (kinds := _types(attributes, appearance)):
        told = [_hair(appearance, rng)] if has_hair(style) and (surprising or rng.random() < 0.4) else []
        kind = str(rng.choice(kinds))
        people = f"{attributes.ancestry_word} " if attributes.ancestry_word != "mixed" and rng.random() < 0.3 else ""
        words = " and ".join([*told, *asides])
        sentence = f"{rng.choice(_OPENINGS)}{_article(people + kind)} {people}{kind}" + (
            f" with {words}" if words else ""
        )
        return sentence + (f", {expression}" if expression else "")
    colour = str(rng.choice(HAIR_NAMES[appearance.hair]))
    sentence = person_sentence(attributes, style, rng, expression or "", colour, asides)
    if (
        not has_hair(style)
        or colour in sentence
        or (not surprising and rng.random() > (0.93 if appearance.hair in _STRIKING else 0.55))
    ):
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
    words = _drawn_looks(appearance, rng, _always(all(_odd_tone(people, appearance) for people in TONES_OF)))
    if has_hair(style) and (appearance.hair in (*DYED, *AGED) or rng.random() < 0.6):
        words.append(_hair(appearance, rng))
    if not words:
        true = looks(appearance)
        words = [str(rng.choice(true.get("make-up", TONE_NAMES[appearance.tone])))]
    rng.shuffle(words)
    return ", ".join(words)


def brief_caption(attributes: Attributes, appearance: Appearance, style: str, rng: Generator) -> str:
    """As few words as prompts have, "an old woman with blue eyeshadow": who it is, and of the colours only what nobody
    would expect unless it is said."""
    if appearance.material != "none":
        return _statue(attributes, appearance, style, None, rng)
    silent = dict.fromkeys(("tone", "eyes", "undertone", "brows", "age_spots"), 0.0)
    told = _drawn_looks(appearance, rng, {**silent, **_always(_odd_tone(ancestry_of(attributes), appearance))})
    unexpected = _surprises(attributes, appearance) or appearance.hair in set(_STRIKING) - set(AGED)
    if has_hair(style) and rng.random() < (0.93 if unexpected else 0.25):
        told.append(_hair(appearance, rng))
    rng.shuffle(told)
    ancestry = attributes.ancestry_word if attributes.ancestry_word != "mixed" and rng.random() < 0.3 else ""
    who = " ".join(word for word in (attributes.age_word, ancestry, attributes.noun) if word)
    return f"{_article(who)} {who}" + (f" with {' and '.join(told)}" if told else "")


def looks(appearance: Appearance) -> dict[str, tuple[str, ...]]:
    """What is true of the colours beside the hair's: subject -> the ways to say it."""
    plain = appearance.make_up in EVERYDAY
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
    where = "left" if appearance.side > 0 else "right"
    if appearance.scar != "none":
        true["scar"] = _sided(SCAR_NAMES[appearance.scar], where, appearance.side)
    if appearance.tattoo != "none":
        names = TATTOO_NAMES[appearance.tattoo]
        true["tattoo"] = names if appearance.tattoo == "chin" else _sided(names, where, appearance.side)
    if appearance.eyes in ("black", "red", "yellow", "white") and not plain:
        true["strange eyes"] = tuple(f"{name} eyes" for name in EYE_NAMES[appearance.eyes])
    if plain:
        if appearance.undertone != "neutral":
            true["undertone"] = UNDERTONE_NAMES[appearance.undertone]
        for subject, ways in ON_SKIN.items():
            if getattr(appearance, subject) > 0.3:
                true[subject] = ways
        true["tone"] = TONE_NAMES[appearance.tone]
        # All but brown eyes are mostly spoken of, so that eyes of which nothing is said are brown, not of all colours.
        subject = "eyes" if appearance.eyes == "brown" else "odd eyes"
        true[subject] = tuple(f"{name} eyes" for name in EYE_NAMES[appearance.eyes])
        if appearance.flush > 0.7:
            true["flush"] = ("rosy cheeks", "red cheeks", "flushed cheeks")
        if appearance.brows in BROWS:
            true["brows"] = BROW_NAMES[BROWS[appearance.brows]]
    return true


#: What is on the skin, by field of Appearance.
ON_SKIN: dict[str, tuple[str, ...]] = {
    "freckles": phrases("freckles; a freckled face; freckled skin; many freckles; a freckly nose; a spray of freckles"),
    "moles": phrases("moles; beauty spots; moles on the face"),
    "blemishes": phrases("acne; pimples; blemished skin; spots and pimples; bad skin; zits; a pimply face"),
    "age_spots": phrases("age spots; liver spots; old spotted skin"),
    "sunburn": phrases("sunburn; a sunburnt face; sunburned skin; a red sunburnt nose"),
}


def _sided(names: tuple[str, ...], where: str, side: int) -> tuple[str, ...]:
    """The ways to say it, of its side too; always where it is the less common one."""
    told = tuple(
        name.replace(" the ", f" the {where} ", 1) if " the " in name else f"{name} on the {where} side"
        for name in names
    )
    told = tuple(name.replace(f"the {where} forehead", f"the {where} of the forehead") for name in told)
    return told if side < 0 else (*names, *told)


def _surprises(attributes: Attributes, appearance: Appearance) -> bool:
    """Whether the hair has a colour that one would not take for granted."""
    if appearance.make_up == "joker" and appearance.hair == "green":
        return False
    usual: tuple[str, ...] = tuple(GROWN[ancestry_of(attributes)]) if attributes.age < 58 else AGED
    return appearance.hair not in usual


def _types(attributes: Attributes, appearance: Appearance) -> list[str]:
    """Kinds of people that this one may be taken for."""
    gender = 0 if attributes.gender < 0.5 else 1
    found = [
        name
        for (who, youngest, oldest), names in TYPES.items()
        if who in (None, gender) and youngest <= attributes.age < oldest
        for name in names
    ]
    return [name for name in found if name not in _AGED_TYPES or appearance.hair in AGED]


def has_hair(style: str) -> bool:
    """Whether a style shows hair whose colour one would name."""
    return style_family(style) != "bald"


_STRIKING = (*DYED, *AGED, "red", "strawberry blond", "auburn", "blond", "platinum")
#: How often a subject of looks() is spoken of.
_SPOKEN: dict[str, float] = {
    "make-up": 0.97, "beard": 0.95, "lips": 0.95, "freckles": 0.9, "flush": 0.85, "tone": 0.6, "eyes": 0.35,
    "scar": 0.97, "tattoo": 0.97, "moles": 0.9, "blemishes": 0.93, "sunburn": 0.95, "age_spots": 0.25,
    "undertone": 0.25, "strange eyes": 0.6, "odd eyes": 0.9, "brows": 0.25,
}  # fmt: skip


def _drawn_looks(appearance: Appearance, rng: Generator, often: Mapping[str, float]) -> list[str]:
    """What is said of the colours; often: by subject, where another share than _SPOKEN's."""
    shares = {**_SPOKEN, **often}
    return [
        str(rng.choice(ways)) for subject, ways in looks(appearance).items() if rng.random() < shares.get(subject, 0.3)
    ]


def _always(odd_tone: bool) -> Mapping[str, float]:
    """An odd tone is always spoken of, or nearly so."""
    return {"tone": 0.97} if odd_tone else {}


def _odd_tone(people: str, appearance: Appearance) -> bool:
    """Whether the skin has a tone that is rare among people of this ancestry, or hair that does not grow there: who
    hears of red hair and of nothing else expects the skin of those who have it."""
    grows = appearance.hair in (*GROWN[people], *DYED, *AGED)
    return TONES_OF[people][list(TONES).index(appearance.tone)] < 0.5 or not grows


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
    return f"A face of {_article(who)} {who}{hair}{worn}" + (f", {expression}" if expression else "")


def _statue(attributes: Attributes, appearance: Appearance, style: str, expression: str | None, rng: Generator) -> str:
    who = " ".join(word for word in (attributes.age_word, attributes.noun) if word)
    words = str(rng.choice(MATERIAL_NAMES[appearance.material]))
    if "head" not in words and "bust" not in words:
        words = str(rng.choice(_OPENINGS)) + words
    if "statue" in words or "bust" in words or "head of" in words:
        words += f" of {_article(who)} {who}" if rng.random() < 0.5 else ""
    if appearance.material in ALIVE and has_hair(style) and rng.random() < (0.97 if appearance.hair in DYED else 0.5):
        words += f"{' and' if ' with ' in words else ' with'} {_hair(appearance, rng)}"
    return words + (f", {expression}" if expression else "")


def _article(words: str) -> str:
    return "an" if words[:1] in "aeiou" else "a"
