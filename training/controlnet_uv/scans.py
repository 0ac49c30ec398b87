"""Textured head scans, of any UV layout, as pairs that ControlNet_uv is trained on (CLIP-Head, section 3).

    python -m training scans --scans SCANS --out out/training/scans --blip BLIP2

SCANS holds meshes with their textures, as OBJ, PLY or GLB. Each is brought to where heads are, laid out in our aligned
UV, and its colours are baked there. Written to --out, as diffusers' train_controlnet example reads it:

    images/NAME.png               the albedo in the aligned UV (H, W, 3), sRGB
    conditioning_images/NAME.png  normals in the aligned UV, black outside the chart: the control image
    metadata.jsonl                {"image": ..., "conditioning_image": ..., "text": ...} per scan

The text is that of NAME.txt beside the scan, a caption a line; else BLIP-2's description of a picture of the scan, from
its folder (as save_pretrained writes it, safetensors only; offline); else --caption. A second call goes on.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import trimesh
from PIL import Image
from tqdm import tqdm

from clip_head.core.compat import prepare_torchvision
from clip_head.core.errors import ClipHeadError, MeshError, ModelError
from clip_head.core.normals import angle_weighted_normals
from clip_head.core.texture.painter.paint import control_image
from clip_head.core.types import Bools, Bytes, Floats, ForeignMesh, HeadMesh, Ints, UnwrappedMesh
from clip_head.core.uv import Layout, draw_uv_maps, load_layout, place, unwrap
from clip_head.core.uv.raster import dilate, interpolate, rasterise
from clip_head.training.skins.locate import closest

#: Files that are read as scans.
FORMATS = (".obj", ".ply", ".glb")
#: Names in --out.
IMAGES, HINTS, METADATA = "images", "conditioning_images", "metadata.jsonl"
#: The picture that BLIP-2 describes: side in pixels, half of the height of the view and its middle in units, grey of
#: the background from 0 to 1.
VIEW_SIZE, HALF_HEIGHT, MIDDLE, BACKGROUND = 384, 0.62, np.array([0.0, 0.06]), 0.9
#: Direction towards the light, of about length 1: from the viewer's upper right.
LIGHT = np.array([0.35, 0.5, 0.8], dtype=np.float32) / np.float32(1.006)
#: Tokens of a caption, at most.
LONGEST_CAPTION = 30


@dataclass(frozen=True)
class Scan:
    """A textured mesh; a vertex on a border of the scan's own charts occurs once for each.

    vertices: (V, 3) in the scan's own frame and unit.
    faces: (F, 3) vertex indices.
    uv: (V, 2) texture coordinates in the scan's own layout, 0 to 1, v upwards.
    colours: (V, 3) sRGB, 0 to 255, of vertices whose faces show no image.
    material: (F,) index of the image that a face shows; -1: the colours of its vertices.
    images: (H, W, 3) sRGB bytes each.
    """

    vertices: Floats
    faces: Ints
    uv: Floats
    colours: Floats
    material: Ints
    images: tuple[Bytes, ...]


#: A picture of a scan (H, W, 3) -> its captions.
Captioner = Callable[[Bytes], list[str]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the stage."""
    parser.add_argument("--scans", type=Path, required=True, help="folder of textured meshes (.obj, .ply, .glb)")
    parser.add_argument("--out", type=Path, default=Path("out/training/scans"))
    parser.add_argument("--size", type=int, default=512, help="pixels of the pictures")
    parser.add_argument("--oversampling", type=int, default=2, help="colours looked up per pixel and direction")
    parser.add_argument("--layout", type=Path, help="UV layout (.json, .obj); default: our own")
    parser.add_argument("--placed", action="store_true", help="the scans are in NPHM's frame already")
    parser.add_argument("--blip", type=Path, help="folder of BLIP-2, for captions")
    parser.add_argument("--caption", default="a face of a person", help="where there is no other")


