"""A head between two: codes, skins and pictures of two assets, which share their vertices' order and their UV."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .asset.assemble import asset_of, facts_by_template
from .asset.pictures import TEETH
from .asset.template import skin_mesh
from .errors import ModelError
from .mixture import Mixture, Parent, check_mixture
from .nphm import decode_head
from .pipeline import Models
from .stages import stage
from .text.plain import plain_request
from .texture import texture
from .texture.albedo.beard import OPAQUE_BEARD
from .texture.edit import resized
from .texture.procedural import smooth_step
from .types import Bytes, Edit, Floats, Head, Latents, Progress, UnwrappedMesh, UVMaps, no_progress
from .uv import draw_uv_maps

#: Thickness from which on a beard counts as all there is, units: its colour shows on the skin before it hides it.
TINTED_BEARD = OPAQUE_BEARD / 8
#: How far, 0 to 1, two heads may differ in hair and beard where both count as bare skin.
SAME = 0.02


def mix_heads(mixture: Mixture, models: Models, progress: Progress = no_progress) -> Head:
    """Make the head between two. Same mixture and models, same bytes; at 0 and 1 the geometry and albedo of a parent.

    The shape is linear in the codes, so vertices lie between those of the parents. Hair, beard and teeth are the nearer
    parent's; all colours lie between.

    mixture: the parents and the fraction.
    models: loaded.
    progress: is told the stages; what it raises ends the work at once.
    Raises RequestError for a mixture that makes no sense, ModelError where the models know no quads.
    """
    check_mixture(mixture)
    quads = models.asset
    if quads is None:
        raise ModelError(f"The head model {models.nphm.card.name} has no quads.", "Use the embedded models for this.")
    seconds: dict[str, float] = {}
    request, nearer = mixture.request, mixture.nearer
    with stage("words", seconds, progress):
        plain = replace(plain_request(models.reader, nearer.request), texture_size=request.texture_size)
    with stage("geometry", seconds, progress):
        config = quads.network.config
        styles = len(config.styles) + len(config.beards)
        latents = mix_latents(mixture.first.latents, mixture.second.latents, mixture.fraction, styles)
        head = decode_head(models.nphm, latents)
        asset = asset_of(plain, latents, quads, models.texture.template, hairstyle=nearer.hairstyle)
    with stage("unwrap", seconds, progress):
        mesh = skin_mesh(quads.head, asset.parts[0].vertices)
    with stage("maps", seconds, progress):
        maps = draw_uv_maps(mesh, request.texture_size)
    with stage("texture", seconds, progress):
        albedo = _mixed_albedo(mixture, mesh, maps, models)
        facts = facts_by_template(head, mesh, maps, quads, nearer.hairstyle)
        # An edit of no strength keeps the albedo, and all that follows from it and the shape is derived.
        textures, _ = texture(plain, mesh, maps, head, Edit(albedo, 0.0), models.texture, progress, facts)
    built_by = (models.nphm.card, quads.card, *([quads.grooms.card] if quads.grooms else []))
    made_by = dict.fromkeys((*mixture.first.models, *mixture.second.models, *built_by))
    return Head(
        request,
        latents,
        mesh,
        maps,
        textures,
        seconds,
        tuple(made_by),
        skin_tone=nearer.skin_tone,
        asset=replace(asset, weights=mixture.weights),
        part_images=mix_pictures(mixture),
    )


def mix_latents(first: Latents, second: Latents, fraction: float, styles: int) -> Latents:
    """Codes between two pairs.

    first, second: of heads of one head model.
    fraction: 0 to 1.
    styles: how many scores of hair styles and beards end z_id: these are the nearer head's, since half of each is a
        style that nobody wears.
    """
    z_id, z_exp = (
        ((1 - fraction) * one + fraction * other).astype(np.float32)  # exact at 0 and 1
        for one, other in ((first.z_id, second.z_id), (first.z_exp, second.z_exp))
    )
    nearer = first if fraction < 0.5 else second
    shape = len(z_id) - styles
    return Latents(np.concatenate([z_id[:shape], nearer.z_id[shape:]]), z_exp)


def mix_pictures(mixture: Mixture) -> dict[str, Bytes]:
    """The pictures of the nearer head's parts, in colours between both; teeth keep theirs, which their shape fits.

    mixture: of assets, whose parts of one name share a UV.
    """
    nearer, other = mixture.nearer, mixture.second if mixture.nearer is mixture.first else mixture.first
    distance = min(mixture.fraction, 1 - mixture.fraction)
    mixed = {}
    for name, picture in nearer.pictures.items():
        theirs = other.pictures.get(name)
        halved = name != TEETH and theirs is not None and theirs.shape == picture.shape
        mixed[name] = _between(picture, theirs, distance) if halved and theirs is not None else picture
    return mixed


def _mixed_albedo(mixture: Mixture, mesh: UnwrappedMesh, maps: UVMaps, models: Models) -> Bytes:
    """The albedo between both; where one shows hair and the other skin, the nearer head's, whose hair it is, and its
    skin there in the tone of the skin between both.

    mesh: the skin, of any head.
    maps: of it, of the albedo's size.
    """
    pair = mixture.first, mixture.second
    first, second = (resized(parent.albedo, len(maps.mask)) for parent in pair)
    albedo = _between(first, second, mixture.fraction)
    nearer = (first, second)[mixture.nearer is mixture.second][maps.mask].astype(np.float32)
    covers = [_covers(parent, mesh, maps, models) for parent in pair]
    differs = np.abs(covers[0] - covers[1]).max(axis=1, keepdims=True)
    bare = 1 - covers[mixture.nearer is mixture.second].max(axis=1, keepdims=True)
    between = albedo[maps.mask].astype(np.float32)
    both_bare = (differs < SAME)[:, 0] & (bare > 1 - SAME)[:, 0]
    tone = np.median((between - nearer)[both_bare], axis=0) if both_bare.any() else np.zeros(3, np.float32)
    chosen = between + differs * (nearer + bare * tone - between)
    albedo[maps.mask] = np.round(chosen).clip(0, 255).astype(np.uint8)
    return albedo


def _covers(parent: Parent, mesh: UnwrappedMesh, maps: UVMaps, models: Models) -> Floats:
    """How far the texels of the chart (N, 2) show hair, and a beard, on one of the parents, 0 to 1 each."""
    assert models.asset is not None  # as mix_heads saw
    decoded = decode_head(models.nphm, parent.latents)
    facts = facts_by_template(decoded, mesh, maps, models.asset, parent.hairstyle)
    none = np.zeros(len(facts.normals), np.float32)
    hair = none if facts.hair is None else facts.hair
    beard = none if facts.beard is None else smooth_step(facts.beard / TINTED_BEARD)
    return np.stack([hair, beard], axis=1)


def _between(first: Bytes, second: Bytes, weight: float) -> Bytes:
    """Bytes from the first (weight 0) to the second (1), rounded."""
    mixed = first + weight * (second.astype(np.float32) - first)
    return np.round(mixed).clip(0, 255).astype(np.uint8)
