"""The CC0 MakeHuman textures, read once and mapped to the teacher's template."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from scipy import ndimage
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree
from skimage.color import rgb2lab

from clip_head.core.errors import ClipHeadError
from clip_head.core.types import Bytes, Floats, Ints
from clip_head.core.uv.raster import interpolate as to_pixels
from clip_head.core.uv.raster import rasterise
from clip_head.training.teacher.appearance import TEXTURES
from clip_head.training.teacher.base_mesh import load_base_mesh
from clip_head.training.teacher.dataset import LEFT_EYE, RIGHT_EYE, SKIN, Template, interpolate

#: The head's chart in MakeHuman's texture square, 0 to 1, v upwards: left, right, bottom, top. Read off the skins.
CHART = (0.632, 1.0, 0.135, 0.838)
#: The part of the face, seen from the front, in which the eyes' opening is measured, units: left, right, bottom, top.
#: Both eyes with room for painted lids and sockets.
EYE_WINDOW = (-0.32, 0.32, -0.12, 0.22)
#: Pixel of that picture, units (0.25 mm): finer than a lash line.
EYE_STEP = 0.001
#: Side, in pixels, of the texture square in which eyebrow cards are drawn: that of most skins.
BROW_TEXTURE_SIZE = 2048
#: Where the upper right of the two irises lies in a MakeHuman eye texture: x and y of its centre from the upper left,
#: and half the side of a square around it with a little sclera, all relative to the texture's size. Read off the
#: textures.
IRIS_PLACE = (0.705, 0.299, 0.118)
#: Height, in pixels, of the pictures that load_assets makes of irises: more than an eye covers in any albedo map.
IRIS_SIZE = 256


@dataclass(frozen=True)
class SkinAssets:
    """Textures, and the template that they belong to.

    template: the mean head.
    skins: name -> (H, W, 3) sRGB bytes of CHART, row 0 at the top.
    blurred: name -> the same, smoothed by an eyelid's width, at a quarter of the size.
    face_lab: name -> (3,) CIE Lab of the face.
    irises: name -> (h, w, 3) sRGB bytes, the iris filling the square.
    brows: number of an eyebrow card -> (H, W) opacity bytes in CHART.
    fields: name -> (V,) smooth 0 to 1 on the template, as of template_fields.
    eye_opening: (rows, columns) signed distance, units, from the visible part of the eyeballs seen from the front,
        negative inside; row 0 at the bottom of EYE_WINDOW.
    """

    template: Template
    skins: dict[str, Bytes]
    blurred: dict[str, Bytes]
    face_lab: dict[str, Floats]
    irises: dict[str, Bytes]
    brows: dict[int, Bytes]
    fields: dict[str, Floats]
    eye_opening: Floats

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the skins, as sample_appearance wants them."""
        return tuple(sorted(self.skins))


def load_assets(folder: Path, template: Template) -> SkinAssets:
    """Read skins, irises and eyebrows.

    folder: of the MakeHuman system assets, with skins/*.png, eyes/materials/*_eye.png and eyebrows/*/*.mhclo.
    template: the mean head.
    Returns: the textures.
    Raises: ClipHeadError that names the folder when it or one of its parts is missing.
    """
    paths = {
        "skins": sorted(folder.glob("skins/*.png")),
        "eyes": sorted(folder.glob("eyes/materials/*_eye.png")),
        "eyebrows": sorted(folder.glob("eyebrows/*/*.mhclo")),
    }
    for part, files in paths.items():
        if not files:
            raise ClipHeadError(
                f"There are no MakeHuman {part} in {folder / part}.",
                "Name the folder of the CC0 MakeHuman system assets with --assets.",
            )
    skins = {_skin_name(path): _chart(Image.open(path).convert("RGB")) for path in paths["skins"]}
    blurred = {name: _smooth(skin) for name, skin in skins.items()}
    fields = template_fields(template)
    return SkinAssets(
        template,
        skins,
        blurred,
        {name: _face_lab(skin, template, fields) for name, skin in blurred.items()},
        {name: _iris(folder / f"eyes/materials/{name}_eye.png") for name in TEXTURES},
        brow_layers(paths["eyebrows"]),
        fields,
        eye_opening(template),
    )


