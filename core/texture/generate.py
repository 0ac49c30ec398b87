"""Control image to textures: ControlNet_uv with latent diffusion for the albedo, and the maps that follow from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from ..nphm import DecodedHead, SurfaceFacts, read_surface
from ..types import (
    Bools,
    Bytes,
    Edit,
    Floats,
    HeadRequest,
    ModelCard,
    Progress,
    TextureSet,
    UnwrappedMesh,
    UVMaps,
    no_progress,
)
from ..uv import carry_to_all, draw_uv_maps
from .albedo.bare_face import bare_face, beard_colour, lip_weight, wears_make_up
from .albedo.beard import tint_beard, tint_roots
from .albedo.canonical import Canonical
from .albedo.composite import composite_albedo, hair_tone, pattern_at, split_layers
from .albedo.correspondence import UVCorrespondence, find_correspondence
from .albedo.irises import with_irises
from .albedo.marks import affirmed, mark_tints, read_marks, side_of
from .albedo.seam import match_seam
from .albedo.skin_detail import SkinDetail
from .albedo.strands import strand_pattern
from .edit import keep_rest
from .material.maps import derive_maps
from .material.substance import has_skin, in_hue_of_material
from .models import TextureModels
from .painter.paint import Painter, paint_albedo
from .painter.upscale import upscale
from .regions import Regions, region_weights

#: Side, in texels, of the largest chart at whose texels the head model is evaluated. On larger ones its facts are
#: interpolated: the model's grids, 1.3 mm apart, hold no finer detail.
_FACTS_SIZE = 1024
#: Brows are so much darker than the hair, as a factor of its sRGB colour.
_BROW_SHADE = 0.75


@dataclass(frozen=True)
class Painted:
    """An albedo in the head's own UV, before its beard is tinted and its seam matched.

    albedo (H, W, 3): sRGB bytes.
    pattern_at: gives the pattern of strands (n, 4) at those n of the chart's N texels that it is asked for.
    wrinkles (N,): heights of the skin there, millimetres; None without wrinkles.
    models: cards of the models that painted it.
    picture (S, S, 3): as it was painted on the canonical head, sRGB bytes; None where it was not painted there.
    hair (S, S, 3): its broad colours of hair, sRGB 0 to 255; None likewise.
    brows, beard (3,): colours of strands, sRGB 0 to 255; None where the face's hair is not strands.
    """

    albedo: Bytes
    pattern_at: Callable[[Bools], Floats]
    wrinkles: Floats | None
    models: tuple[ModelCard, ...]
    picture: Bytes | None = None
    hair: Floats | None = None
    brows: Floats | None = None
    beard: Floats | None = None


def texture(
    request: HeadRequest,
    mesh: UnwrappedMesh,
    maps: UVMaps,
    head: DecodedHead | None,
    edit: Edit | None,
    models: TextureModels,
    progress: Progress = no_progress,
    facts: SurfaceFacts | None = None,
) -> tuple[TextureSet, Painted]:
    """Paint an unwrapped head, and derive its material (CLIP-Head, section 2.3).

    request: of it the words that are painted (looks, negative), seed and texture_size count.
    mesh: the head.
    maps: of the mesh, of texture_size.
    head: the head model's field for it; None for a mesh that no model made.
    edit: the albedo that is painted over; None for a new one.
    models: loaded.
    progress: called as progress("texture", fraction); what it raises ends the work at once.
    facts: of the N texels of the chart, where they are known; None: the head's model is asked.
    Returns the textures, and what was painted for them. Raises ModelError when a model computes NaN.
    """
    if facts is None:
        facts = SurfaceFacts(maps.normal[maps.mask]) if head is None else surface_facts(head, maps)
    placed = None if head is None else models.canonical_on(head)
    if head is None or models.canonical is None or placed is None:
        painted = paint_on_own_uv(request, mesh, maps, edit, models, progress)
    else:
        control = models.canonical.control(placed, models.painter.size)
        painted = paint_on_canonical(request, mesh, head, facts, control, edit, models, models.canonical, progress)
    if facts.brows is None or painted.brows is None or painted.beard is None:
        bearded = tint_beard(painted.albedo, maps.mask, facts.hair, facts.beard, painted.pattern_at)
    else:
        bearded = tint_roots(painted.albedo, maps.mask, facts.brows, facts.beard, painted.brows, painted.beard)
    albedo = match_seam(bearded, mesh)
    if edit is not None:
        albedo = keep_rest(albedo, edit, maps.mask, request.texture_size)
    regions = _regions(mesh, head, models, facts.brows is not None)
    words = request.substance_words
    return derive_maps(albedo, mesh, maps, facts, regions, models.template, words, painted.wrinkles), painted


def paint_on_own_uv(
    request: HeadRequest,
    mesh: UnwrappedMesh,
    maps: UVMaps,
    edit: Edit | None,
    models: TextureModels,
    progress: Progress = no_progress,
) -> Painted:
    """Paint as the paper does: the control image is the head's normals in its own UV. Parameters as in `texture`."""
    control = draw_uv_maps(mesh, models.painter.size)
    albedo = _paint(models.painter, control, request, request.texture_size, edit, progress)
    points, crown = maps.position[maps.mask], models.template.crown
    return Painted(albedo, lambda texels: strand_pattern(points[texels], crown), None, (models.painter.card,))


