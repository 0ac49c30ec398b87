"""Whether what is painted lies on the geometry, whether the seam shows, and what the expression does to the texture.

    python -m training.evaluate placement --heads 50

Heads are drawn from prompts. Lips and eyes are found in the paint, as what changes with the words ("red lips" for
"pale lips", "light blue eyes" for "dark brown eyes") on the same seed, more than what is round them; brows and nostrils
as the regions of the canonical head. Their middles are compared, in millimetres along the surface, with those of the
regions of the head's own mesh, posed by ten expressions. The hairline in the paint, where words for hair begin to tell,
is compared with the line where the mesh's hair begins: how far the one lies from the other, on average. Across the
seam, albedo is compared in steps of 255 and the shading normal in degrees.
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

#: Whom the heads show, in turn.
PEOPLE = (
    "a man",
    "a woman",
    "an old man",
    "a young asian woman",
    "an african man",
    "a boy",
    "a fat man with a big nose",
)
#: What is found in the paint: the mesh's regions, and words that differ there.
PAINTED: dict[str, tuple[tuple[str, ...], tuple[str, str]]] = {
    "lips": (("upper_lip", "lower_lip"), ("{} with bright red lips", "{} with pale lips")),
    "left eye": (("left_eye",), ("{} with light blue eyes", "{} with dark brown eyes")),
    "right eye": (("right_eye",), ("{} with light blue eyes", "{} with dark brown eyes")),
}
#: Words that differ in the hair alone.
HAIR = ("{} with platinum blond hair", "{} with black hair")
#: Regions of the canonical head that are compared without looking at the paint.
REGIONS: dict[str, tuple[str, ...]] = {"brows": ("brows",), "nostrils": ("nostrils",)}
#: Named expressions that heads are posed by.
EXPRESSIONS = 10
#: Lips go on inside the mouth, and eyeballs behind the lids: only what faces forwards, by its normal's z, is compared.
FACING = 0.3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the evaluation."""
    parser.add_argument("--heads", type=int, default=50)
    parser.add_argument("--size", type=int, default=512)


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Print the figures."""
    models = load_models()
    if models.texture.canonical is None or not isinstance(models.nphm.network, EmbeddedNPHM):
        raise SystemExit("The embedded models are needed.")
    names = list(PHRASES)[:: max(1, len(PHRASES) // EXPRESSIONS)][:EXPRESSIONS]
    felt = [map_expression(models.mapping, row) for row in encode_text(models.text, [PHRASES[n][0] for n in names])]
    offsets: dict[str, list[float]] = {}
    seams: list[tuple[float, float]] = []
    for number in tqdm(range(args.heads), mininterval=10):
        measured, seam = measure(models, models.texture.canonical, number, felt, args.size)
        seams.append(seam)
        for name, values in measured.items():
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
    models: Models, canonical: Canonical, number: int, felt: list[Floats], size: int
) -> tuple[dict[str, list[float]], tuple[float, float]]:
    """One head: offsets in mm, by feature, under every expression; and the differences across its seam."""
    who = PEOPLE[number % len(PEOPLE)]
    z_id = map_identity(models.mapping, encode_text(models.text, [who])[0], number, 1.0)
    head = decode_head(models.nphm, Latents(z_id, felt[0]))
    field = head.field
    assert isinstance(field, EmbeddedHead)
    mesh = unwrap(extract_head(head), models.layout)
    maps = draw_uv_maps(mesh, size)
    laid = find_correspondence(canonical, mesh, size)
    placed = place_template(head, canonical.points)
    assert placed is not None
    control = canonical.control(placed, models.texture.painter.size)
    facts, template = read_surface(head, maps.position[maps.mask]), models.texture.template
    bare = np.ones(len(laid.uv), np.float32) if facts.hair is None else 1 - facts.hair

    def paint(words: str) -> Bytes:
        return paint_albedo(models.texture.painter, control, words, number, models.texture.painter.size)

    facing = bare * (maps.normal[maps.mask][:, 2] > FACING)
    weights = {}
    for name, (own, asked) in PAINTED.items():
        first, second = (paint(words.format(who)).astype(np.float32) for words in asked)
        inside = facing * region(models, own, laid, maps)
        weights[name] = (facing * repainted(laid.to_head(first - second), inside, near(models, own, laid)), inside)
    on_canonical = draw_uv_maps(canonical.mesh, size)
    for name, own in REGIONS.items():
        drawn = np.zeros((size, size, 1), np.float32)
        flat = UVCorrespondence(on_canonical.mask, laid.uv, on_canonical.position[on_canonical.mask])
        drawn[on_canonical.mask, 0] = region(models, own, flat, on_canonical)
        weights[name] = (bare * laid.to_head(drawn)[:, 0].clip(0, 1), bare * region(models, own, laid, maps))
    lines = None
    if facts.hair is not None:
        first, second = (
            composite_albedo(canonical, paint(words.format(who)), laid, template, facts.hair).astype(np.float32)
            for words in HAIR
        )
        seen = np.linalg.norm(first - second, axis=-1)[maps.mask]
        lines = hairlines(seen, facts.hair, maps)
    normals = torch.from_numpy(angle_weighted_normals(mesh.vertices, mesh.faces, mesh.source))
    offsets: dict[str, list[float]] = {name: [] for name in weights}
    for z_exp in felt:
        with torch.inference_mode():
            moved = field.express(torch.from_numpy(mesh.vertices), normals, torch.from_numpy(z_exp))[0].numpy()
        posed = by_texel(mesh, mesh.vertices + moved, size)
        for name, (painted, own_weight) in weights.items():
            if painted.sum() > 0 and own_weight.sum() > 0:
                apart = np.average(posed, axis=0, weights=painted) - np.average(posed, axis=0, weights=own_weight)
                out = np.average(maps.normal[maps.mask], axis=0, weights=own_weight)
                along = apart - (apart @ out) / (out @ out) * out
                offsets[name].append(float(np.linalg.norm(along)) * MILLIMETRES_PER_UNIT)
        if lines is not None:
            drawn, grown = (posed[line] for line in lines)
            between = np.concatenate([cKDTree(a).query(b)[0] for a, b in ((drawn, grown), (grown, drawn))])
            offsets.setdefault("hairline", []).append(float(between.mean()) * MILLIMETRES_PER_UNIT)
    albedo = match_seam(composite_albedo(canonical, paint(who), laid, template, facts.hair), mesh)
    return offsets, across_seam(mesh, albedo, maps)


def hairlines(change: Floats, hair: Floats, maps: UVMaps) -> tuple[Bools, Bools] | None:
    """The hairline as painted and as grown, each as a mask (N,) of texels that have hair beside bare ones, on the front
    of the head. change (N,): how far words for hair change the paint; hair (N,): how far a texel is hair. Such words
    change brows, too: only what goes on from the hair counts. None where there is no line.
    """
    strong = np.median(change[hair > 0.95]) if (hair > 0.95).any() else 0.0
    front = maps.position[maps.mask][:, 2] > 0
    found = []
    for inside in (change > 0.5 * strong, hair > 0.5):
        image = np.zeros(maps.mask.shape, bool)
        image[maps.mask] = inside
        parts, _ = label(image)
        image &= np.isin(parts, np.unique(parts[maps.mask][hair > 0.95]))
        bare = maps.mask & ~image
        found.append(image[maps.mask] & binary_dilation(bare)[maps.mask] & front)
    return (found[0], found[1]) if strong > 0 and found[0].any() and found[1].any() else None


def region(models: Models, names: tuple[str, ...], laid: UVCorrespondence, maps: UVMaps) -> Floats:
    """(N,) 1 where the texels' template points lie in one of the named regions."""
    network = models.nphm.network
    assert isinstance(network, EmbeddedNPHM)
    found = network.regions(laid.points, maps.normal[maps.mask])
    return np.any([found[name] for name in names], axis=0).astype(np.float32)


