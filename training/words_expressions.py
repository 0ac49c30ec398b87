"""What people say for the 23 named expressions, and the sentences of the paper's template around it."""

from __future__ import annotations

import numpy as np

#: Expression -> the words for it, as they follow a comma ("an old man, laughing").
PHRASES: dict[str, tuple[str, ...]] = {
    "neutral": (
        "neutral expression", "expressionless", "with a blank face", "calm", "relaxed face", "with a straight face",
        "deadpan", "poker face", "no expression", "at rest", "with a neutral look", "serious", "composed",
    ),
    "happy": (
        "smiling", "happy", "with a smile", "cheerful", "grinning", "with a big smile", "joyful", "smiling happily",
        "beaming", "with a friendly smile", "pleased", "delighted", "with a wide grin", "glad", "smiling warmly",
        "in a good mood", "who smiles", "with a happy face", "smile", "merry",
    ),
    "laughing": (
        "laughing", "laughing out loud", "with a hearty laugh", "cracking up", "laughing hard", "giggling", "chuckling",
        "roaring with laughter", "bursting with laughter", "laughing with an open mouth", "who laughs", "laugh",
        "hysterical with laughter", "in stitches",
    ),
    "sad": (
        "sad", "unhappy", "looking sad", "sorrowful", "gloomy", "depressed", "downcast", "melancholic", "mournful",
        "with a sad face", "heartbroken", "frowning sadly", "miserable", "dejected", "sadness",
    ),
    "crying": (
        "crying", "weeping", "sobbing", "in tears", "bawling", "crying hard", "bursting into tears", "wailing",
        "with a tearful face", "who cries", "crying out loud",
    ),
    "angry": (
        "angry", "mad", "frowning angrily", "with an angry look", "scowling", "glaring", "annoyed", "irritated",
        "cross", "with furrowed brows", "grim and angry", "with an angry frown", "anger",
    ),
    "furious": (
        "furious", "enraged", "shouting with rage", "screaming in anger", "raging", "yelling angrily", "livid",
        "snarling", "in a rage", "screaming", "shouting", "roaring with anger", "yelling",
    ),
    "surprised": (
        "surprised", "astonished", "amazed", "with mouth wide open", "shocked", "stunned", "in awe", "gasping",
        "with wide eyes and open mouth", "startled", "mouth agape", "open-mouthed", "jaw dropped", "surprise",
    ),
    "fearful": (
        "fearful", "afraid", "scared", "terrified", "frightened", "horrified", "in fear", "panicking", "in terror",
        "with a frightened look", "petrified with fear",
    ),
    "disgusted": (
        "disgusted", "with a look of disgust", "revolted", "grossed out", "repulsed", "wrinkling the nose in disgust",
        "sickened", "nauseated", "disgust", "with a disgusted face",
    ),
    "contemptuous": (
        "contemptuous", "scornful", "sneering", "with contempt", "disdainful", "looking down with contempt",
        "condescending", "with a sneer", "full of scorn",
    ),
    "pouting": (
        "pouting", "sulking", "with a pout", "sulky", "pouting lips", "with the lower lip pushed out", "sullen",
        "grumpy", "moody and sulking", "pouty",
    ),
    "kissing": (
        "kissing", "puckering the lips", "blowing a kiss", "giving a kiss", "with puckered lips", "kiss face",
        "with lips pursed for a kiss", "about to kiss", "duck face",
    ),
    "smirking": (
        "smirking", "with a smirk", "with a lopsided smile", "with a sly smile", "with a crooked smile", "smug",
        "half smiling", "with a cheeky half smile", "smirk", "with a mischievous grin",
    ),
    "winking": (
        "winking", "with a wink", "giving a wink", "winking with one eye", "one eye closed", "winking playfully",
        "wink",
    ),
    "sleeping": (
        "sleeping", "asleep", "with closed eyes", "eyes closed", "eyes shut", "napping", "dozing", "fast asleep",
        "slumbering", "with both eyes closed", "resting with shut eyes",
    ),
    "squinting": (
        "squinting", "narrowing the eyes", "with narrowed eyes", "squinting into the sun", "with squinted eyes",
        "peering", "with screwed up eyes",
    ),
    "yawning": (
        "yawning", "with a big yawn", "sleepily yawning", "tired and yawning", "yawn", "yawning widely",
        "in the middle of a yawn",
    ),
    "whistling": (
        "whistling", "whistling a tune", "lips rounded to whistle", "with whistling lips", "saying ooh",
        "whistle", "pursing the lips to whistle",
    ),
    "sticking the tongue out": (
        "sticking the tongue out", "sticking out his tongue", "sticking out her tongue", "with tongue out",
        "tongue sticking out", "showing the tongue", "tongue out", "poking out the tongue",
    ),
    "puffing the cheeks": (
        "puffing the cheeks", "with puffed cheeks", "blowing up the cheeks", "with inflated cheeks",
        "cheeks puffed out", "holding breath with full cheeks", "puffed up cheeks",
    ),
    "worried": (
        "worried", "anxious", "concerned", "nervous", "looking worried", "with a worried look", "troubled", "uneasy",
        "apprehensive", "stressed", "with a concerned face",
    ),
    "grimacing": (
        "grimacing", "baring the teeth", "with clenched teeth", "making a grimace", "in pain", "wincing",
        "gritting the teeth", "with a pained grimace", "teeth clenched", "showing teeth",
    ),
}  # fmt: skip

