"""From codes to an asset, and from what was painted to its pictures: the steps that pipeline.py calls."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from ..ages import age_in
from ..fit.warp import Warp
from ..hair.library import GroomLibrary, Stored
from ..hair.place import blended
from ..hair.style import hairstyle_of_code
from ..nphm import DecodedHead, SurfaceFacts
from ..nphm.model import read_template
from ..texture.albedo.beard import OPAQUE_BEARD
from ..texture.generate import Painted
from ..texture.models import TextureModels
from ..texture.procedural import smooth_step
from ..texture.template import TemplateFacts
from ..types import Asset, Bytes, Floats, Hairstyle, HeadRequest, Latents, TextureSet, UnwrappedMesh, UVMaps
from ..uv.maps import at_texels
from .build import build_asset
from .head import NeutralHead
from .pictures import asset_pictures
from .template import AssetTemplate
from .tooth_style import ToothStyle, tooth_style

#: Thickness from which a beard hides the skin so far that its colour is the picture's, units (1.5 mm).
COVERED = 0.006
#: How far the scalp has the colour of the hair that grows on it densest: between the roots skin is seen.
ROOTS = 0.75
#: Thickness, a fraction of an opaque beard's, that the shortest beard counts for, and the length, units (10 mm), from
#: which on a beard is opaque: stubble lets more of the skin be seen.
STUBBLE, LONG = 0.65, 0.04


def asset_of(
    request: HeadRequest,
    latents: Latents,
    template: AssetTemplate,
    facts: TemplateFacts,
    warp: Warp | None = None,
    hairstyle: Hairstyle | None = None,
    neutral: NeutralHead | None = None,
) -> Asset:
    """The asset of a request's codes, without pictures.

    request: its words and seed decide the teeth.
    latents: of the head.
    template: the asset model.
    facts: where the template's crown is.
    warp: what the head has beyond its codes (core/fit); None: nothing.
    hairstyle: what it wears; None: the styles of its code.
    neutral: the template on it, where that was done before.
    """
    return build_asset(template, latents, teeth_of(request), facts.crown, warp, hairstyle, neutral)


def facts_by_template(
    head: DecodedHead,
    mesh: UnwrappedMesh,
    maps: UVMaps,
    template: AssetTemplate,
    hairstyle: Hairstyle | None = None,
) -> SurfaceFacts:
    """What the head model says of the texels of a mesh whose template points are known; where strands grow on it, the
    skin below shows their colour as far as they grow.

    head: decoded.
    mesh: of the head's quads, with template points.
    maps: drawn of the mesh.
    template: the asset model.
    hairstyle: what it wears; None: the styles of its code.
    """
    assert mesh.template_points is not None
    normals = maps.normal[maps.mask]
    if template.grooms is None:
        return read_template(head, at_texels(mesh.template_points, mesh, maps.mask.shape), normals)
    worn = hairstyle or hairstyle_of_code(head.z_id.numpy(), template.network.config)
    grown = strand_density(template.grooms, worn)
    near = cKDTree(template.head.points).query(mesh.template_points)[1]
    hair, beard, brows = at_texels(grown[template.head.sheet][near], mesh, maps.mask.shape).T
    return SurfaceFacts(
        normals,
        np.asarray(ROOTS * hair, np.float32) if grown[:, 0].any() else None,
        np.asarray(OPAQUE_BEARD * beard, np.float32) if grown[:, 1].any() else None,
        head.field.frizz,
        np.asarray(brows, np.float32),
    )


def strand_density(library: GroomLibrary, hairstyle: Hairstyle) -> Floats:
    """How densely hair, beard and brows grow at the sheet's vertices: (Vs, 3), 0 to 1. A short beard counts for less.

    library: of the template.
    hairstyle: what a head wears.
    """
    hair, beard, brows = (blended(library, worn) for worn in (hairstyle.hair, hairstyle.beard, hairstyle.brows))
    nothing = np.zeros(len(next(iter(library.grooms.values())).density), np.float32)
    columns = [nothing if stored is None else stored.density for stored in (hair, beard, brows)]
    if beard is not None:
        columns[1] = beard.density * (STUBBLE + (1 - STUBBLE) * float(smooth_step(mean_length(beard) / LONG)))
    return np.stack(columns, axis=1)


def mean_length(stored: Stored) -> np.ndarray:
    """The mean length of guides, units; stored: the guides."""
    return np.asarray(np.linalg.norm(np.diff(stored.points, axis=1), axis=2).sum(axis=1).mean())


def part_images(
    request: HeadRequest,
    painted: Painted,
    textures: TextureSet,
    facts: SurfaceFacts,
    maps: UVMaps,
    models: TextureModels,
) -> dict[str, Bytes]:
    """The pictures of an asset's parts (see asset_pictures) in the colours of its skin.

    request: its words and seed count.
    painted: the skin, on the canonical head.
    textures: of the skin.
    facts: of the N texels of its chart.
    maps: of the skin, of the textures' size.
    models: loaded.
    """
    assert painted.picture is not None and painted.hair is not None
    beard = beard_colour(textures.albedo[maps.mask], facts.beard) if painted.beard is None else painted.beard
    beard = None if facts.beard is None else beard
    return asset_pictures(painted.picture, painted.hair, beard, facts.frizz, teeth_of(request), request.seed, models)


def beard_colour(albedo: Bytes, beard: Floats | None) -> Floats | None:
    """The colour (3,), sRGB 0 to 255, of a beard; None without one that covers the skin.

    albedo (N, 3): of the head's texels, sRGB bytes.
    beard (N,): its thickness there, units; None without.
    """
    if beard is None or not (beard > COVERED).any():
        return None
    return np.asarray(np.median(albedo[beard > COVERED], axis=0), np.float32)


def teeth_of(request: HeadRequest) -> ToothStyle:
    """The teeth that a request speaks of; request: its words, in English, and its seed count."""
    return tooth_style(request.prompt, age_in(request.prompt), request.seed)
