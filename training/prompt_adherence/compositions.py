"""Sentences that ask for four things at once: gender, hair and two shapes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from clip_head.training.prompt_adherence.suite import Opposites

#: How many sentences; with 120 a fraction is known to about four hundredths.
COMPOSITIONS = 120
#: Seed of what the sentences ask for, so that all models are asked the same.
SEED = 7
#: What a sentence says of the age.
AGES = ("young", "middle-aged", "old")
#: Family of hair styles -> plain words for it.
PLAIN_HAIR = {"afro": "an afro", "bob": "a bob", "ponytail": "a ponytail", "mohawk": "a mohawk", "bun": "a bun",
              "curly": "short curly hair", "long": "long straight hair", "buzz": "a buzz cut"}  # fmt: skip
#: Each gender's opposite.
_OTHER = {"man": "woman", "woman": "man"}


@dataclass(frozen=True)
class Composition:
    """What one sentence asks for.

    gender: "man" or "woman".
    age: one of AGES.
    hair: a key of PLAIN_HAIR.
    first: the shape of which the sentence asks for more.
    second: the shape of which it asks for less.
    """

    gender: str
    age: str
    hair: str
    first: Opposites
    second: Opposites

    def prompt(self, *, gender_opposed: bool = False, first_opposed: bool = False, second_opposed: bool = False) -> str:
        """The sentence, with the opposite of one of its attributes if wanted.

        gender_opposed, first_opposed, second_opposed: whether to ask for the opposite of that attribute.
        """
        gender = _OTHER[self.gender] if gender_opposed else self.gender
        first = self.first.plain.less if first_opposed else self.first.plain.more
        second = self.second.plain.more if second_opposed else self.second.plain.less
        return f"a {self.age} {gender} with {PLAIN_HAIR[self.hair]}, {first} and {second}, smiling"


def draw_compositions(opposites: Sequence[Opposites]) -> list[Composition]:
    """COMPOSITIONS sentences, the same at every call.

    opposites: of which two with different measures are drawn for each; those that are whole prompts are left out.
    """
    rng = np.random.default_rng(SEED)
    shapes = [shape for shape in opposites if not shape.plain.more.startswith("=")]
    compositions = []
    for _ in range(COMPOSITIONS):
        first, second = (shapes[k] for k in rng.choice(len(shapes), 2, replace=False))
        while first.measure == second.measure:
            second = shapes[rng.integers(len(shapes))]
        hair, age = str(rng.choice(list(PLAIN_HAIR))), str(rng.choice(AGES))
        gender = "man" if rng.random() < 0.5 else "woman"
        compositions.append(Composition(gender, age, hair, first, second))
    return compositions