def sample(image: Bytes, uv: Floats) -> Floats:
    """Bilinear interpolation of an image of the head's chart.

    image: (H, W, C) or (H, W) bytes that show CHART.
    uv: (N, 2) MakeHuman texture coordinates, 0 to 1, v upwards.
    Returns: (N, C) values, 0 to 1.
    """
    left, right, bottom, top = CHART
    height, width = image.shape[:2]
    x = (uv[:, 0] - left) / (right - left) * width - 0.5
    y = (top - uv[:, 1]) / (top - bottom) * height - 0.5
    return bilinear(image, x, y)


def bilinear(image: np.ndarray, x: Floats, y: Floats) -> Floats:
    """Bilinear interpolation of a byte image.

    image: (H, W, C) or (H, W) bytes.
    x, y: (N,) column and row, in pixels; (0, 0) is the middle of the first pixel; outside, the border counts.
    Returns: (N, C) values, 0 to 1.
    """
    height, width = image.shape[:2]
    x, y = np.clip(x, 0, width - 1.001), np.clip(y, 0, height - 1.001)
    column, row = x.astype(np.int32), y.astype(np.int32)
    u, v = (x - column).astype(np.float32), (y - row).astype(np.float32)
    pixels = image.reshape(height, width, -1)
    total = np.zeros((len(x), pixels.shape[2]), dtype=np.float32)
    for dy, dx in ((0, 0), (0, 1), (1, 0), (1, 1)):
        weight = (u if dx else 1 - u) * (v if dy else 1 - v)
        total += weight[:, None] * pixels[np.minimum(row + dy, height - 1), np.minimum(column + dx, width - 1)]
    return total / np.float32(255)


def template_fields(template: Template) -> dict[str, Floats]:
    """Regions of the template with soft borders.

    template: the mean head.
    Returns: "lips", "ears", "mouth", "nostrils" -> (V,) 0 to 1; "trusted" -> (V,) 1 where the skins can be trusted: on
        the head's chart, falling to 0 on the neck.
    """
    regions = template.regions
    masks = {
        "lips": (regions["upper_lip"] | regions["lower_lip"], 2),
        "ears": (regions["ears"], 6),
        "mouth": (regions["mouth"], 1),
        "nostrils": (regions["nostrils"], 2),
    }
    fields = {name: smooth_field(mask, template.faces, rounds) for name, (mask, rounds) in masks.items()}
    return fields | {"trusted": _inside_head_chart(template)}


def _inside_head_chart(template: Template) -> Floats:
    """(V,) 1 where the head's chart lies, falling to 0 towards its rim on the neck: below, the skins are flat. Corners
    with the same texture coordinates, to 1 / 8192, are one; what is connected by faces is one chart."""
    corners = np.round(template.uv.reshape(-1, 2) * 8192).astype(np.int64)
    _, corner = np.unique(corners[:, 0] * 100000 + corners[:, 1], return_inverse=True)
    uv_faces = corner.reshape(-1, 3)
    edges = np.concatenate([uv_faces[:, [0, 1]], uv_faces[:, [1, 2]]])
    count = int(corner.max()) + 1
    graph = coo_matrix((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), shape=(count, count))
    _, chart = connected_components(graph, directed=False)
    face_chart = chart[uv_faces[:, 0]]
    nose = template.landmarks["nose_tip"]
    head_chart = face_chart[np.flatnonzero((template.faces == nose).any(axis=1))[0]]
    body = np.zeros(len(template.vertices), dtype=bool)
    body[template.faces[(face_chart != head_chart) & (template.part == SKIN)]] = True
    body &= template.vertices[:, 1] < -0.05
    if not body.any():
        return np.ones(len(template.vertices), dtype=np.float32)
    distance, _ = cKDTree(template.vertices[body]).query(template.vertices)
    return np.clip((distance - 0.008) / 0.06, 0, 1).astype(np.float32)


