"""From prompts to what is measured of their heads: codes, vertices of the template, hair."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from clip_head.core.nphm.embedded import EmbeddedNPHM
from clip_head.core.pipeline import Models, read_words
from clip_head.core.types import Floats, HeadRequest, Ints, Latents
from clip_head.training.prompt_adherence.measures import Places, vertices_of
from clip_head.training.teacher.dataset import TeacherDataset

#: Weight of a hair style or beard in a code, 0 to 1, from which a head counts as wearing it.
WORN = 0.5


@dataclass(frozen=True)
class Evaluator:
    """What turns prompts into measures.

    models: the models that are evaluated.
    dataset: the teacher, of which the template and the expressions are used.
    places: where the template is measured.
    """

    models: Models
    dataset: TeacherDataset
    places: Places

    @property
    def network(self) -> EmbeddedNPHM:
        """The embedded NPHM: only its codes tell hair styles and move the template."""
        network = self.models.nphm.network
        assert isinstance(network, EmbeddedNPHM)
        return network


def latents_of(evaluator: Evaluator, prompt: str, seed: int, variation: float = 1.0) -> Latents:
    """The codes of a prompt, the pipeline's own way.

    evaluator: whose models are used.
    prompt: the whole prompt.
    seed: of what the prompt leaves open.
    variation: how much of that is drawn; 0 for the mean.
    """
    return read_words(HeadRequest(prompt, seed=seed, variation=variation), evaluator.models)


def template_vertices(evaluator: Evaluator, z_id: Floats, ids: Ints) -> Floats:
    """(V, 3) vertices, units: those in ids as they lie on the head of an identity code, all others as on the template,
    since they are not measured.

    evaluator: whose template and NPHM are used.
    z_id: the identity code (D,).
    ids: indices of vertices.
    """
    vertices = evaluator.dataset.template.vertices.copy()
    with torch.inference_mode():
        members = evaluator.network.members(torch.from_numpy(z_id))
        vertices[ids] += members.displacement(torch.from_numpy(vertices[ids])).numpy()
    return vertices


def vertices_of_prompt(evaluator: Evaluator, prompt: str, seed: int) -> Floats:
    """(V, 3) vertices, units: those of the places as they lie on the head that a prompt becomes, all others as on the
    template.

    evaluator: whose models are used.
    prompt: the whole prompt.
    seed: of what it leaves open.
    """
    return template_vertices(evaluator, latents_of(evaluator, prompt, seed).z_id, vertices_of(evaluator.places))


def expression_offsets(evaluator: Evaluator, z_exp: Floats, ids: Ints) -> Floats:
    """Displacements (P, 3) of vertices of the template itself by an expression, units.

    evaluator: whose NPHM is used.
    z_exp: the expression code (52,).
    ids: P indices of vertices.
    """
    network = evaluator.network
    offsets = network.closing + network.action_offsets(torch.from_numpy(z_exp))
    return offsets.numpy()[ids]


def worn(evaluator: Evaluator, z_id: Floats, block: str) -> str:
    """The family of the hair style, or the beard, of the largest weight in an identity code; "bald" or "" where it is
    below WORN.

    evaluator: whose NPHM is used.
    z_id: the identity code (D,), which ends with the weights of styles and of beards.
    block: "hair" or "beard".
    """
    styles, beards = evaluator.network.config.styles, evaluator.network.config.beards
    end = len(z_id) - len(beards)
    names, weights = (beards, z_id[end:]) if block == "beard" else (styles, z_id[end - len(styles) : end])
    if not len(weights) or weights.max() < WORN:
        return "" if block == "beard" else "bald"
    return names[int(weights.argmax())].rstrip("0123456789")
