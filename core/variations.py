"""Small pictures of the people whom the same words describe, one a seed, to choose from before a head is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch

from .asset.hair import hair_part
from .errors import ModelError, RequestError
from .pipeline import Models, codes_of, read_hairstyle
from .request import check_request
from .stages import stage
from .text import split_prompt
from .text.plain import plain_request
from .types import Bytes, Floats, HeadRequest, Ints, Latents, Progress, no_progress
from .uv.view import rasterised_view

#: Pixels along a side of a picture.
SIZE = 128
#: How many are made at most at once.
MOST = 64
#: Along a side, how many samples are averaged in a pixel.
_SAMPLES = 2
#: Middle of the picture and half of what it shows, units: heads with their hair.
_MIDDLE, _HALF = np.array([0.0, 0.02, -0.2], np.float32), 0.64
#: How far the head looks to its left, radians: three quarters show a nose.
_YAW = np.radians(25.0)
#: Clay, the hair on it, and the background, linear greys and colours.
_SKIN, _HAIR, _BACKGROUND = (0.78, 0.66, 0.58), (0.30, 0.22, 0.17), 0.16
#: Where the light comes from, and how much of it there is everywhere.
_LIGHT, _AMBIENT = np.array([-0.35, 0.45, 0.82], np.float32), 0.25


def picture_variations(
    request: HeadRequest, seeds: Sequence[int], models: Models, progress: Progress = no_progress
) -> Bytes:
    """The heads of a request for some seeds, in clay with their hair as a volume: (N, SIZE, SIZE, 3) sRGB bytes.

    request: its words and variation count.
    seeds: 1 to MOST of them.
    models: loaded.
    progress: is told the stages; what it raises ends the work at once.
    Raises RequestError for a request that makes no sense, ModelError where the models know no quads or compute NaN.
    """
    if not 1 <= len(seeds) <= MOST:
        raise RequestError(f"There are {len(seeds)} seeds to choose from.", f"Give 1 to {MOST}.")
    requests = [replace(request, seed=seed) for seed in seeds]
    for each in requests:
        check_request(each)
    if models.asset is None or models.decoder is not None:
        raise ModelError(
            f"The head model {models.coded.card.name} has no template.", "Use the embedded models for pictures."
        )
    seconds: dict[str, float] = {}
    with stage("words", seconds, progress):
        plain = plain_request(models.reader, request)
        words = split_prompt(models.splitter, plain.prompt)
        drawn = [replace(plain, seed=seed) for seed in seeds]
        codes = [codes_of(each, words, models, read_hairstyle(each, words, models)) for each in drawn]
    pictures = []
    with stage("geometry", seconds, progress):
        for number, latents in enumerate(codes):
            progress("geometry", number / len(codes))
            pictures.append(_picture(*clay_head(latents, models)))
    return np.stack(pictures)


@torch.inference_mode()
def clay_head(latents: Latents, models: Models) -> tuple[Floats, Ints, Floats]:
    """The template's surface on a head, with its expression, and its hair.

    latents: of the head.
    models: loaded, with quads.
    Returns vertices (V, 3), units, triangles (F, 3), and colours (V, 3), linear.
    """
    assert models.asset is not None
    network = models.asset.network
    field = network.at(torch.from_numpy(latents.z_id))
    canonical = models.asset.fixed.placed(field.members)[: len(network.sheet_vertices)]
    skin = (canonical + network.sheet_offsets(canonical, torch.from_numpy(latents.z_exp))).numpy()
    vertices, faces = [skin], [network.sheet_faces.numpy()]
    colours = [np.broadcast_to(np.array(_SKIN, np.float32), skin.shape)]
    hair = hair_part(field, models.texture.template.crown)
    if hair is not None:
        quads = hair.levels[0].quads
        vertices.append(hair.vertices)
        faces.append(np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]]) + len(skin))
        colours.append(np.broadcast_to(np.array(_HAIR, np.float32), hair.vertices.shape))
    return np.concatenate(vertices), np.concatenate(faces).astype(np.int32), np.concatenate(colours)


def _picture(vertices: Floats, faces: Ints, colours: Floats) -> Bytes:
    """A picture (SIZE, SIZE, 3) of a surface, as `clay_head` gives it."""
    across = SIZE * _SAMPLES
    cosine, sine = np.cos(_YAW), np.sin(_YAW)
    turn = np.array([[cosine, 0, sine], [0, 1, 0], [-sine, 0, cosine]], np.float32)
    turned = (vertices - _MIDDLE) @ turn.T
    view = rasterised_view(turned, faces, _HALF, across)
    light = _AMBIENT + (1 - _AMBIENT) * np.maximum(view.normals @ (_LIGHT / np.linalg.norm(_LIGHT)), 0.0)
    image = np.full((across, across, 3), _BACKGROUND**2.2, np.float32)
    image[view.covered] = np.einsum("pk,pkc->pc", view.weights, colours[view.corners]) * light[:, None]
    small = image.reshape(SIZE, _SAMPLES, SIZE, _SAMPLES, 3).mean(axis=(1, 3))
    return np.asarray(np.round(small.clip(0, 1) ** (1 / 2.2) * 255), np.uint8)