def smooth_field(mask: np.ndarray, faces: Ints, rounds: int) -> Floats:
    """A mask with a soft border, by repeated averaging over neighbours (uniform Laplacian smoothing).

    mask: (V,) at the vertices.
    faces: (F, 3) vertex indices.
    rounds: number of averagings; each widens the border by about half an edge.
    Returns: (V,) 0 to 1.
    """
    edges = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    degree = np.maximum(np.bincount(edges.ravel(), minlength=len(mask)), 1)
    values = mask.astype(np.float64)
    for _ in range(rounds):
        sums = np.bincount(edges[:, 0], values[edges[:, 1]], len(mask))
        sums += np.bincount(edges[:, 1], values[edges[:, 0]], len(mask))
        values = 0.5 * values + 0.5 * sums / degree
    return values.astype(np.float32)


def eye_opening(template: Template) -> Floats:
    """Measure the opening of the eyes in a picture from the front.

    template: the mean head.
    Returns: (rows, columns) signed distance in units, as SkinAssets.eye_opening.
    """
    left, right, bottom, top = EYE_WINDOW
    width, height = round((right - left) / EYE_STEP), round((top - bottom) / EYE_STEP)
    x, y, z = template.vertices.T
    pixels = np.stack([(x - left) / EYE_STEP, (y - bottom) / EYE_STEP], axis=1)
    face, _ = rasterise(pixels, -z, template.faces, height, width)
    visible = np.isin(template.part[face], (LEFT_EYE, RIGHT_EYE)) & (face >= 0)
    if not visible.any():
        return np.full((height, width), 1.0, dtype=np.float32)
    pixels_outside = ndimage.distance_transform_edt(~visible) - ndimage.distance_transform_edt(visible)
    return (pixels_outside * EYE_STEP).astype(np.float32)


def brow_layers(cards: list[Path]) -> dict[int, Bytes]:
    """Draw every eyebrow card into the head's chart.

    cards: .mhclo files, whose names end in a number.
    Returns: number -> (H, W) opacity bytes in CHART.
    """
    base = load_base_mesh()
    coordinates = np.full((len(base.vertices), 2), np.nan, dtype=np.float32)
    coordinates[base.quads.ravel()] = base.uv.reshape(-1, 2)
    return {int("".join(c for c in path.stem if c.isdigit())): _brow_layer(path, coordinates) for path in cards}


def _brow_layer(path: Path, coordinates: Floats) -> Bytes:
    """(H, W) opacity bytes of a card: its vertices are bound to the base mesh's texture coordinates (V, 2), by the rule
    of .mhclo files, and its opacity is drawn there."""
    rows = [line.split() for line in path.read_text(encoding="utf-8").split("verts 0")[1].splitlines()]
    bindings = np.array([row for row in rows if len(row) == 9], dtype=np.float64)
    corners, weights = bindings[:, :3].astype(int), bindings[:, 3:6]
    skin_uv = np.einsum("vk,vkc->vc", weights, coordinates[corners])
    uv, faces, uv_faces = _read_card(path.with_suffix(".obj"))
    left, right, bottom, top = CHART
    width, height = chart_size(BROW_TEXTURE_SIZE)
    x, y = (skin_uv[:, 0] - left) / (right - left) * width, (top - skin_uv[:, 1]) / (top - bottom) * height
    pixels = np.stack([x, y], axis=1)
    # A card's corner has its own texture coordinates, so corners are drawn as vertices of their own.
    face, bary = rasterise(
        pixels[faces.ravel()], None, np.arange(faces.size, dtype=np.int32).reshape(-1, 3), height, width
    )
    texture = to_pixels(uv[uv_faces.ravel()], np.arange(faces.size).reshape(-1, 3), face, bary)
    opacity = np.asarray(Image.open(path.with_suffix(".png")).convert("RGBA"))[:, :, 3]
    drawn = face >= 0
    size = opacity.shape[0]
    values = bilinear(opacity, texture[drawn][:, 0] * size - 0.5, (1 - texture[drawn][:, 1]) * size - 0.5)
    layer = np.zeros((height, width), dtype=np.float32)
    layer[drawn] = values[:, 0] * 255
    return ndimage.gaussian_filter(layer, 0.8).round().astype(np.uint8)


