"""From codes to an asset, and from what was painted to its pictures: the steps that pipeline.py calls."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from ..ages import age_in
from ..fit.warp import Warp
from ..hair.place import hair_density
from ..hair.style import hairstyle_of_code
from ..nphm import DecodedHead, SurfaceFacts
from ..nphm.model import read_template
from ..texture.generate import Painted
from ..texture.models import TextureModels
from ..texture.template import TemplateFacts
from ..types import Asset, Bytes, Floats, Hairstyle, HeadRequest, Latents, TextureSet, UnwrappedMesh, UVMaps
from ..uv.maps import at_texels
from .build import build_asset
from .pictures import asset_pictures
from .template import AssetTemplate
from .tooth_style import ToothStyle, tooth_style

#: Thickness from which a beard hides the skin so far that its colour is the picture's, units (1.5 mm).
COVERED = 0.006
#: How far the scalp has the colour of the hair that grows on it densest: between the roots skin is seen.
ROOTS = 0.75


def asset_of(
    request: HeadRequest,
    latents: Latents,
    template: AssetTemplate,
    facts: TemplateFacts,
    warp: Warp | None = None,
    hairstyle: Hairstyle | None = None,
) -> Asset:
    """The asset of a request's codes, without pictures.

    request: its words and seed decide the teeth.
    latents: of the head.
    template: the asset model.
    facts: where the template's crown is.
    warp: what the head has beyond its codes (core/fit); None: nothing.
    hairstyle: what it wears; None: the styles of its code.
    """
    return build_asset(template, latents, teeth_of(request), facts.crown, warp, hairstyle)


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
    points, normals = at_texels(mesh.template_points, mesh, maps.mask.shape), maps.normal[maps.mask]
    density = None
    if template.grooms is not None:
        worn = hairstyle or hairstyle_of_code(head.z_id.numpy(), template.network.config)
        density = hair_density(template.grooms, worn)
    if density is None:
        return read_template(head, points, normals)
    near = cKDTree(template.head.points).query(mesh.template_points)[1]
    grown = at_texels(density[template.head.sheet][near], mesh, maps.mask.shape)
    return read_template(head, points, normals, np.asarray(ROOTS * grown, np.float32))


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
    beard = beard_colour(textures.albedo[maps.mask], facts.beard)
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
