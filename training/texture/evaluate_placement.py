"""Whether what is painted lies on the geometry, whether the seam shows, and what the expression does to the texture.

    python -m training.evaluate placement --heads 50

Every head is made from a prompt. For each feature of the face, two weights are computed over the texels of its own
UV: where the paint has it, and where the mesh has it (the NPHM's region). Lips and eyes are detected in the paint by
painting twice with the same seed and other words ("red lips", "pale lips"): they are where the two paintings differ
most. Brows and nostrils are taken to be painted where the canonical head has them. The distance between the weighted
means of both, along the surface, is the feature's offset, in millimetres, under each of ten expressions. The painted
hairline is detected in the same way, by words for hair; its mean distance to the line where the mesh's hair begins is
another offset. Across the seam, albedo is compared in steps of 255 and the shading normal in degrees.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np
import torch
from scipy.ndimage import binary_dilation, label
from scipy.spatial import cKDTree
from tqdm import tqdm

from clip_head.core.mapping import map_expression, map_identity
from clip_head.core.normals import angle_weighted_normals
from clip_head.core.nphm import decode_head, extract_head, place_template, read_surface
from clip_head.core.nphm.embedded import EmbeddedNPHM
from clip_head.core.nphm.embedded_head import EmbeddedHead
from clip_head.core.pipeline import Models, load_models
from clip_head.core.text import encode_text
from clip_head.core.texture.albedo.canonical import Canonical
from clip_head.core.texture.albedo.composite import composite_albedo
from clip_head.core.texture.albedo.correspondence import UVCorrespondence, find_correspondence
from clip_head.core.texture.albedo.seam import match_seam
from clip_head.core.texture.painter.paint import paint_albedo
from clip_head.core.types import MILLIMETRES_PER_UNIT, Bools, Bytes, Floats, Latents, UnwrappedMesh, UVMaps
from clip_head.core.uv import draw_uv_maps, unwrap
from clip_head.core.uv.raster import interpolate, rasterise
from clip_head.training.language.expressions import PHRASES

#: Prompts of the heads, in turn.
PEOPLE = (
    "a man",
    "a woman",
    "an old man",
    "a young asian woman",
    "an african man",
    "a boy",
    "a fat man with a big nose",
)
#: Features that are detected in the paint: name -> regions of the mesh, and two prompts that differ in it alone.
PAINTED: dict[str, tuple[tuple[str, ...], tuple[str, str]]] = {
    "lips": (("upper_lip", "lower_lip"), ("{} with bright red lips", "{} with pale lips")),
    "left eye": (("left_eye",), ("{} with light blue eyes", "{} with dark brown eyes")),
    "right eye": (("right_eye",), ("{} with light blue eyes", "{} with dark brown eyes")),
}
#: Two prompts that differ in the hair alone.
HAIR = ("{} with platinum blond hair", "{} with black hair")
#: Features that are taken to be painted where the canonical head has them: name -> regions.
REGIONS: dict[str, tuple[str, ...]] = {"brows": ("brows",), "nostrils": ("nostrils",)}
#: Number of named expressions that each head is posed by.
EXPRESSIONS = 10
#: z of a texel's normal above which it is compared: lips go on inside the mouth, and eyeballs behind the lids.
FACING = 0.3
#: Margin around a feature's regions on the template within which it is looked for in the paint, units (15 mm).
WINDOW_MARGIN = 0.06


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the evaluation."""
    parser.add_argument("--heads", type=int, default=50)
    parser.add_argument("--size", type=int, default=512)


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Print the figures, and return them.

    args: of add_arguments.
    """
    models = load_models()
    if models.texture.canonical is None or not isinstance(models.nphm.network, EmbeddedNPHM):
        raise SystemExit("The embedded models are needed.")
    names = list(PHRASES)[:: max(1, len(PHRASES) // EXPRESSIONS)][:EXPRESSIONS]
    phrases = encode_text(models.text, [PHRASES[name][0] for name in names])
    expressions = [map_expression(models.mapping, embedding) for embedding in phrases]
    offsets: dict[str, list[float]] = {}
    seams: list[tuple[float, float]] = []
    for number in tqdm(range(args.heads), mininterval=10):
        head_offsets, seam = measure(models, models.texture.canonical, number, expressions, args.size)
        seams.append(seam)
        for name, values in head_offsets.items():
            offsets.setdefault(name, []).extend(values)
    figures: dict[str, Any] = {
        f"{name}_offset_mm": round(float(np.mean(values)), 3) for name, values in offsets.items()
    }
    figures |= {f"{name}_offset_worst_mm": round(float(np.max(values)), 2) for name, values in offsets.items()}
    figures["seam_albedo_255"] = round(float(np.mean([seam[0] for seam in seams])), 3)
    figures["seam_normal_degrees"] = round(float(np.mean([seam[1] for seam in seams])), 3)
    print(f"{args.heads} heads, {len(names)} expressions: {figures}")
    return figures


def measure(
    models: Models, canonical: Canonical, number: int, expressions: list[Floats], size: int
) -> tuple[dict[str, list[float]], tuple[float, float]]:
    """Offsets of one head, in millimetres: feature -> one under each expression; and the differences across its seam,
    as of across_seam.

    models: the embedded models.
    canonical: the head in whose UV pictures are painted.
    number: of the head; chooses its prompt and is its seed.
    expressions: codes z_exp (52,), each of which the head is posed by.
    size: side of the head's own UV, pixels, with N texels in its chart.
    """
    prompt = PEOPLE[number % len(PEOPLE)]
    z_id = map_identity(models.mapping, encode_text(models.text, [prompt])[0], number, 1.0)
    head = decode_head(models.nphm, Latents(z_id, expressions[0]))
    field = head.field
    assert isinstance(field, EmbeddedHead)
    mesh = unwrap(extract_head(head), models.layout)
    maps = draw_uv_maps(mesh, size)
    correspondence = find_correspondence(canonical, mesh, size)
    template_positions = place_template(head, canonical.points)
    assert template_positions is not None
    control = canonical.control(template_positions, models.texture.painter.size)
    surface, template = read_surface(head, maps.position[maps.mask]), models.texture.template
    bare = np.ones(len(correspondence.uv), np.float32) if surface.hair is None else 1 - surface.hair

    def paint(words: str) -> Bytes:
        return paint_albedo(models.texture.painter, control, words, number, models.texture.painter.size)

    facing = bare * (maps.normal[maps.mask][:, 2] > FACING)
    weights = {}  # feature -> weights (N,) of the texels where it is painted, and of those where the mesh has it
    for name, (regions, prompts) in PAINTED.items():
        first, second = (paint(words.format(prompt)).astype(np.float32) for words in prompts)
        on_mesh = facing * region(models, regions, correspondence, maps)
        window = near(models, regions, correspondence)
        weights[name] = (facing * repainted(correspondence.to_head(first - second), on_mesh, window), on_mesh)
    canonical_maps = draw_uv_maps(canonical.mesh, size)
    points = canonical_maps.position[canonical_maps.mask]
    canonical_texels = UVCorrespondence(canonical_maps.mask, correspondence.uv, points)
    for name, regions in REGIONS.items():
        image = np.zeros((size, size, 1), np.float32)
        image[canonical_maps.mask, 0] = region(models, regions, canonical_texels, canonical_maps)
        painted = bare * correspondence.to_head(image)[:, 0].clip(0, 1)
        weights[name] = (painted, bare * region(models, regions, correspondence, maps))
    lines = None
    if surface.hair is not None:
        first, second = (
            composite_albedo(canonical, paint(words.format(prompt)), correspondence, template, surface.hair).astype(
                np.float32
            )
            for words in HAIR
        )
        change = np.linalg.norm(first - second, axis=-1)[maps.mask]
        lines = hairlines(change, surface.hair, maps)
    normals = torch.from_numpy(angle_weighted_normals(mesh.vertices, mesh.faces, mesh.source))
    offsets: dict[str, list[float]] = {name: [] for name in weights}
    for z_exp in expressions:
        with torch.inference_mode():
            displacement = field.express(torch.from_numpy(mesh.vertices), normals, torch.from_numpy(z_exp))[0].numpy()
        positions = by_texel(mesh, mesh.vertices + displacement, size)
        for name, (painted, on_mesh) in weights.items():
            if painted.sum() > 0 and on_mesh.sum() > 0:
                offset = np.average(positions, axis=0, weights=painted) - np.average(positions, axis=0, weights=on_mesh)
                normal = np.average(maps.normal[maps.mask], axis=0, weights=on_mesh)
                tangential = offset - (offset @ normal) / (normal @ normal) * normal
                offsets[name].append(float(np.linalg.norm(tangential)) * MILLIMETRES_PER_UNIT)
        if lines is not None:
            painted_line, mesh_line = (positions[line] for line in lines)
            pairs = ((painted_line, mesh_line), (mesh_line, painted_line))
            distances = np.concatenate([cKDTree(target).query(source)[0] for target, source in pairs])
            offsets.setdefault("hairline", []).append(float(distances.mean()) * MILLIMETRES_PER_UNIT)
    albedo = match_seam(composite_albedo(canonical, paint(prompt), correspondence, template, surface.hair), mesh)
    return offsets, across_seam(mesh, albedo, maps)


def hairlines(change: Floats, hair: Floats, maps: UVMaps) -> tuple[Bools, Bools] | None:
    """The hairline in the paint and on the mesh, each as a mask (N,) of texels with hair beside bare ones, on the front
    of the head; None where one of them has none. Words for hair change brows, too: only what is connected with the
    hair counts.

    change: (N,) how far other words for hair change the paint of each texel of the chart, in steps of 255.
    hair: (N,) how far each is hair on the mesh, 0 to 1.
    maps: the head's own.
    """
    certain = hair > 0.95
    typical = np.median(change[certain]) if certain.any() else 0.0
    front = maps.position[maps.mask][:, 2] > 0
    lines = []
    for is_hair in (change > 0.5 * typical, hair > 0.5):
        image = np.zeros(maps.mask.shape, bool)
        image[maps.mask] = is_hair
        components, _ = label(image)
        image &= np.isin(components, np.unique(components[maps.mask][certain]))
        bare = maps.mask & ~image
        lines.append(image[maps.mask] & binary_dilation(bare)[maps.mask] & front)
    return (lines[0], lines[1]) if typical > 0 and lines[0].any() and lines[1].any() else None


def region(models: Models, names: tuple[str, ...], correspondence: UVCorrespondence, maps: UVMaps) -> Floats:
    """(N,) 1 where a texel's template point lies in one of some regions, else 0.

    models: with the NPHM that has the regions.
    names: of the regions.
    correspondence: with the texels' template points.
    maps: with the texels' normals.
    """
    network = models.nphm.network
    assert isinstance(network, EmbeddedNPHM)
    masks = network.regions(correspondence.points, maps.normal[maps.mask])
    return np.any([masks[name] for name in names], axis=0).astype(np.float32)


def repainted(change: Floats, inside: Floats, window: Floats) -> Floats:
    """(N,) 1 where texels changed with the words as those of a region did, and at least half as much, else 0.

    change: (N, 3) difference of two paintings, in steps of 255; what texels around the region have, is subtracted.
    inside: (N,) weights of the region's texels.
    window: (N,) 1 where texels count, in the region and around it, else 0.
    """
    surroundings = np.median(change[(window > 0) & (inside == 0)], axis=0)
    direction = np.average(change - surroundings, axis=0, weights=inside)
    strength = (change - surroundings) @ direction
    strongest = np.quantile(strength[(window > 0) & (inside > 0)], 0.9)
    return ((strength > 0.5 * strongest) & (window > 0)).astype(np.float32)


def near(
    models: Models, names: tuple[str, ...], correspondence: UVCorrespondence, margin: float = WINDOW_MARGIN
) -> Floats:
    """(N,) 1 where a texel's template point lies in the box around some regions, else 0: other words may change other
    places, too.

    models: with the NPHM that has the regions.
    names: of the regions.
    correspondence: with the texels' template points.
    margin: of the box, units.
    """
    network = models.nphm.network
    assert isinstance(network, EmbeddedNPHM)
    rows = [network.config.regions.index(name) for name in names]
    vertices = network.sheet_vertices.numpy()[network.sheet_regions[rows].any(0).numpy()]
    low, high = vertices.min(axis=0) - margin, vertices.max(axis=0) + margin
    return ((correspondence.points > low) & (correspondence.points < high)).all(axis=1).astype(np.float32)


def by_texel(mesh: UnwrappedMesh, values: Floats, size: int) -> Floats:
    """(N, C) values at the texels of the chart, in reading order.

    mesh: with the UV.
    values: (V, C) at the vertices.
    size: side of the UV, pixels.
    """
    pixels = np.stack([mesh.uv[:, 0] * size, (1 - mesh.uv[:, 1]) * size], axis=1)
    face, barycentric = rasterise(pixels, None, mesh.faces, size, size)
    return interpolate(values, mesh.faces, face, barycentric)[face >= 0]


def across_seam(mesh: UnwrappedMesh, albedo: Bytes, maps: UVMaps) -> tuple[float, float]:
    """Mean difference of the seam's two sides: albedo in steps of 255, normals in degrees.

    mesh: the head.
    albedo: (H, H, 3) in its own UV.
    maps: of the same size.
    """
    size = len(albedo)
    order = np.argsort(mesh.source, kind="stable")
    same = np.flatnonzero(mesh.source[order][1:] == mesh.source[order][:-1])
    twins = np.stack([order[same], order[same + 1]])
    column = np.clip((mesh.uv[twins, 0] * size).astype(int), 0, size - 1)
    row = np.clip(((1 - mesh.uv[twins, 1]) * size).astype(int), 0, size - 1)
    colours = albedo[row, column].astype(np.float32)
    cosine = (maps.normal[row, column].prod(axis=0)).sum(axis=-1).clip(-1, 1)
    return float(np.abs(colours[0] - colours[1]).mean()), float(np.degrees(np.arccos(cosine)).mean())