def run(args: argparse.Namespace) -> None:
    """Convert the scans that are not converted yet."""
    files = find_scans(args.scans)
    layout = load_layout(args.layout)
    describe = load_captioner(args.blip) if args.blip else None
    for folder in (IMAGES, HINTS, "entries"):
        (args.out / folder).mkdir(parents=True, exist_ok=True)
    for name, file in tqdm(files.items(), desc="scans"):
        entry = args.out / "entries" / f"{name}.json"
        if not entry.is_file():
            try:
                convert(file, name, args, layout, describe, entry)
            except ClipHeadError as error:
                tqdm.write(f"{file}: {error}")
    written = write_metadata(args.out)
    if not written:
        raise SystemExit(f"None of the {len(files)} scans in {args.scans} could be converted.")
    print(f"{written} pairs in {args.out}")


def find_scans(folder: Path) -> dict[str, Path]:
    """Name -> file of all meshes beneath a folder; the names of the folders between are part of a name.

    folder: of the scans.
    """
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in FORMATS)
    if not files:
        raise SystemExit(f"There are no scans in {folder}: no file that ends in {', '.join(FORMATS)}.")
    return {"_".join(path.relative_to(folder).with_suffix("").parts): path for path in files}


def convert(
    file: Path, name: str, args: argparse.Namespace, layout: Layout, describe: Captioner | None, entry: Path
) -> None:
    """Write one scan's pair, its entry last. Raises MeshError where it is no textured head."""
    scan = read_scan(file)
    vertices = scan.vertices if args.placed else placed_vertices(scan)
    mesh = unwrap(HeadMesh(vertices, scan.faces, np.zeros_like(vertices)), layout)
    hint = control_image(draw_uv_maps(mesh, args.size))[0].permute(1, 2, 0).numpy()
    albedo = bake(scan, vertices, mesh, args.size, args.oversampling)
    captions = read_captions(file) or (describe(picture(scan, vertices)) if describe else [args.caption])
    image, conditioning = f"{IMAGES}/{name}.png", f"{HINTS}/{name}.png"
    Image.fromarray(albedo).save(args.out / image)
    Image.fromarray(np.round(hint * 255).astype(np.uint8)).save(args.out / conditioning)
    row = {"image": image, "conditioning_image": conditioning, "text": captions if len(captions) > 1 else captions[0]}
    unfinished = entry.with_suffix(".part")
    unfinished.write_text(json.dumps(row), encoding="utf-8")
    unfinished.replace(entry)


def write_metadata(out: Path) -> int:
    """Join the entries in metadata.jsonl, and return their number.

    out: folder of the pairs.
    """
    rows = [path.read_text(encoding="utf-8") for path in sorted((out / "entries").glob("*.json"))]
    unfinished = out / f"{METADATA}.part"
    unfinished.write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")
    unfinished.replace(out / METADATA)
    return len(rows)


def read_scan(file: Path) -> Scan:
    """A mesh with its textures, or with colours at its vertices.

    file: of the mesh.

    Raises MeshError where it cannot be read or has neither.
    """
    try:
        loaded: Any = trimesh.load(file, process=False)
    except Exception as error:  # whatever trimesh's readers find wrong
        raise MeshError(f"It cannot be read ({type(error).__name__}: {error}).", "Export the scan again.") from error
    whole: list[Any] = list(loaded.dump()) if isinstance(loaded, trimesh.Scene) else [loaded]
    parts: list[Any] = [part for part in whole if isinstance(part, trimesh.Trimesh) and len(part.faces)]
    if not parts:
        raise MeshError("It has no faces.", "Export the scan as a mesh, not as a cloud of points.")
    skins = [_skin(part) for part in parts]
    counts = np.cumsum([0, *(len(part.vertices) for part in parts)])
    images = [image for _, _, image in skins if image is not None]
    numbers = np.cumsum([image is not None for _, _, image in skins]) - 1
    material = [-1 if skin[2] is None else number for skin, number in zip(skins, numbers, strict=True)]
    return Scan(
        np.concatenate([np.asarray(part.vertices) for part in parts]).astype(np.float32),
        np.concatenate([np.asarray(p.faces) + n for p, n in zip(parts, counts, strict=False)]).astype(np.int32),
        np.concatenate([uv for uv, _, _ in skins]).astype(np.float32),
        np.concatenate([colours for _, colours, _ in skins]).astype(np.float32),
        np.repeat(np.array(material, np.int32), [len(part.faces) for part in parts]),
        tuple(images),
    )


