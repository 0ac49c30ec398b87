"""What an expression does to a face, part by part, in millimetres: the exam of sentences that ask for several movements
at once ("angry but crying"), and of those that say what is not done ("not smiling"). Asked in compounds.json.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from clip_head.core.errors import ModelError
from clip_head.core.types import MILLIMETRES_PER_UNIT, Floats
from clip_head.training.engine.tables import check_keys, load_table
from clip_head.training.prompt_adherence.evaluator import Evaluator, expression_offsets, latents_of, worn
from clip_head.training.prompt_adherence.measures import vertices_of
from clip_head.training.prompt_adherence.results import Answers

#: Movement -> places, other places, axis, sign: how far the mean of the first moves along the axis, less how far the
#: others do, where some are named.
_MOVES: dict[str, tuple[tuple[str, ...], tuple[str, ...], str, float]] = {
    "left lids close": (("lower_lid",), ("upper_lid",), "y", 1.0),
    "right lids close": (("right_lower_lid",), ("right_upper_lid",), "y", 1.0),
    "left brow rises": (("brow_outer",), (), "y", 1.0),
    "right brow rises": (("right_brow_outer",), (), "y", 1.0),
    "inner brows rise": (("brow_inner", "right_brow_inner"), (), "y", 1.0),
    "mouth corners rise": (("mouth_corner", "right_mouth_corner"), (), "y", 1.0),
    "left mouth corner rises": (("mouth_corner",), ("right_mouth_corner",), "y", 1.0),
    "jaw drops": (("chin_bottom",), (), "y", -1.0),
    "lips part": (("lip_top",), ("lip_bottom",), "y", 1.0),
    "mouth widens": (("mouth_corner",), ("right_mouth_corner",), "x", 1.0),
    "cheeks puff": (("cheek",), ("right_cheek",), "x", 1.0),
    "nose wrinkles": (("nose_wing", "right_nose_wing"), (), "y", 1.0),
    "jaw moves left": (("chin_front",), (), "x", 1.0),
    "eyes look left": (("pupil", "right_pupil"), (), "x", 1.0),
    "eyes look up": (("pupil", "right_pupil"), (), "y", 1.0),
}
#: Of two sides, whichever it is, how much more one moves than the other.
_DIFFERENCES = {
    "lids differ": ("left lids close", "right lids close"), "brows differ": ("left brow rises", "right brow rises"),
}  # fmt: skip
#: How far the mouth's inside comes forward, and how far any place moves.
_TONGUE, _ANYTHING = "tongue comes out", "anything moves"
#: All movements that may be demanded, and what may be worn.
MOVEMENTS = (*_MOVES, *_DIFFERENCES, _TONGUE, _ANYTHING)
_WORN = ("hair", "beard")
#: The seed of all these prompts: nothing is left open that it could change.
_SEED = 0


@dataclass(frozen=True)
class Demands:
    """What a prompt asks of a face.

    prompt: the whole prompt.
    moves: movement -> (least, most) millimetres; None for no limit.
    wears: "hair" or "beard" -> what must be worn; "" for no beard.
    """

    prompt: str
    moves: dict[str, tuple[float | None, float | None]]
    wears: dict[str, str]


def read_demands(path: Path) -> dict[str, tuple[Demands, ...]]:
    """The sections of a JSON file: name -> list of {"prompt", "moves": movement -> [least, most], "wears"}; either of
    the last two may be missing.

    path: the file.

    Raises ModelError when a key or a movement is unknown.
    """
    return {
        name: tuple(_demands(f"{path.name}: {name}", entry) for entry in section)
        for name, section in load_table(path, ("compounds", "negations")).items()
    }


def _demands(where: str, entry: dict[str, Any]) -> Demands:
    check_keys(where, entry, ("prompt",), ("moves", "wears"))
    check_keys(f"{where}: {entry['prompt']}", entry.get("moves", {}), (), MOVEMENTS)
    check_keys(f"{where}: {entry['prompt']}", entry.get("wears", {}), (), _WORN)
    if not entry.get("moves") and not entry.get("wears"):
        raise ModelError(f"{where}: {entry['prompt']!r} demands nothing.", "Say what must move and what must not.")
    return Demands(entry["prompt"], entry.get("moves", {}), entry.get("wears", {}))


#: Section -> its prompts.
DEMANDS = read_demands(Path(__file__).with_name("compounds.json"))


def movements(evaluator: Evaluator, z_exp: Floats) -> dict[str, float]:
    """Each of MOVEMENTS -> how far it goes from the neutral face, millimetres.

    evaluator: whose NPHM and places are used.
    z_exp: the expression code (52,).
    """
    template, places = evaluator.dataset.template, evaluator.places
    mouth = np.flatnonzero(template.regions["mouth"]).astype(np.int32)
    used = vertices_of(places)
    everything = np.union1d(used, mouth).astype(np.int32)
    offsets = np.zeros_like(template.vertices)
    neutral = expression_offsets(evaluator, np.zeros_like(z_exp), everything)
    offsets[everything] = (expression_offsets(evaluator, z_exp, everything) - neutral) * MILLIMETRES_PER_UNIT

    def moved(names: tuple[str, ...], axis: str) -> float:
        return float(np.mean([offsets[places[name], "xyz".index(axis)].mean() for name in names])) if names else 0.0

    found = {name: sign * (moved(a, axis) - moved(b, axis)) for name, (a, b, axis, sign) in _MOVES.items()}
    found |= {name: abs(found[left] - found[right]) for name, (left, right) in _DIFFERENCES.items()}
    found[_TONGUE] = float(offsets[mouth, 2].max())
    found[_ANYTHING] = float(np.linalg.norm(offsets[used], axis=1).max())
    return found


def evaluate_demands(evaluator: Evaluator, section: str) -> Answers:
    """("fulfilled", prompt) -> one answer for every demand: "fulfilled", or what was found instead.

    evaluator: whose models are used.
    section: of DEMANDS.
    """
    return {("fulfilled", demands.prompt): list(_answers(evaluator, demands)) for demands in DEMANDS[section]}


def _answers(evaluator: Evaluator, demands: Demands) -> list[str]:
    """An answer for every demand of one prompt."""
    latents = latents_of(evaluator, demands.prompt, _SEED)
    found, answers = movements(evaluator, latents.z_exp), []
    for name, (least, most) in demands.moves.items():
        right = (least is None or found[name] >= least) and (most is None or found[name] <= most)
        answers.append("fulfilled" if right else f"{name} by {found[name]:.1f} mm")
    for block, wanted in demands.wears.items():
        shown = worn(evaluator, latents.z_id, block)
        answers.append("fulfilled" if shown == wanted else f"{block} is {shown or 'none'}")
    return answers


def demand_figures(section: str, answers: Answers) -> dict[str, float]:
    """The fraction of demands that are fulfilled, and of prompts all of whose are.

    section: of DEMANDS.
    answers: of evaluate_demands.
    """
    right = [[answer == "fulfilled" for answer in shown] for shown in answers.values()]
    return {
        f"{section}: prompts that show all they ask for": float(np.mean([all(row) for row in right])),
        f"{section}: of what they ask for": float(np.mean([one for row in right for one in row])),
    }
