"""Phrases about features keep in a sentence what they say alone.

The embedding of a sentence is about a mean over its words: "a big nose" among five other things is a fifth of it, and
MLP_id answers with less of a big nose than to the same words alone. So the code of the sentence is compared with what
each of its phrases does by itself, and is given what is missing. This goes beyond the paper, in which the sentence's
embedding is all that MLP_id reads.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..types import Floats

#: The part of what a phrase does alone that it does at least in a sentence. Chosen by the compositions of the suite.
KEPT = 0.75
#: Ridge of the least squares that tells how much of each phrase is in the sentence, relative to the phrases' mean
#: squared length: phrases may say nearly the same.
RIDGE = 0.02


@dataclass(frozen=True)
class Phrases:
    """Embeddings of parts of a sentence.

    alone (P, D): of each of its phrases about a feature.
    rest (D,): of the sentence without them.
    neutral (D,): of words that tell nothing of anybody.
    """

    alone: Floats
    rest: Floats
    neutral: Floats

    def rows(self) -> Floats:
        """All of them (2 + P, D): rest, neutral, then the phrases."""
        return np.vstack([self.rest, self.neutral, self.alone])


def with_phrases(sentence: Floats, rest: Floats, alone: Floats) -> Floats:
    """The code of a sentence with what its phrases lost in it.

    sentence (C,): code of the sentence.
    rest (C,): code of the sentence without the phrases.
    alone (P, C): what each phrase changes by itself.
    Returns (C,).
    """
    moments = alone.astype(np.float64) @ alone.T
    moments += RIDGE * np.trace(moments) / len(moments) * np.eye(len(moments))
    if not moments.any():
        return sentence
    said = np.linalg.solve(moments, alone @ (sentence - rest).astype(np.float64))
    return np.asarray(sentence + np.maximum(KEPT - said, 0.0) @ alone, np.float32)