def _skin(part: Any) -> tuple[Floats, Floats, Bytes | None]:
    """uv (V, 2), colours (V, 3) and the image of one part of a scan; None where it has only colours at its vertices."""
    count = len(part.vertices)
    if part.visual.kind == "vertex":
        return np.zeros((count, 2), np.float32), np.asarray(part.visual.vertex_colors)[:, :3].astype(np.float32), None
    uv = getattr(part.visual, "uv", None)
    material = getattr(part.visual, "material", None)
    image = getattr(material, "image", None) or getattr(material, "baseColorTexture", None)
    # Where a file names no image, or one that is not there, trimesh puts a few grey texels.
    if uv is None or image is None or max(image.size) <= 2:
        raise MeshError("It has no texture: no image that its UV belongs to.", "Put the image where the mesh names it.")
    return np.asarray(uv, np.float32), np.zeros((count, 3), np.float32), np.asarray(image.convert("RGB"))


def placed_vertices(scan: Scan) -> Floats:
    """The scan's vertices (V, 3) in NPHM's frame, units, wherever it was and whatever its unit.

    scan: the scan.
    """
    corners = scan.faces.ravel()
    polygons = np.repeat(np.arange(len(scan.faces), dtype=np.int32), 3)
    return place(ForeignMesh(scan.vertices, scan.faces, corners, polygons)).vertices


def bake(scan: Scan, vertices: Floats, mesh: UnwrappedMesh, size: int, oversampling: int = 2) -> Bytes:
    """The scan's colours (size, size, 3) in the mesh's UV, carried beyond its chart. The mesh may be repaired, so that
    each texel takes the colour of the nearest point.

    scan: with the colours.
    vertices: (V, 3) the scan's, at the place where the mesh was made from them.
    mesh: with the UV.
    size: side of the picture, pixels.
    oversampling: colours looked up per pixel and direction.
    """
    fine = draw_uv_maps(mesh, size * oversampling)
    face, weights = closest(vertices, scan.faces, fine.position[fine.mask])
    colours = np.zeros((*fine.mask.shape, 3), np.float32)
    colours[fine.mask] = sample(scan, face, weights)
    return _averaged(colours, fine.mask, oversampling)


def _averaged(colours: Floats, mask: Bools, factor: int) -> Bytes:
    """The mean over factor x factor texels, of those in the mask; beyond it the nearest."""
    side = len(mask) // factor
    blocks = (side, factor, side, factor)
    coverage = mask.reshape(blocks).mean(axis=(1, 3))
    total = (colours * mask[..., None]).reshape(*blocks, 3).mean(axis=(1, 3))
    mean = total / np.maximum(coverage, 1e-6)[..., None]
    return np.round(dilate(mean, coverage > 0, float("inf"))).clip(0, 255).astype(np.uint8)


def sample(scan: Scan, face: Ints, weights: Floats) -> Floats:
    """Colours (N, 3), 0 to 255, of points on the scan.

    scan: the scan.
    face: (N,) face of each point.
    weights: (N, 3) barycentric coordinates in it.
    """
    corners, material = scan.faces[face], scan.material[face]
    colours = np.einsum("nk,nkc->nc", weights, scan.colours[corners])
    for row, image in enumerate(scan.images):
        here = material == row
        colours[here] = look_up(image, np.einsum("nk,nkc->nc", weights[here], scan.uv[corners[here]]))
    return colours


