"""What MLP_id learns from: embeddings of sentences and of renders, each with the head that it describes or shows; and
what the network of the deviations around it does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from clip_head.core.mapping.mapping import Readings
from clip_head.core.types import Floats
from clip_head.training.language.hair import HIDDEN_BY, STYLES
from clip_head.training.mapping.descriptions import SHAPE_EXTREMES, region
from clip_head.training.mapping.pairs import PHENOTYPE_AXES, VARIATION_AXES, Pairs
from clip_head.training.teacher.identities import SHAPES

#: Standard deviation of people along the axes of variation where a sentence leaves them open, in units of the axes.
#: Age varies little, for somebody of no mentioned age is taken for an adult. Ancestry varies as it does in the world,
#: round equal parts of the three: about as many look African, Asian and European, and most are of several.
OPEN_DEVIATION = {"female": 0.5, "old": 0.25, "african": 0.45, "asian": 0.45, "weight": 0.25}
#: The same for a shape: where the sentence mentions neither it nor its region; where it mentions another shape of its
#: region; and where it mentions this one. The last is that of gender, age, ancestry and weight, too, where they are
#: mentioned: the seed must not undo what the words ask for.
OPEN_SHAPE_DEVIATION, SAME_REGION_DEVIATION, MENTIONED_DEVIATION = 0.28, 0.12, 0.05


@dataclass(frozen=True)
class Examples:
    """N examples for MLP_id.

    embedding: (N, D) of a sentence or a render, of length 1.
    target: (N, C + E) components of the person without shapes, then values of the extremes of shapes.
    mentioned: (N, C + E) 1 where the sentence mentions that value, else 0; 0 for renders.
    styles: (N, S + 1) probability of each hair style; the last is bald.
    beards: (N, B + 1) probability of each beard; the last is none.
    beard_said: (N,) 1 where a sentence mentions a beard, or that there is none, or a render shows one; else 0.
    """

    embedding: torch.Tensor
    target: torch.Tensor
    mentioned: torch.Tensor
    styles: torch.Tensor
    beards: torch.Tensor
    beard_said: torch.Tensor


def sentence_examples(pairs: Pairs, embedding: torch.Tensor) -> Examples:
    """The first N sentences about heads, as examples.

    pairs: captions and codes.
    embedding: (N, D) of the sentences.
    """
    count = len(embedding)
    person = pairs.person[:count]
    one_hot_rows = np.append(np.eye(len(STYLES) + 1), np.zeros((1, len(STYLES) + 1)), axis=0)  # row -1 is zero
    styles = one_hot_rows[pairs.style[:count]]
    open_style = pairs.style[:count] < 0
    styles[open_style] = styles_that_show(pairs.ends[:count][open_style], pairs.worn[person[open_style]])
    target = np.hstack([pairs.people[person], pairs.ends[:count]])
    mentioned = np.hstack([np.zeros_like(pairs.people[person]), pairs.ends[:count] > 0])
    beards = np.eye(len(pairs.beards) + 1)[pairs.beard[:count]]  # row -1 is none
    arrays = (target, mentioned, styles, beards, pairs.beard[:count] >= 0)
    return Examples(embedding, *(torch.from_numpy(array.astype(np.float32)) for array in arrays))


def styles_that_show(ends: Floats, worn: Floats) -> Floats:
    """Probabilities (N, S + 1) of hair styles, given that a style shows all regions whose shape a sentence mentions.

    ends: (N, E) values of the extremes of shapes, 0 where a sentence does not mention them.
    worn: (N, S + 1) probabilities of the styles without that condition; the last is bald.
    """
    hides = [[style in HIDDEN_BY.get(region(name), ()) for style in (*STYLES, "bald")] for name, _ in SHAPE_EXTREMES]
    visible = worn * ((ends > 0).astype(np.float32) @ np.array(hides, np.float32) == 0)
    return np.asarray(visible / visible.sum(axis=1, keepdims=True), np.float32)


def log_deviations(pairs: Pairs) -> Floats:
    """(N, K + M) logarithms of the standard deviations of people along VARIATION_AXES and the scans' modes, given each
    sentence.

    pairs: with the sentences.
    """
    deviation = np.empty((len(pairs.texts), len(VARIATION_AXES)), np.float32)
    mentioned = pairs.said[:, [0, 1, 2, 2, 3]]  # gender, age, ancestry twice, weight: as PHENOTYPE_AXES
    usual = [OPEN_DEVIATION[name] for name in PHENOTYPE_AXES]
    deviation[:, : len(PHENOTYPE_AXES)] = np.where(mentioned, MENTIONED_DEVIATION, usual)
    shape_mentioned = np.stack(
        [(pairs.ends * [name == end for end, _ in SHAPE_EXTREMES]).any(axis=1) for name in SHAPES], axis=1
    )
    regions = np.array([region(name) for name in SHAPES])
    same_region = shape_mentioned.astype(np.float32) @ (regions[:, None] == regions).astype(np.float32) > 0
    unmentioned = np.where(same_region, SAME_REGION_DEVIATION, OPEN_SHAPE_DEVIATION)
    values = np.where(shape_mentioned, MENTIONED_DEVIATION, unmentioned)
    # A shape with one extreme only has half the range.
    deviation[:, len(PHENOTYPE_AXES) :] = values * [1.0 if shape.less else 0.5 for shape in SHAPES.values()]
    # Whatever is said, people differ as people do: what the words ask for is kept by Readings.
    modes = np.zeros((len(deviation), len(pairs.ways) - len(VARIATION_AXES)), np.float32)
    return np.hstack([np.log(deviation), modes])


def shape_readings(pairs: Pairs) -> Readings | None:
    """What keeps the shapes that a prompt speaks of from the seed; None for pairs that read none.

    pairs: with the readings.
    """
    if not len(pairs.readings):
        return None
    rows = len(PHENOTYPE_AXES) + np.arange(len(SHAPES))
    values = np.hstack([np.zeros((len(SHAPES), len(PHENOTYPE_AXES)), np.float32), pairs.readings])
    ranges = np.array([1.0 if shape.less else 0.5 for shape in SHAPES.values()])
    # A shape whose region alone is mentioned is no more kept than one of another region.
    mentioned, unmentioned = np.log(ranges * MENTIONED_DEVIATION), np.log(ranges * SAME_REGION_DEVIATION)
    return Readings(values, rows, mentioned.astype(np.float32), unmentioned.astype(np.float32))
