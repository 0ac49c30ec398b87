"""All that the material needs beside the albedo, from geometry, regions and albedo alone: the same maps every time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
from scipy import ndimage

from ...normals import angle_weighted_normals
from ...nphm import SurfaceFacts
from ...parts import by_parts
from ...types import Bools, Bytes, Floats, TextureSet, UnwrappedMesh, UVMaps
from ...uv.maps import carry_to_all, texels_on_mesh
from ...uv.raster import Margin, dilate, interpolate
from ..albedo.beard import OPAQUE_BEARD
from ..procedural import luminance_of, smooth_step
from ..regions import Regions
from ..template import TemplateFacts
from .occlusion import ambient_occlusion
from .relief import (
    bristle_relief,
    hair_relief,
    lip_relief,
    painted_relief,
    painted_width,
    skin_relief,
    slopes,
    texel_size,
)
from .substance import Substance, first_substance
from .tangent import MARGIN, tangent_normals

#: Heights (N,) of points (N, 3).
Relief = Callable[[Floats], Floats]
#: Side, pixels, of the largest image on which what varies slowly over the head is drawn; it is enlarged from there.
_BROAD = 512
#: Roughness and weight of scattering by region, 0 to 1: skin's, and what lies over it. Oily places are smoother, hair
#: scatters nothing, eyes are wet.
_SKIN = (0.5, 1.0)
_NOSE = (0.42, 1.0)
_EARS = (0.52, 1.0)
_BROWS = (0.6, 0.4)
_BEARD = (0.62, 0.1)
_HAIR = (0.48, 0.0)
_LIPS = (0.36, 1.0)
_MOUTH = (0.3, 1.0)
_EYES = (0.12, 0.15)
#: How much rougher hair is that is curls all over.
_FRIZZ = 0.37
#: Weight of the moist layer, 0 to 1: the cornea's and a film of tears, and what the tongue leaves on the lips.
_COAT_EYES, _COAT_LIPS, _COAT_MOUTH = 1.0, 0.35, 0.15
#: How much darker than skin (0 to 1) brows are.
_DARK_BROWS = 0.12
#: How much rougher a wholly occluded place is, where dust and sweat gather; and how much rougher per unit of brightness
#: over the surroundings, as dry skin is, of differences up to the limit.
_CAVITY, _BRIGHT, _BRIGHT_LIMIT = 0.25, 0.5, 0.1


def derive_maps(
    albedo: Bytes,
    mesh: UnwrappedMesh,
    maps: UVMaps,
    facts: SurfaceFacts,
    regions: Regions,
    template: TemplateFacts,
    words: tuple[str, ...] = (),
    wrinkles: Floats | None = None,
) -> TextureSet:
    """The material's images for an albedo on a mesh, in seconds.

    albedo (H, W, 3): sRGB bytes.
    mesh: of V vertices.
    maps: of the mesh, of the albedo's size, with N texels in maps.mask.
    facts: what the head model knows of these N texels.
    regions: of the mesh's V vertices.
    template: where hair falls from.
    words: where they name a substance that the whole head is made of (substance.py), it is metal, stone, wood, ... all
        over; the first that does counts.
    wrinkles (N,): heights at the texels, millimetres; None: there are none.
    """
    mask = maps.mask
    face = texels_on_mesh(mesh, maps)[0]
    occlusion = ambient_occlusion(mesh.vertices, angle_weighted_normals(mesh.vertices, mesh.faces, mesh.source))
    broad = _drawn(np.column_stack([regions.stacked(), occlusion]), mesh, maps)
    here, occlusion = Regions.unstacked(broad[:, :-1]), broad[:, -1]
    hair = np.zeros(len(occlusion), np.float32) if facts.hair is None else facts.hair
    beard = np.zeros_like(hair) if facts.beard is None else smooth_step(facts.beard / OPAQUE_BEARD)

    texel = texel_size(mesh, len(albedo))
    luminance = luminance_of(albedo)
    wide = ndimage.gaussian_filter(luminance, painted_width(texel), truncate=2.5)
    here = _painted_brows(here, luminance[mask], hair)
    substance = first_substance(*words)
    height = np.zeros(mask.shape, np.float32)
    fallen: Relief = partial(hair_relief, texel=texel, crown=template.relief_crown, frizz=facts.frizz)
    height[mask] = _relief(maps.position[mask], here, hair, beard, fallen, texel, substance)
    if wrinkles is not None:
        height[mask] += wrinkles * (1 - hair) * (1 - beard) * (1 - here.lips) * (1 - here.eyes)
    if substance is None:
        plain = (1 - here.eyes) * (1 - here.brows) * (1 - here.lips) * (1 - here.mouth)
        height[mask] += plain * painted_relief(luminance[mask], wide[mask])

    margin = Margin(mask, MARGIN * len(mask))
    relief = slopes(margin.fill(height), mesh, face, maps)
    normal = tangent_normals(mesh, maps, facts.normals, relief, margin)
    if substance is None:
        rough, scatter, coat = _flesh(here, hair, beard)
        rough += _FRIZZ * facts.frizz * hair
        rough += _BRIGHT * np.clip(luminance[mask] - wide[mask], -_BRIGHT_LIMIT, _BRIGHT_LIMIT) * (rough > 0.2)
    else:
        grain = height[mask] / max(float(np.abs(height).max()), 1e-6)
        rough = substance.roughness * (1 + substance.grain * grain)
        scatter, coat = np.full_like(hair, substance.subsurface), np.zeros_like(hair)
    rough += _CAVITY * (1 - occlusion) * (1 - coat)
    return TextureSet(
        albedo,
        normal,
        _grey(rough, mask, margin),
        _grey(scatter, mask, margin),
        _grey(coat, mask, margin),
        _grey(occlusion, mask, margin),
        0.0 if substance is None else substance.metallic,
    )


def _flesh(here: Regions, hair: Floats, beard: Floats) -> tuple[Floats, Floats, Floats]:
    """Roughness, weight of scattering and of the moist layer (N,) of a living head."""
    bare = (1 - beard) * (1 - hair)
    layers = (
        (here.nose, _NOSE),
        (here.ears, _EARS),
        (here.lips, _LIPS),
        (here.brows, _BROWS),
        (beard, _BEARD),
        (here.mouth, _MOUTH),
        (here.eyes, _EYES),
        (hair, _HAIR),
    )
    rough, scatter = (np.full(len(hair), value, np.float32) for value in _SKIN)
    for weight, (own_rough, own_scatter) in layers:
        rough += weight * (own_rough - rough)
        scatter += weight * (own_scatter - scatter)
    coat = np.maximum(_COAT_LIPS * smooth_step((here.lips - 0.5) / 0.5) * bare, _COAT_MOUTH * here.mouth * bare)
    return rough, scatter, np.maximum(coat, _COAT_EYES * here.eyes * (1 - hair))


def _painted_brows(here: Regions, luminance: Floats, hair: Floats) -> Regions:
    """The regions with brows where these are painted: darker than the skin. A head may have none."""
    skin = (hair < 0.05) & (here.brows < 0.05)
    usual = float(np.median(luminance[skin])) if skin.any() else 1.0
    return replace(here, brows=here.brows * smooth_step((usual - luminance) / _DARK_BROWS))


def _relief(
    points: Floats,
    here: Regions,
    hair: Floats,
    beard: Floats,
    fallen: Relief,
    texel: float,
    substance: Substance | None,
) -> Floats:
    """Heights (N,), millimetres, of what is finer than the mesh, each kind where it grows. What is cast or carved has
    its hair and an even grain. fallen: the relief of hair."""
    bumps, lines, bristles = (partial(each, texel=texel) for each in (skin_relief, lip_relief, bristle_relief))
    layers: list[tuple[Relief, Floats]] = [(fallen, hair)]
    if substance is None:
        smooth = np.maximum.reduce([here.eyes, here.mouth, here.lips, hair, beard])
        layers += [
            (bumps, (1 - smooth) * (0.7 + 0.5 * here.nose)),
            (lines, here.lips * (1 - here.mouth) * (1 - beard)),
            (bristles, np.maximum(beard, here.brows) * (1 - hair)),
        ]
    else:
        layers += [(bumps, substance.grain * (1 - hair)), (bristles, beard)]
    relief = np.zeros(len(points), np.float32)
    for drawn, weight in layers:
        there = weight > 0.02
        relief[there] += weight[there] * by_parts(drawn, points[there])
    return relief


def _drawn(values: Floats, mesh: UnwrappedMesh, maps: UVMaps) -> Floats:
    """Vertex values (V, C) at the N texels of maps.mask: drawn at every few of them, linear in between."""
    step = -(-max(maps.mask.shape) // _BROAD)
    face, barycentric = texels_on_mesh(mesh, maps)
    few = face[::step, ::step]
    image = dilate(interpolate(values, mesh.faces, few, barycentric[::step, ::step]), few >= 0, float("inf"))
    return carry_to_all(image[maps.mask[::step, ::step]], maps.mask, step)


def _grey(values: Floats, mask: Bools, margin: Margin) -> Bytes:
    """Bytes (H, W) of values (N,), 0 to 1, of the texels in `mask`; 0 far outside."""
    image = np.zeros(mask.shape, np.uint8)
    image[mask] = np.round(values.clip(0, 1) * 255)
    return margin.fill(image)
