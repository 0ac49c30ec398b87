"""Other hair for the head of an asset that is there, by words: its shape, its face and its expression stay."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import torch
from scipy.ndimage import binary_dilation
from scipy.spatial import cKDTree

from .asset.assemble import facts_by_template
from .asset.build import bound_to, hair_parts, head_grooms, head_part
from .asset.head import place_head
from .asset.template import AssetTemplate
from .errors import ModelError, RequestError
from .hair.read import ask_change, changed
from .hair.style import hairstyle_of_code, with_hairstyle
from .nphm import SurfaceFacts, decode_head
from .pipeline import Models, known_styles, texture_head
from .request import check_request
from .stages import stage
from .text.hair_words import colour_of, without_colour
from .text.plain import plain_request, read_as
from .texture.template import HAIRLINE_BEGINS
from .types import (
    AssetPart,
    Bools,
    Canvas,
    Edit,
    Floats,
    Groom,
    HairChange,
    Hairstyle,
    HeadRequest,
    Latents,
    Progress,
    UnwrappedMesh,
    no_progress,
)
from .uv import draw_uv_maps
from .uv.maps import at_texels

#: Difference of the hair on a texel, 0 to 1, from which on it is painted anew.
CHANGED = 0.02
#: Thickness of a beard, units (1.5 mm), from which on the skin below counts as changed.
BEARD = 0.006
#: How far around what changes the skin is painted anew, as a part of the picture's side.
AROUND = 0.016
#: Farthest from its place on the template, units, that a vertex of the mesh that is there is the template's own.
SAME_POINT = 1e-4
#: Parts that are hair, and whose pictures are its colours.
PARTS = ("Hair", "Beard")


def change_hair(request: HeadRequest, canvas: Canvas, models: Models, progress: Progress = no_progress) -> HairChange:
    """Other hair for a head that is there. Same request, canvas and models, same bytes.

    request: its prompt is the words for the hair, "a long red plait", "messier", "bushy eyebrows"; its skin the words
        by which the skin was painted that the head wears; seed, variation and texture_size count, too.
    canvas: the head's own quads, with its codes, what it wears, and the skin, which stays where there is none.
    models: loaded.
    progress: is told the stages; what it raises ends the work at once.
    Raises RequestError for a head without codes and for words that ask for no hair, ModelError where the models know no
    grooms or compute NaN.
    """
    check_request(request)
    template = models.asset
    if template is None or template.grooms is None or models.hair is None:
        raise ModelError(f"The head model {models.nphm.card.name} has no grooms.", "Use the embedded models for this.")
    if canvas.latents is None or not isinstance(canvas.mesh, UnwrappedMesh):
        raise RequestError("This head has no codes, which say what hair it wears.", "Choose a head of CLIP-Head's.")
    seconds: dict[str, float] = {}
    config = template.network.config
    worn = canvas.hairstyle or hairstyle_of_code(canvas.latents.z_id, config)
    with stage("words", seconds, progress):
        plain = plain_request(models.reader, request)
        known, drawn = frozenset(template.grooms.grooms), (plain.seed, plain.variation)
        styles = partial(known_styles, models)
        asked = ask_change(plain.prompt, *drawn, models.hair, models.text, known, styles)
        hairstyle = changed(worn, asked)
        colour = colour_of(plain.prompt)
        if asked.nothing and not colour:
            raise RequestError(
                f"The words {request.prompt!r} ask for no hair, beard or brows.",
                'Name a style or a degree, for example "a long red plait", "messier" or "bushy eyebrows".',
            )
        latents = with_hairstyle(canvas.latents, hairstyle, template.grooms, config)
    with stage("geometry", seconds, progress):
        grooms, parts = hair_on(template, canvas.mesh, latents, hairstyle, models)
    change = HairChange(hairstyle, latents, grooms, parts, read_as=read_as(request, plain))
    cards = (
        models.text.card,
        models.mapping.card,
        models.hair.card,
        models.nphm.card,
        template.card,
        template.grooms.card,
    )
    change = replace(change, models=cards)
    return painted(change, worn, plain, colour, canvas, models, progress)


def hair_on(
    template: AssetTemplate, mesh: UnwrappedMesh, latents: Latents, hairstyle: Hairstyle, models: Models
) -> tuple[tuple[Groom, ...], tuple[AssetPart, ...]]:
    """The grooms of a head, rooted on its mesh as that is, with densities at that one's vertices, and the same hair as
    closed volumes.

    template: the asset model.
    mesh: the head's skin, whose vertices may have been sculpted.
    latents: of the head.
    hairstyle: what it wears.
    models: loaded.
    """
    placed = place_head(template, latents.z_id)
    with torch.inference_mode():
        field = template.network.at(torch.from_numpy(latents.z_id))
    head = head_part(template, placed)
    volumes = hair_parts(template, placed, field, head, models.texture.template.crown)
    grooms = head_grooms(template, field, hairstyle, on_mesh(template.head.points, placed.neutral, mesh))
    if mesh.template_points is not None:
        near = cKDTree(template.head.points).query(mesh.template_points)[1]
        grooms = tuple(replace(groom, density=groom.density[near]) for groom in grooms)
    return grooms, tuple(bound_to(part, head) for part in volumes)


def on_mesh(points: Floats, vertices: Floats, mesh: UnwrappedMesh) -> Floats:
    """The vertices (V, 3) of a head where a mesh has them; those that it lacks stay.

    points: (V, 3) of the template.
    vertices: (V, 3) of the head, units.
    mesh: of the same head, whatever was sculpted.
    """
    if mesh.template_points is None:
        return vertices
    distance, near = cKDTree(mesh.template_points).query(points)
    return np.where((distance < SAME_POINT)[:, None], mesh.vertices[near], vertices).astype(np.float32)


def painted(
    change: HairChange,
    worn: Hairstyle,
    request: HeadRequest,
    colour: str,
    canvas: Canvas,
    models: Models,
    progress: Progress = no_progress,
) -> HairChange:
    """The change with the skin painted where hair has come, gone or changed its colour, and with the pictures of hair
    whose colour is new.

    change: without them.
    worn: what the head wore.
    request: in plain English, as of `change_hair`.
    colour: that its words name; "" for none.
    canvas: the head, as it was.
    models, progress: as of `change_hair`.
    """
    template, mesh = models.asset, canvas.mesh
    if canvas.edit is None or canvas.latents is None or template is None or not isinstance(mesh, UnwrappedMesh):
        return change
    maps = draw_uv_maps(mesh, request.texture_size)
    before, after = (
        facts_by_template(decode_head(models.nphm, latents), mesh, maps, template, hairstyle)
        for latents, hairstyle in ((canvas.latents, worn), (change.latents, change.hairstyle))
    )
    differs = changed_texels(before, after, bool(colour))
    if not differs.any():
        return change
    mask = np.zeros(maps.mask.shape, bool)
    mask[maps.mask] = differs
    if colour and mesh.template_points is not None:
        # All of the canonical scalp, from which the colours of hair are read.
        points = at_texels(mesh.template_points, mesh, maps.mask.shape)
        mask[maps.mask] |= models.texture.template.scalp_height(points) > HAIRLINE_BEGINS
    # What is new fades out on the inside of the mask (core/texture/edit.py): further out than it has to be whole.
    mask = binary_dilation(mask, iterations=max(1, round(AROUND * len(mask))))
    looks = request.skin or "a person"
    looks = f"{without_colour(looks)}, {colour} hair" if colour else looks
    looks = f"{looks}, {request.prompt}" if after.beard is not None else looks
    edited = replace(
        canvas,
        latents=change.latents,
        edit=Edit(canvas.edit.albedo, 1.0, mask.astype(np.float32)),
        hairstyle=change.hairstyle,
    )
    head = texture_head(replace(request, prompt=looks, skin="", expression=""), edited, models, progress)
    new = set(PARTS) if colour else {"Beard"} if before.beard is None else set()
    images = {name: image for name, image in head.part_images.items() if name in new}
    cards = dict.fromkeys((*change.models, *head.models))
    return replace(change, textures=head.textures, part_images=images, models=tuple(cards))


def changed_texels(before: SurfaceFacts, after: SurfaceFacts, coloured: bool) -> Bools:
    """Where a skin shows other hair than before (N,).

    before, after: of the N texels of its chart.
    coloured: whether all hair has a new colour.
    """
    none = np.zeros(len(before.normals), np.float32)

    def grown(facts: SurfaceFacts) -> Floats:
        beard = none if facts.beard is None else (facts.beard > BEARD).astype(np.float32)
        return np.stack([none if facts.hair is None else facts.hair, beard])

    differs = np.abs(grown(after) - grown(before)).max(axis=0) > CHANGED
    return np.asarray(differs | (grown(after).max(axis=0) > CHANGED) if coloured else differs)
