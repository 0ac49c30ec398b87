"""Two heads of one template that are mixed, and the file in which they pass to the worker process. Imports no torch."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from .errors import RequestError
from .request import LONGEST_WORDS
from .types import Bytes, Hairstyle, HeadRequest, Latents, ModelCard

#: File of a mixture.
MIXTURE = "mixture.npz"


@dataclass(frozen=True)
class Parent:
    """One of two heads that are mixed, as it is now.

    request: that it was made for.
    latents: the codes it was made from.
    albedo (H, W, 3): of the skin that it wears, sRGB bytes, in the UV that all assets share.
    pictures: of its parts, such as "Eye" -> (S, S, 3 or 4), sRGB bytes.
    models: that made it.
    skin_tone, hairstyle: as of types.Canvas.
    """

    request: HeadRequest
    latents: Latents
    albedo: Bytes
    pictures: dict[str, Bytes]
    models: tuple[ModelCard, ...] = ()
    skin_tone: str = ""
    hairstyle: Hairstyle | None = None


@dataclass(frozen=True)
class Mixture:
    """Two heads, and where between them a third one lies.

    first, second: the heads.
    fraction: 0 for the first itself, 1 for the second.
    weights: ARKit name -> value, of the expression that the third one takes.
    """

    first: Parent
    second: Parent
    fraction: float
    weights: dict[str, float]

    @property
    def nearer(self) -> Parent:
        """The head of which the third one has what cannot be halved: hair, beard and teeth."""
        return self.first if self.fraction < 0.5 else self.second

    @property
    def request(self) -> HeadRequest:
        """The request that the third one is recorded with: words by which both count when they are read again, all else
        of the nearer head."""
        first, second = self.first.request.prompt, self.second.request.prompt
        between = f"between {first} and {second}"[:LONGEST_WORDS]
        prompt = {0.0: first, 1.0: second}.get(self.fraction, between)
        size = max(len(self.first.albedo), len(self.second.albedo))
        return replace(self.nearer.request, prompt=prompt, texture_size=size, surface="asset")


def check_mixture(mixture: Mixture) -> None:
    """Raise RequestError unless the fraction is from 0 to 1 and both heads are of one head model."""
    if not 0.0 <= mixture.fraction <= 1.0:
        raise RequestError(
            f"The mix is {mixture.fraction}.", "Choose a number from 0 (the first head) to 1 (the second one)."
        )
    first, second = (parent.latents.z_id.size for parent in (mixture.first, mixture.second))
    if first != second:
        raise RequestError(
            f"The codes of the two heads have {first} and {second} numbers: they are of different head models.",
            "Mix heads that were made with the same models.",
        )


def save_mixture(mixture: Mixture, path: Path) -> None:
    """Write a mixture as the file `path` (.npz). Raises OSError when that fails."""
    facts: dict[str, Any] = {"fraction": mixture.fraction, "weights": mixture.weights, "parents": []}
    arrays: dict[str, np.ndarray] = {}
    for number, parent in enumerate((mixture.first, mixture.second)):
        models = [asdict(card) for card in parent.models]
        hairstyle = parent.hairstyle and asdict(parent.hairstyle)
        own_facts = {"request": asdict(parent.request), "models": models}
        facts["parents"].append(own_facts | {"skin_tone": parent.skin_tone, "hairstyle": hairstyle})
        own: dict[str, np.ndarray] = {
            "z_id": parent.latents.z_id,
            "z_exp": parent.latents.z_exp,
            "albedo": parent.albedo,
        }
        own |= {f"picture_{name}": picture for name, picture in parent.pictures.items()}
        arrays |= {f"{number}_{name}": array for name, array in own.items()}
    np.savez(path, facts=np.array(json.dumps(facts)), **arrays)  # type: ignore[arg-type]


def load_mixture(path: Path) -> Mixture:
    """The mixture that `save_mixture` wrote. Raises OSError, ValueError or KeyError for any other file."""
    with np.load(path, allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    facts = json.loads(str(arrays["facts"]))
    parents: list[Parent] = []
    for number, values in enumerate(facts["parents"]):
        begin = f"{number}_picture_"
        parents.append(
            Parent(
                HeadRequest(**values["request"]),
                Latents(arrays[f"{number}_z_id"], arrays[f"{number}_z_exp"]),
                arrays[f"{number}_albedo"],
                {name.removeprefix(begin): array for name, array in arrays.items() if name.startswith(begin)},
                tuple(ModelCard(**card) for card in values["models"]),
                values["skin_tone"],
                Hairstyle(**values["hairstyle"]) if values["hairstyle"] else None,
            )
        )
    first, second = parents
    return Mixture(first, second, facts["fraction"], facts["weights"])