def _read_card(path: Path) -> tuple[Floats, Ints, Ints]:
    """Texture coordinates (T, 2) of an .obj file, and its triangles (F, 3) as indices of vertices and of these."""
    uv, corner_triples = [], []
    for line in path.read_text(encoding="utf-8").splitlines():
        kind, *rest = line.split() or [""]
        if kind == "vt":
            uv.append([float(number) for number in rest[:2]])
        elif kind == "f":
            corners = [[int(i) - 1 for i in corner.split("/")[:2]] for corner in rest]
            corner_triples += [[corners[0], corners[k], corners[k + 1]] for k in range(1, len(corners) - 1)]
    triangles = np.array(corner_triples, dtype=np.int32)
    return np.array(uv, dtype=np.float32), triangles[:, :, 0], triangles[:, :, 1]


def chart_size(square: int) -> tuple[int, int]:
    """Size of the head's chart in a texture.

    square: side of the texture, in pixels.
    Returns: width and height of CHART, in pixels.
    """
    left, right, bottom, top = CHART
    return round((right - left) * square), round((top - bottom) * square)


def _skin_name(path: Path) -> str:
    """Name of a skin, as appearance.sample_appearance reads it."""
    return path.stem.replace("_diffuse", "_")


def _chart(image: Image.Image) -> Bytes:
    """(H, W, 3) the part of a skin that shows CHART."""
    left, right, bottom, top = CHART
    size = image.width
    box = (left * size, (1 - top) * size, right * size, (1 - bottom) * size)
    return np.asarray(image.resize(chart_size(size), Image.Resampling.BILINEAR, box=box))


def _smooth(skin: Bytes) -> Bytes:
    """A skin at a quarter of its size, smoothed by an eyelid's width."""
    small = Image.fromarray(skin).reduce(4)
    sigma = small.width / 60
    return ndimage.gaussian_filter(np.asarray(small, dtype=np.float32), (sigma, sigma, 0)).round().astype(np.uint8)


def _face_lab(blurred: Bytes, template: Template, fields: dict[str, Floats]) -> Floats:
    """(3,) median CIE Lab of the face and the sides of the neck: the skin's tone."""
    face = np.flatnonzero(template.part == SKIN)
    centre = np.full((len(face), 3), 1 / 3, dtype=np.float32)
    _, y, z = interpolate(template.vertices, template.faces, face, centre).T
    bare = interpolate(fields["lips"][:, None], template.faces, face, centre)[:, 0] < 0.05
    trusted = interpolate(fields["trusted"][:, None], template.faces, face, centre)[:, 0] > 0.5
    front = (z > -0.15) & (y < 0.2) & bare & trusted
    chosen = face[front] if front.any() else face
    colours = sample(blurred, template.uv[chosen].mean(axis=1))
    return np.median(rgb2lab(colours[:, None, :])[:, 0], axis=0).astype(np.float32)


def _iris(path: Path) -> Bytes:
    """(IRIS_SIZE, IRIS_SIZE, 3) an iris with a little sclera around it."""
    image = Image.open(path).convert("RGB")
    x, y, half = (part * image.width for part in IRIS_PLACE)
    box = (x - half, y - half, x + half, y + half)
    return np.asarray(image.resize((IRIS_SIZE, IRIS_SIZE), Image.Resampling.BILINEAR, box=box))