def repainted(change: Floats, inside: Floats, window: Floats) -> Floats:
    """(N,) 1 where the paint of a window's texels changed (N, 3) as that of the region inside it did, at least half as
    much, compared with what is round the region."""
    round_it = np.median(change[(window > 0) & (inside == 0)], axis=0)
    way = np.average(change - round_it, axis=0, weights=inside)
    strength = (change - round_it) @ way
    strongest = np.quantile(strength[(window > 0) & (inside > 0)], 0.9)
    return ((strength > 0.5 * strongest) & (window > 0)).astype(np.float32)


def near(models: Models, names: tuple[str, ...], laid: UVCorrespondence, reach: float = 0.06) -> Floats:
    """(N,) 1 where a texel's template point lies within `reach` (units) of a named region's vertices: other words may
    change other places, too."""
    network = models.nphm.network
    assert isinstance(network, EmbeddedNPHM)
    rows = [network.config.regions.index(name) for name in names]
    vertices = network.sheet_vertices.numpy()[network.sheet_regions[rows].any(0).numpy()]
    low, high = vertices.min(axis=0) - reach, vertices.max(axis=0) + reach
    return ((laid.points > low) & (laid.points < high)).all(axis=1).astype(np.float32)


def by_texel(mesh: UnwrappedMesh, values: Floats, size: int) -> Floats:
    """Vertex values (V, C) at the texels of the chart, in reading order."""
    pixels = np.stack([mesh.uv[:, 0] * size, (1 - mesh.uv[:, 1]) * size], axis=1)
    face, barycentric = rasterise(pixels, None, mesh.faces, size, size)
    return interpolate(values, mesh.faces, face, barycentric)[face >= 0]


def across_seam(mesh: UnwrappedMesh, albedo: Bytes, maps: UVMaps) -> tuple[float, float]:
    """Mean difference of the seam's two sides: albedo in steps of 255, normals in degrees."""
    size = len(albedo)
    order = np.argsort(mesh.source, kind="stable")
    same = np.flatnonzero(mesh.source[order][1:] == mesh.source[order][:-1])
    twins = np.stack([order[same], order[same + 1]])
    column = np.clip((mesh.uv[twins, 0] * size).astype(int), 0, size - 1)
    row = np.clip(((1 - mesh.uv[twins, 1]) * size).astype(int), 0, size - 1)
    colours = albedo[row, column].astype(np.float32)
    cosine = (maps.normal[row, column].prod(axis=0)).sum(axis=-1).clip(-1, 1)
    return float(np.abs(colours[0] - colours[1]).mean()), float(np.degrees(np.arccos(cosine)).mean())
