"""The method, in order: words, codes, surface, aligned UV, control image, texture (CLIP-Head, section 2)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from .mapping import Mapping, load_mapping, map_expression, map_identity
from .models import EMBEDDED
from .nphm import NPHM, decode_head, extract_head, load_nphm, read_surface
from .official import convert_official, is_official
from .request import check_request
from .text import TextModel, encode_text, load_text_model
from .texture import Painter, load_painter, match_seam, paint_albedo, part_hair, tangent_normals
from .types import Head, HeadRequest, Latents, Progress, TextureSet, no_progress
from .uv import Layout, draw_uv_maps, load_layout, unwrap


@dataclass(frozen=True)
class Models:
    """Every model the method needs, loaded once."""

    text: TextModel
    mapping: Mapping
    nphm: NPHM
    layout: Layout
    painter: Painter


def load_models(folder: Path = EMBEDDED, progress: Progress = no_progress) -> Models:
    """Load the models in `folder`: text/, mapping/, nphm/, texture/, or the official files, converted on first load.

    Where there is no texture/, the embedded painter paints. Raises ModelError naming what is wrong.
    """
    progress("models", 0.0)
    if is_official(folder):
        folder = convert_official(folder)
    text = load_text_model(folder / "text")
    progress("models", 0.4)
    mapping = load_mapping(folder / "mapping")
    nphm = load_nphm(folder / "nphm")
    progress("models", 0.6)
    if (folder / "texture").is_dir():
        painter = load_painter(folder / "texture", text)
    else:
        painter = load_painter(EMBEDDED / "texture", load_text_model(EMBEDDED / "text"))
    progress("models", 1.0)
    return Models(text, mapping, nphm, load_layout(), painter)


def generate_head(request: HeadRequest, models: Models, progress: Progress = no_progress) -> Head:
    """Make the head that the request asks for. Same request and models, same head, bit for bit.

    Raises RequestError for a request that makes no sense, ModelError when a model computes NaN, MeshError when the
    surface is no head, Cancelled when `progress` says so.
    """
    check_request(request)
    seconds: dict[str, float] = {}

    with _stage("words", seconds, progress):
        appearance, expression = encode_text(models.text, [request.prompt, request.expression or request.prompt])
        z_id = map_identity(models.mapping, appearance, request.seed)
        z_exp = map_expression(models.mapping, expression)
        latents = Latents(z_id, z_exp)

    with _stage("geometry", seconds, progress):
        head = decode_head(models.nphm, latents)
        surface = extract_head(head, request.resolution, progress)

    with _stage("unwrap", seconds, progress):
        mesh = unwrap(surface, models.layout)

    with _stage("maps", seconds, progress):
        control = draw_uv_maps(mesh, models.painter.size)
        maps = draw_uv_maps(mesh, request.texture_size)

    with _stage("texture", seconds, progress):
        words = request.skin or request.prompt
        painted = paint_albedo(models.painter, control, words, request.seed, request.texture_size, progress)
        normals, hair = read_surface(head, maps.position[maps.mask])
        albedo = match_seam(painted if hair is None else part_hair(painted, maps.mask, hair), mesh)
        normal = tangent_normals(mesh, maps, normals)
        textures = TextureSet(albedo, normal)

    used = (models.text.card, models.mapping.card, models.nphm.card, models.painter.card)
    return Head(request, latents, mesh, maps, textures, seconds, used)


@contextmanager
def _stage(name: str, seconds: dict[str, float], progress: Progress) -> Iterator[None]:
    progress(name, 0.0)
    start = perf_counter()
    yield
    seconds[name] = perf_counter() - start
    progress(name, 1.0)