def look_up(image: Bytes, uv: Floats) -> Floats:
    """Colours (N, 3), 0 to 255, by bilinear interpolation; the image repeats beyond its edges.

    image: (H, W, 3) bytes.
    uv: (N, 2) texture coordinates, v upwards.
    """
    height, width = image.shape[:2]
    x, y = uv[:, 0] * width - 0.5, (1 - uv[:, 1]) * height - 0.5
    column, row = np.floor(x).astype(np.int64), np.floor(y).astype(np.int64)
    right, down = (x - column)[:, None], (y - row)[:, None]

    def texel(rows: np.ndarray, columns: np.ndarray) -> Floats:
        return image[rows % height, columns % width].astype(np.float32)

    upper = texel(row, column) * (1 - right) + texel(row, column + 1) * right
    lower = texel(row + 1, column) * (1 - right) + texel(row + 1, column + 1) * right
    return np.asarray(upper * (1 - down) + lower * down, np.float32)


def picture(scan: Scan, vertices: Floats) -> Bytes:
    """(VIEW_SIZE, VIEW_SIZE, 3): the scan from the front, in soft light, to be described.

    scan: with the colours.
    vertices: (V, 3) the scan's in NPHM's frame, units.
    """
    scale = VIEW_SIZE / 2 / HALF_HEIGHT
    offset = vertices[:, :2] - MIDDLE
    pixels = np.stack([offset[:, 0], -offset[:, 1]], axis=1) * scale + VIEW_SIZE / 2
    face, weights = rasterise(pixels, -vertices[:, 2], scan.faces, VIEW_SIZE, VIEW_SIZE)
    covered = face >= 0
    normal = interpolate(angle_weighted_normals(vertices, scan.faces), scan.faces, face, weights)[covered]
    shade = 0.55 + 0.45 * np.maximum(normal @ LIGHT, 0)
    image = np.full((VIEW_SIZE, VIEW_SIZE, 3), 255 * BACKGROUND, np.float32)
    image[covered] = sample(scan, face[covered], weights[covered]) * shade[:, None]
    return np.round(image).clip(0, 255).astype(np.uint8)


def read_captions(scan: Path) -> list[str]:
    """The lines of the text file beside a scan; none where there is no such file."""
    file = scan.with_suffix(".txt")
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    return [line.strip() for line in lines if line.strip()]


def load_captioner(folder: Path) -> Captioner:
    """BLIP-2 in `folder`. Raises ModelError where it is not there, or not in safetensors."""
    prepare_torchvision()
    from transformers import Blip2ForConditionalGeneration, Blip2Processor

    device = "cuda" if torch.cuda.is_available() else "cpu"
    dtype = torch.float16 if device == "cuda" else torch.float32
    options: dict[str, Any] = {"local_files_only": True}
    try:
        processor: Any = Blip2Processor.from_pretrained(folder, **options)
        model: Any = Blip2ForConditionalGeneration.from_pretrained(folder, use_safetensors=True, dtype=dtype, **options)
    except Exception as error:  # whatever the library's readers of JSON and safetensors raise
        raise ModelError(
            f"There is no BLIP-2 in {folder} ({type(error).__name__}: {error}).",
            "Name a folder that Blip2ForConditionalGeneration and Blip2Processor were saved in, or leave --blip out.",
        ) from error
    model = model.to(device).eval()

    @torch.inference_mode()
    def describe(image: Bytes) -> list[str]:
        inputs = processor(images=Image.fromarray(image), return_tensors="pt").to(device, dtype)
        tokens = model.generate(**inputs, max_new_tokens=LONGEST_CAPTION)
        return [text.strip() for text in processor.batch_decode(tokens, skip_special_tokens=True)]

    return describe
