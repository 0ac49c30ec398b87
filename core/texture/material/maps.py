"""All that the material needs beside the albedo, from geometry, regions and albedo alone: the same maps every time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
from scipy import ndimage

from ...nphm import SurfaceFacts
from ...parts import by_parts
from ...types import Bools, Bytes, Floats, TextureSet, UnwrappedMesh, UVMaps
from ...uv.maps import carry_to_all, normals_of, texels_on_mesh
from ...uv.raster import Margin, dilate, find_margin, interpolate
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
#: Roughness and weight of scattering by region, 0 to 1: skin's, and of what lies over it. Oily places are smoother,
#: hair scatters nothing, eyes are wet. Chosen by eye on renders.
_SKIN = (0.5, 1.0)
_NOSE = (0.42, 1.0)
_EARS = (0.52, 1.0)
_BROWS = (0.6, 0.4)
_BEARD = (0.62, 0.1)
_HAIR = (0.48, 0.0)
_LIPS = (0.36, 1.0)
_MOUTH = (0.3, 1.0)
_EYES = (0.12, 0.15)
#: Roughness that hair gains where it is curls all over.
_FRIZZ = 0.37
#: Weight of the moist layer, 0 to 1: cornea and tears on the eyes, moisture on the lips and in the mouth.
_COAT_EYES, _COAT_LIPS, _COAT_MOUTH = 1.0, 0.35, 0.15
#: How much darker than skin (0 to 1) brows are.
_DARK_BROWS = 0.12
#: Roughness that a wholly occluded place gains: dust and sweat gather there.
_CAVITY = 0.25
#: Roughness per unit of brightness (0 to 1) above the surroundings, as dry skin has more; and the largest difference of
#: brightness that counts.
_BRIGHT, _BRIGHT_LIMIT = 0.5, 0.1


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
    """Derive the material's images from an albedo and the geometry.

    albedo (H, W, 3): sRGB bytes.
    mesh: of V vertices.
    maps: of the mesh, of the albedo's size, with N texels in maps.mask.
    facts: what the head model says of these N texels.
    regions: of the mesh's V vertices.
    template: where hair falls from.
    words: texts of which the first counts that names a substance of the whole head (substance.py), such as marble.
    wrinkles (N,): heights at the texels, millimetres; None for none.
    """
    mask = maps.mask
    face = texels_on_mesh(mesh, maps)[0]
    occlusion = ambient_occlusion(mesh.vertices, normals_of(mesh))
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
    relief_of_hair: Relief = partial(hair_relief, texel=texel, crown=template.relief_crown, frizz=facts.frizz)
    height[mask] = _relief(maps.position[mask], here, hair, beard, relief_of_hair, texel, substance)
    if wrinkles is not None:
        height[mask] += wrinkles * (1 - hair) * (1 - beard) * (1 - here.lips) * (1 - here.eyes)
    if substance is None:
        plain = (1 - here.eyes) * (1 - here.brows) * (1 - here.lips) * (1 - here.mouth)
        height[mask] += plain * painted_relief(luminance[mask], wide[mask])

    margin = find_margin(mask, MARGIN * len(mask))
    relief = slopes(margin.fill(height), mesh, face, maps)
    normal = tangent_normals(mesh, maps, facts.normals, relief, margin)
    if substance is None:
        rough, scatter, coat = _flesh(here, hair, beard, facts.frizz, luminance[mask] - wide[mask])
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


def _flesh(here: Regions, hair: Floats, beard: Floats, frizz: float, brighter: Floats) -> tuple[Floats, Floats, Floats]:
    """Roughness, weight of scattering and weight of the moist layer, (N,) each, 0 to 1, of a living head.

    here: regions of N texels; hair, beard (N,): weights, 0 to 1.
    frizz: how far hair is curls, 0 to 1.
    brighter (N,): by how much the albedo is brighter than its surroundings, -1 to 1.
    """
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
    rough += _FRIZZ * frizz * hair
    rough += _BRIGHT * np.clip(brighter, -_BRIGHT_LIMIT, _BRIGHT_LIMIT) * (rough > 0.2)
    coat = np.maximum(_COAT_LIPS * smooth_step((here.lips - 0.5) / 0.5) * bare, _COAT_MOUTH * here.mouth * bare)
    return rough, scatter, np.maximum(coat, _COAT_EYES * here.eyes * (1 - hair))


def _painted_brows(here: Regions, luminance: Floats, hair: Floats) -> Regions:
    """The regions of N texels, with brows only where the albedo has some: its luminance (N,) is less than the skin's.
    hair (N,): weight, 0 to 1."""
    skin = (hair < 0.05) & (here.brows < 0.05)
    usual = float(np.median(luminance[skin])) if skin.any() else 1.0
    return replace(here, brows=here.brows * smooth_step((usual - luminance) / _DARK_BROWS))


def _relief(
    points: Floats,
    here: Regions,
    hair: Floats,
    beard: Floats,
    relief_of_hair: Relief,
    texel: float,
    substance: Substance | None,
) -> Floats:
    """Heights (N,), millimetres, of what is finer than the mesh: hair, pores, lines of the lips, bristles, each in its
    place. What is made of a substance has hair and beard, and an even grain elsewhere.

    points (N, 3): units.
    here: regions of these points; hair, beard (N,): weights, 0 to 1.
    texel: side of a texel, millimetres.
    """
    bumps, lines, bristles = (partial(each, texel=texel) for each in (skin_relief, lip_relief, bristle_relief))
    layers: list[tuple[Relief, Floats]] = [(relief_of_hair, hair)]
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
    for draw, weight in layers:
        where = weight > 0.02
        relief[where] += weight[where] * by_parts(draw, points[where])
    return relief


def _drawn(values: Floats, mesh: UnwrappedMesh, maps: UVMaps) -> Floats:
    """Vertex values (V, C) that vary slowly, at the N texels of maps.mask: (N, C), drawn at the size _BROAD and
    interpolated between."""
    step = -(-max(maps.mask.shape) // _BROAD)
    face, barycentric = texels_on_mesh(mesh, maps)
    coarse = face[::step, ::step]
    image = dilate(interpolate(values, mesh.faces, coarse, barycentric[::step, ::step]), coarse >= 0, float("inf"))
    return carry_to_all(image[maps.mask[::step, ::step]], maps.mask, step)


def _grey(values: Floats, mask: Bools, margin: Margin) -> Bytes:
    """Bytes (H, W) of values (N,), 0 to 1, of the texels in `mask`; 0 far outside."""
    image = np.zeros(mask.shape, np.uint8)
    image[mask] = np.round(values.clip(0, 1) * 255)
    return margin.fill(image)