#: Phrases that no training sees: one wording in five, spread over all expressions.
HELD_OUT = frozenset(
    phrase for name, phrases in PHRASES.items() if name != "neutral" for phrase in phrases[3::5]
)  # the first three of each are the plainest words, always trained on

AGES = ("young", "middle-age", "middle-aged", "old", "elderly", "")
ETHNICITIES = ("african", "asian", "caucasian", "black", "white", "east asian", "european", "indian", "latino", "")
NOUNS = ("man", "woman", "person", "boy", "girl", "guy", "lady", "child", "gentleman", "grandmother", "grandfather")
COLOURS = ("black", "brown", "blond", "red", "grey", "white", "dark", "blue", "pink", "green")
#: Things a prompt says of a head that are no expression, the tempting ones included.
ASIDES = (
    "with joker makeup", "with clown makeup", "with a big nose", "with a beard", "with a moustache", "with red lips",
    "with lipstick", "with freckles", "with blue eyes", "with green eyes", "with big ears", "with a wide jaw",
    "with wrinkles", "with pale skin", "with dark skin", "bald", "with full lips", "with bushy eyebrows",
    "with long hair", "with stubble", "with smoky eye makeup", "with a wide mouth", "with small eyes", "chubby",
    "with a thin face", "with vampire makeup", "with zombie makeup", "with heavy makeup", "with a small mouth",
    "with hooded eyes", "with droopy eyes", "with big eyes", "with chubby cheeks", "with narrow eyes", "with war paint",
)  # fmt: skip


def expression_sentence(phrase: str, rng: np.random.Generator) -> str:
    """A sentence that says the phrase (or nothing of expression, for ""), of somebody at random.

    Most follow the paper: "A face of a {age} {ethnicity} {person} with {colour} hair, {expression}".
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


def draw_expression(rng: np.random.Generator, held_out: bool = False) -> tuple[str, str]:
    """An expression's name and a phrase for it; three in ten say nothing, which means neutral."""
    if not held_out and rng.random() < 0.3:
        return "neutral", ""
    name = str(rng.choice(list(PHRASES)))
    phrases = [phrase for phrase in PHRASES[name] if (phrase in HELD_OUT) == held_out]
    if not phrases:
        return draw_expression(rng, held_out)
    return name, str(rng.choice(phrases))
