"""Another shape for the head of an asset that is there, by words: it is the same person, the words moved."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .errors import ModelError, RequestError
from .mapping.mapping import mean_identity
from .mix import mix_heads
from .mixture import Mixture
from .pipeline import DEFAULT_APPEARANCE, Models, embedded_phrases, word_changes
from .request import LONGEST_WORDS, check_request
from .text import encode_text, split_prompt
from .text.plain import plain_request, read_as
from .text.understood import not_understood
from .types import Floats, Head, HeadRequest, Latents, Progress, no_progress

#: How words about a head become a sentence about a person; the one that moves the code most is what they mean.
_SENTENCES = ("{}", "a person with {}", "a person who is {}")
#: Words whose sentence hardly differs from "a person", who is young -> the words for the opposite way.
_OPPOSITES = {"younger": "older", "a younger person": "an older person", "more youthful": "older"}
#: Words that are no thing of their own.
_ARTICLES = frozenset(("a", "an", "the", "with", "and"))
#: Length of a step of the code below which words ask for no shape: the noise of the networks.
LEAST_STEP = 4.0
#: Greatest strength: further on, shapes leave what the head model knows.
STRONGEST = 2.0


def change_shape(
    mixture: Mixture, words: str, strength: float, models: Models, progress: Progress = no_progress
) -> Head:
    """Make a head again whose identity code is moved by words. Same arguments and models, same bytes.

    z_id' = z_id + MLP_id(a person with ...) - MLP_id(a person), in what is shape of it: MLP_id's mean head of the words
    without anything drawn, so that all else about the person stays. Skin, hair, parts and expression stay.

    mixture: the head as both its parents, and the expression that it has.
    words: about the shape, "a bigger nose", "older".
    strength: how far they move it: 1 as they say, -1 the other way, at most STRONGEST either way.
    models: loaded.
    progress: is told the stages; what it raises ends the work at once.
    Raises RequestError for words that say nothing of a shape, ModelError where the models know no quads or compute NaN.
    """
    if not abs(strength) <= STRONGEST:
        raise RequestError(f"The strength is {strength}.", f"Choose a number from -{STRONGEST:g} to {STRONGEST:g}.")
    parent = mixture.first
    asked = replace(parent.request, prompt=words, expression="", skin="")
    check_request(asked)
    plain = plain_request(models.reader, asked)
    step = shape_step(plain.prompt, models)
    unread = _unread(plain, models)
    z_id = parent.latents.z_id.copy()
    if len(step) >= len(z_id):
        raise ModelError(f"The head model {models.nphm.card.name} has no codes of ours.", "Use the embedded models.")
    z_id[: len(step)] += np.float32(strength) * step
    request = replace(parent.request, prompt=f"{parent.request.prompt}, {words}"[:LONGEST_WORDS])
    moved = replace(parent, request=request, latents=Latents(z_id, parent.latents.z_exp))
    head = mix_heads(replace(mixture, second=moved, fraction=1.0), models, progress)
    return replace(head, read_as=read_as(asked, plain), not_understood=unread)


def shape_step(words: str, models: Models) -> Floats:
    """How words move the shape in an identity code (K,).

    words: in plain English.
    models: loaded.
    Raises RequestError for words that move it hardly.
    """
    sign = -1.0 if words.strip().lower() in _OPPOSITES else 1.0
    said = _OPPOSITES.get(words.strip().lower(), words)
    at_rest = _mean_shape(DEFAULT_APPEARANCE, models)
    steps = [_mean_shape(sentence.format(said), models) - at_rest for sentence in _SENTENCES]
    step: Floats = max(steps, key=lambda row: float(np.linalg.norm(row)))
    if np.linalg.norm(step) < LEAST_STEP:
        raise _no_shape(words)
    return np.asarray(sign * step, np.float32)


def _unread(request: HeadRequest, models: Models) -> tuple[str, ...]:
    """The words that mean nothing to the models. Raises RequestError where there are no others."""
    person = replace(request, prompt=_SENTENCES[1].format(request.prompt))
    unread = not_understood(word_changes(person, split_prompt(models.splitter, person.prompt), models))
    if not set(request.prompt.lower().split()) - set(unread) - _ARTICLES:
        raise _no_shape(request.prompt)
    return unread


def _no_shape(words: str) -> RequestError:
    return RequestError(
        f"The words {words!r} say nothing of a head's shape.",
        'Name what is to change, for example "a bigger nose" or "older"; skin and hair have buttons of their own.',
    )


def _mean_shape(appearance: str, models: Models) -> Floats:
    """The identity code of the mean head of some words, without its styles (K,)."""
    mapping = models.mapping
    (embedding,) = encode_text(models.text, [appearance])
    code = mean_identity(mapping, embedding, embedded_phrases(models.text, appearance))
    return code[: len(code) - mapping.hair_styles - mapping.beards]