def paint_on_canonical(
    request: HeadRequest,
    mesh: UnwrappedMesh,
    head: DecodedHead,
    facts: SurfaceFacts,
    control: UVMaps,
    edit: Edit | None,
    models: TextureModels,
    canonical: Canonical,
    progress: Progress = no_progress,
) -> Painted:
    """Paint on the canonical head, and carry what was painted to the head's own UV, with what is finer than it.

    facts: of the N texels of the head's chart.
    control: the head's normals drawn in the canonical UV, of the painter's size.
    canonical: the head that models.painter paints on.
    The rest as in `texture`.
    """
    painter, template = models.painter, models.template
    correspondence = find_correspondence(canonical, mesh, request.texture_size)
    if edit is not None:
        edit = correspondence.edit_to_canonical(edit, facts.hair, template, painter.size)
    picture = _paint(painter, control, request, painter.size, edit, progress)
    picture = in_hue_of_material(picture, request.looks)
    # Strands and geometry show what is painted of a face's hair, of shut lids and of lips: the skin below is bare.
    shown, face = picture, None
    if facts.brows is not None and models.canonical_regions is not None:
        painted_on = wears_make_up(request.looks)
        face = bare_face(picture, canonical, template, models.canonical_regions, painted_on)
        shown = face.picture
    large = upscale(models.upscaler, shown, request.texture_size)
    upscaled_by = (models.upscaler.card,) if models.upscaler is not None and len(large) > len(picture) else ()
    if models.canonical_eyes is not None:
        large = with_irises(large, canonical, template, models.canonical_eyes)
    detail = models.skin_detail if has_skin(*request.substance_words) else None
    wrinkles = marks = None
    if detail is not None:
        wrinkles = correspondence.to_head(detail.wrinkled(head.z_id.numpy())[..., None], order=1)[:, 0]
        marks = _marks(request, correspondence, detail, painter)
    albedo = composite_albedo(
        canonical, large, correspondence, template, facts.hair, facts.frizz, detail, wrinkles, marks
    )
    hair, pattern = (
        split_layers(canonical, large, template).hair,
        partial(pattern_at, correspondence, crown=template.crown),
    )
    made = Painted(albedo, pattern, wrinkles, (painter.card, *upscaled_by), picture, hair)
    if face is None:
        return made
    tone = hair_tone(hair, canonical, template)
    return replace(made, brows=_BROW_SHADE * tone, beard=beard_colour(tone, face))


def _regions(mesh: UnwrappedMesh, head: DecodedHead | None, models: TextureModels, bared: bool) -> Regions:
    """The regions of a mesh's vertices.

    head: the head model's field for it; None for a mesh that no model made.
    bared: whether its lips are painted within their border alone.
    """
    points = None if head is None else mesh.template_points
    if points is not None and models.canonical is not None and models.canonical.holds(mesh):
        # An asset's vertices are those of the template: the same regions on every head.
        mesh = replace(mesh, vertices=points)
    regions = region_weights(models.network, points, mesh)
    return regions if points is None or not bared else replace(regions, lips=regions.lips * lip_weight(points))


def surface_facts(head: DecodedHead, maps: UVMaps) -> SurfaceFacts:
    """What the head's model says of the texels of its chart (see _FACTS_SIZE).

    head: decoded.
    maps: of the mesh, with N texels in maps.mask.
    """
    step = max(1, len(maps.mask) // _FACTS_SIZE)
    facts = read_surface(head, maps.position[::step, ::step][maps.mask[::step, ::step]])
    normals = carry_to_all(facts.normals, maps.mask, step)
    hair, beard = (
        None if values is None else carry_to_all(values[:, None], maps.mask, step)[:, 0]
        for values in (facts.hair, facts.beard)
    )
    return replace(facts, normals=normals / np.linalg.norm(normals, axis=1, keepdims=True), hair=hair, beard=beard)


def _marks(
    request: HeadRequest, correspondence: UVCorrespondence, detail: SkinDetail, painter: Painter
) -> Floats | None:
    """The factors (N, 3) by which freckles and other marks darken the skin's red, green and blue; None where the words
    ask for none."""
    if painter.embed is None:
        return None
    strengths = read_marks(detail.marking, painter.embed(affirmed(request.looks))[0].numpy())
    if not strengths.any():
        return None
    bare = correspondence.to_head(detail.bare[..., None], order=1)
    tints = mark_tints(correspondence.points, detail.marks, strengths, request.seed, side_of(request.looks))
    return np.asarray(1 - bare * (1 - tints), np.float32)


def _paint(
    painter: Painter, control: UVMaps, request: HeadRequest, size: int, edit: Edit | None, progress: Progress
) -> Bytes:
    """The painter's picture (size, size, 3) over the control image, before anything corrects it."""
    return paint_albedo(painter, control, request.looks, request.seed, size, progress, request.negative, edit)
