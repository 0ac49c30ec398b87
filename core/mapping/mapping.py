"""From the embedding of the words to the two disjoint codes of NPHM."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from ..errors import ModelError
from ..models import ModelFolder, load_tensors, open_model_folder
from ..types import Floats, ModelCard
from .network import Clip2NPHM, network_from

#: Draws further out than this many deviations are pulled in: they would leave the heads that were trained on.
FURTHEST = 2.0
#: A hair style is among those that the words allow when it is at least this likely, relative to the likeliest.
ALLOWED = 0.5


@dataclass(frozen=True)
class Mapping:
    """MLP_id and MLP_exp, and how identities vary around what MLP_id says.

    identity gives z_id, whose last hair_styles numbers are scores of the hair styles. spread gives, for the same
    embedding, the logarithm of the deviation along each row of basis (K, D_id - hair_styles): small where the words
    decide, large where they are silent. neutral (D_id - hair_styles,) is what the emptiest words give; what is said
    is moved away from it by the factor emphasis, because a regression understates. The official release has neither:
    spread, basis and neutral are None there, and the seed changes nothing.
    """

    card: ModelCard
    identity: Clip2NPHM
    expression: Clip2NPHM
    hair_styles: int = 0
    spread: Clip2NPHM | None = None
    basis: Floats | None = None
    neutral: Floats | None = None
    emphasis: float = 0.0


def load_mapping(folder: Path) -> Mapping:
    """Load the folder of a mapping model: identity and expression as .safetensors, or as the official .pth.

    Raises ModelError when anything is missing, damaged, or not the paper's network.
    """
    opened = open_model_folder(folder, "mapping")
    identity = _network(opened, opened.config["identity"])
    expression = _network(opened, opened.config["expression"])
    if "spread" not in opened.config:
        return Mapping(opened.card, identity, expression)
    ways = load_tensors(opened, opened.config["basis"])
    return Mapping(
        opened.card,
        identity,
        expression,
        hair_styles=int(opened.config["hair_styles"]),
        spread=_network(opened, opened.config["spread"]),
        basis=ways["basis"].numpy(),
        neutral=ways["neutral"].numpy(),
        emphasis=float(opened.config["emphasis"]),
    )


def map_identity(mapping: Mapping, embedding: Floats, seed: int) -> Floats:
    """z_id (D_id,) for an embedding (D,): one of the people the words allow, chosen by the seed.

    z_id = MLP_id(e), moved away from the neutral code, plus spread(e) times normal noise along the basis. The hair
    block is one style, drawn among the likely ones, as a one-hot code. Raises ModelError when a model computes NaN.
    """
    code = _evaluate(mapping, mapping.identity, embedding)
    if mapping.spread is None or mapping.basis is None or mapping.neutral is None:
        return code
    random = np.random.default_rng(seed)
    said, scores = np.split(code, [code.size - mapping.hair_styles])
    said = said + np.float32(mapping.emphasis) * (said - mapping.neutral)
    noise = random.standard_normal(len(mapping.basis)).clip(-FURTHEST, FURTHEST).astype(np.float32)
    deviation = np.exp(_evaluate(mapping, mapping.spread, embedding))
    drawn = said + (deviation * noise) @ mapping.basis
    return np.concatenate([drawn, draw_style(scores, random)]).astype(np.float32)


def map_expression(mapping: Mapping, embedding: Floats) -> Floats:
    """z_exp (D_exp,) = MLP_exp(e) for an embedding (D,). Raises ModelError when the model computes NaN."""
    return _evaluate(mapping, mapping.expression, embedding)


def draw_style(scores: Floats, random: np.random.Generator) -> Floats:
    """A one-hot code (S,), or zeros for bald: drawn by softmax probability among the styles likely enough to be meant.

    scores (S,): of the styles; bald scores 0.
    """
    scores = np.append(scores, 0.0)
    likelihood = np.exp(scores - scores.max())
    likelihood[likelihood < ALLOWED] = 0.0
    code = np.zeros(len(scores), np.float32)
    code[random.choice(len(scores), p=likelihood / likelihood.sum())] = 1.0
    return code[:-1]


@torch.inference_mode()
def _evaluate(mapping: Mapping, network: Clip2NPHM, embedding: Floats) -> Floats:
    if embedding.shape != (network.embedding_width,):
        raise ModelError(
            f"The mapping {mapping.card.name!r} reads embeddings of {network.embedding_width} numbers; "
            f"the text model gives {embedding.size}.",
            "Use the mapping together with the text model it was trained for.",
        )
    code = network(torch.from_numpy(np.ascontiguousarray(embedding, dtype=np.float32)))
    if not bool(torch.isfinite(code).all()):
        raise ModelError(
            f"The mapping {mapping.card.name!r} computed numbers that are not finite.",
            "Restore its folder from the release it came from.",
        )
    return code.numpy()


def _network(folder: ModelFolder, name: str) -> Clip2NPHM:
    path = folder.path / name
    try:
        if path.suffix == ".safetensors":
            return network_from(load_tensors(folder, name))
        return network_from(torch.load(path, map_location="cpu", weights_only=True))
    except ModelError:
        raise
    except Exception as error:  # whatever the unpickler, the file system or the state dict find wrong
        raise ModelError(
            f"{path} is not a CLIP-Head mapping network ({type(error).__name__}: {error}).",
            "Choose the file from the official release, or reinstall the embedded model.",
        ) from error
