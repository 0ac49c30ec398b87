"""MLP_hair: from what a sentence says of hair, beard and brows to a hairstyle.

It reads two embeddings, of who is spoken of and of what is said, and scores every groom; having none scores 0.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ..errors import ModelError
from ..models import RESTORE, open_model_folder
from ..types import Floats, Hairstyle, ModelCard
from .mapping import draw_style, networks_in
from .network import Clip2NPHM

#: What is scored, in this order: the tables of names in model.json.
KINDS = ("hair", "beard", "brows")
#: Degrees, as fields of Hairstyle, and between what they are kept.
DEGREES = {"length": (-1.0, 1.0), "volume": (-1.0, 1.0), "curl": (-1.0, 1.0), "messiness": (0.0, 1.0),
           "wetness": (0.0, 1.0)}  # fmt: skip
#: Degrees below this were not asked for: the network's own errors.
LEAST_DEGREE = 0.12
#: Probability from which on grooms that MLP_id does not know are meant; and that of a style from which on MLP_id takes
#: it for said: where nothing is, its likeliest has about 0.15. Chosen by the exam of styles that it knows.
MEANT, DECIDED = 0.7, 0.2
#: Share of MLP_hair in the scores of a style that is said and that MLP_id knows.
SHARE = 0.3
#: Score that is added to all grooms where one is worn for sure.
SURELY = 1e3
#: Degree below which hair is said to be neat, or dry.
DENIED = -0.2


@dataclass(frozen=True)
class HairMapping:
    """MLP_hair.

    card: its name and licence.
    networks: their scores are averaged.
    names: of the grooms of each of KINDS, in the order of their scores.
    hiding: region of the face -> grooms that hide it.
    """

    card: ModelCard
    networks: tuple[Clip2NPHM, ...]
    names: dict[str, tuple[str, ...]]
    hiding: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class HairReading:
    """What MLP_hair answers.

    scores: of each of KINDS -> (S,) of its grooms; having none scores 0.
    degrees: name -> value, before it is kept within its limits.
    part: where hair is parted, as Hairstyle.part; None where nothing is said.
    said: those of KINDS of which a style is named.
    """

    scores: dict[str, Floats]
    degrees: dict[str, float]
    part: float | None
    said: frozenset[str]


def load_hair_mapping(folder: Path, embedding_width: int) -> HairMapping:
    """Load MLP_hair.

    folder: of the model.
    embedding_width: numbers of an embedding of the text model that it reads.
    Raises ModelError when anything is missing or damaged, or made for another text model.
    """
    opened = open_model_folder(folder, "hair")
    names = {kind: tuple(opened.config[kind]) for kind in KINDS}
    hiding = {region: tuple(grooms) for region, grooms in opened.config["hiding"].items()}
    networks = networks_in(opened, opened.config["scores"])
    width = sum(map(len, names.values())) + len(DEGREES) + 2 + len(KINDS)
    for network in networks:
        if (network.embedding_width, network.output_linear.out_features) != (2 * embedding_width, width):
            raise ModelError(
                f"The hair model in {folder} reads {network.embedding_width} numbers and gives "
                f"{network.output_linear.out_features}, where {2 * embedding_width} and {width} were expected.",
                RESTORE,
            )
    return HairMapping(opened.card, networks, names, hiding)


@torch.inference_mode()
def read_scores(mapping: HairMapping, rows: Floats) -> HairReading:
    """What words ask for.

    mapping: the networks.
    rows (3, 2 D): for each of KINDS the embedding of who is spoken of, and of what is said; zeros where nothing is.
    Raises ModelError when a model computes NaN.
    """
    inputs = torch.from_numpy(np.ascontiguousarray(rows, np.float32))
    output = torch.stack([network(inputs) for network in mapping.networks]).mean(dim=0).numpy()
    if not np.isfinite(output).all():
        raise ModelError(f"The hair model {mapping.card.name!r} computed numbers that are not finite.", RESTORE)
    ends = np.cumsum([len(mapping.names[kind]) for kind in KINDS])
    *blocks, rest = np.split(output, ends, axis=1)
    scores = {kind: block[row] for row, (kind, block) in enumerate(zip(KINDS, blocks, strict=True))}
    degrees, part, parted, said = np.split(rest, np.cumsum([len(DEGREES), 1, 1]), axis=1)
    named = frozenset(kind for row, kind in enumerate(KINDS) if said[row, row] > 0)
    where = float(np.clip(part[0, 0], -1, 1)) if parted[0, 0] > 0 else None
    return HairReading(scores, dict(zip(DEGREES, degrees[0].tolist(), strict=True)), where, named)


def with_known_styles(
    mapping: HairMapping,
    reading: HairReading,
    known: dict[str, dict[str, float]],
    seed: int,
    variation: float = 1.0,
) -> HairReading:
    """The reading with MLP_id's scores for the styles that it knows: it has heard of these in many more sentences. What
    it does not know is left to MLP_hair, and who is surely bald ("bald, with a beard"); where nothing is said, the
    seed gives a groom of MLP_hair's to as many as wear one.

    mapping: whose names count.
    reading: of the words.
    known: of "hair" and "beard" -> name of a style of MLP_id's -> its score, of the same words; none scores 0.
    seed, variation: of that draw.
    """
    scores, chance = dict(reading.scores), float(np.random.default_rng([seed, len(DEGREES)]).random())
    for kind, styles in known.items():
        names, mine = mapping.names[kind], reading.scores[kind]
        others = np.array([name not in styles for name in names])
        odds = _odds(mine)
        unknown, bald = float(odds[:-1][others].sum()), kind == "hair" and odds[-1] > MEANT
        theirs = np.array([styles.get(name, -SURELY) for name in names])
        if kind in reading.said and (bald or unknown > MEANT):
            continue
        if kind in reading.said:
            theirs = np.where(others, theirs, (1 - SHARE) * theirs + SHARE * mine)
        if kind not in reading.said and _odds(theirs).max() < DECIDED and chance < unknown * variation:
            theirs = np.where(others, mine + 2 * SURELY, theirs + SURELY)
        scores[kind] = theirs
    return replace(reading, scores=scores)


def _odds(scores: Floats) -> Floats:
    """Softmax (S + 1,) of scores (S,) and of none, which scores 0."""
    odds = np.exp(np.append(scores, 0.0) - max(scores.max(initial=0.0), 0.0))
    return np.asarray(odds / odds.sum())


def draw_hairstyle(
    mapping: HairMapping,
    reading: HairReading,
    known: frozenset[str],
    seed: int,
    variation: float = 1.0,
    shown: frozenset[str] = frozenset(),
) -> Hairstyle:
    """A hairstyle that words ask for, drawn among the likely ones. Same arguments, same hairstyle.

    mapping: whose names count.
    reading: of the words.
    known: grooms that there are; no others are drawn.
    seed: of the draw.
    variation: 0 to 1; 0 takes the likeliest.
    shown: regions of the face of which the words speak: hair of which they say nothing hides none of them.
    """
    random = np.random.default_rng([seed, len(KINDS)])
    worn = {}
    for kind in KINDS:
        names, scores = mapping.names[kind], reading.scores[kind].copy()
        allowed = np.array([name in known for name in names])
        if kind == "hair" and kind not in reading.said:
            hides = {name for region in shown for name in mapping.hiding.get(region, ())}
            allowed &= np.array([name not in hides for name in names])
        likeliest = int(scores.argmax())
        if scores[likeliest] > 0 and not allowed[likeliest]:
            scores += SURELY  # whose style is missing has another one, and not none
        scores[~allowed] = -np.inf
        code = draw_style(scores, random, variation)
        worn[kind] = {name: 1.0 for name, weight in zip(names, code, strict=True) if weight}
    return Hairstyle(worn["hair"], worn["beard"], worn["brows"], part=reading.part, **kept_degrees(reading.degrees))


def kept_degrees(degrees: dict[str, float]) -> dict[str, Any]:
    """Degrees within their limits; those that were hardly asked for are 0.

    degrees: name -> value.
    """
    kept = {name: float(np.clip(degrees[name], *limits)) for name, limits in DEGREES.items()}
    return {name: round(value, 3) if abs(value) >= LEAST_DEGREE else 0.0 for name, value in kept.items()}
