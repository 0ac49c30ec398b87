"""`python -m training cards`: the pictures that hair cards show, rendered from the grooms' own guides.

    python -m training cards --out weights/embedded/cards

Nothing is learnt here: each slot of the atlas is a lock of guides of a groom, straightened, with strands drawn between
them by the rows of atlas.json. Roots lie at the top of a slot, tips at its bottom.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import ndimage
from scipy.spatial import cKDTree

from clip_head.core.hair.atlas import PICTURES, Slot, as_config
from clip_head.core.hair.library import load_grooms
from clip_head.core.models import EMBEDDED, write_model_json
from clip_head.core.nphm import load_nphm
from clip_head.core.nphm.embedded import EmbeddedNPHM
from clip_head.core.png import encode_png
from clip_head.core.types import Bytes, Floats, ModelCard

#: The kinds of locks that there are.
TABLE = Path(__file__).with_name("atlas.json")
#: Pixels to a pixel of the atlas, along each side, in which strands are drawn.
FINER = 4
#: Width of a strand, pixels of the atlas; it thins out to this part of it at its tip.
WIDTH, TIP = 1.35, 0.45
#: Empty pixels of the atlas along a slot's edges: neighbours do not shine in where it is shown small.
MARGIN = 3
#: Guides in a lock.
GUIDES = 14
#: Grey of the shade that leaves the hair's colour as it is.
NEUTRAL = 135
#: How dark strands at the back of a lock are and those at its front, roots, and how much one strand differs from the
#: next, as parts of NEUTRAL.
BACK, FRONT, ROOT, UNEVEN = 0.85, 1.45, 0.62, 0.12
#: Part of a strand over which its root is darker.
ROOT_PART = 0.3
#: How far below the upper edge of its slot the last strand begins, a part of its height: roots are no straight line.
LATE = 0.06
#: Points on a strand to a row of the finer picture.
STEPS = 1.5


@dataclass(frozen=True)
class Kind:
    """How the strands of a kind of lock are drawn; lengths are parts of a slot's width.

    grooms: from whose guides its slots are, one name each.
    boxes: of its slots, (column, row, width, height), pixels.
    strands: in a slot.
    fill: standard deviation of the roots across.
    gather: how far strands gather towards tips, 0 to 1, in so many locks.
    wave: how far strands stray.
    curl, turns: of curls: their radius, and how many there are along a strand.
    loop: how far curls go to and fro along the strand, a part of its length.
    ends: part of the lock's length by which the shortest strands are shorter.
    width: of strands, as a multiple of WIDTH.
    """

    grooms: tuple[str, ...]
    boxes: tuple[tuple[int, int, int, int], ...]
    strands: int
    fill: float
    gather: float
    locks: int
    wave: float
    ends: float
    curl: float = 0.0
    turns: float = 0.0
    loop: float = 0.0
    width: float = 1.0


@dataclass(frozen=True)
class Strands:
    """Strands of a slot, from the back to the front.

    across, along (N, T): places in the slot, 0 to 1, from left to right and from root to tip.
    """

    across: Floats
    along: Floats


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the stage."""
    parser.add_argument("--nphm", type=Path, default=EMBEDDED / "nphm", help="the head model of the grooms' template")
    parser.add_argument("--grooms", type=Path, default=EMBEDDED / "grooms", help="whose strands are drawn")
    parser.add_argument("--out", type=Path, default=EMBEDDED / "cards")
    parser.add_argument("--seed", type=int, default=0)


def run(args: argparse.Namespace) -> None:
    """Write the folder of cards."""
    network = load_nphm(args.nphm).network
    assert isinstance(network, EmbeddedNPHM)
    grooms = load_grooms(args.grooms, network.sheet.vertices).grooms
    size, kinds = read_table(TABLE)
    pictures = draw_atlas({name: one.points for name, one in grooms.items()}, kinds, size, args.seed)
    args.out.mkdir(parents=True, exist_ok=True)
    for name, picture in pictures.items():
        (args.out / f"{name}.png").write_bytes(encode_png(picture))
    card = ModelCard("cards", "CLIP-Head hair cards, embedded", "CC0-1.0", "python -m training cards")
    slots = slots_of(kinds, size)
    figures = {"slots": len(slots), "size": size}
    write_model_json(args.out, card, as_config(slots, NEUTRAL), figures, [f"{name}.png" for name in pictures])
    print(f"{args.out}: {figures}")


def read_table(path: Path) -> tuple[int, dict[str, Kind]]:
    """The side of the atlas, pixels, and its kinds of locks by name."""
    table = json.loads(path.read_text(encoding="utf-8"))
    kinds = {
        name: Kind(**{**row, "grooms": tuple(row["grooms"]), "boxes": tuple(tuple(box) for box in row["boxes"])})
        for name, row in table["kinds"].items()
    }
    return table["size"], kinds


def slots_of(kinds: dict[str, Kind], size: int) -> tuple[Slot, ...]:
    """The slots of all kinds, in UV."""
    return tuple(
        Slot(name, x / size, 1 - (y + height) / size, (x + width) / size, 1 - y / size)
        for name, kind in kinds.items()
        for x, y, width, height in kind.boxes
    )


def draw_atlas(guides: dict[str, Floats], kinds: dict[str, Kind], size: int, seed: int) -> dict[str, Bytes]:
    """The pictures (size, size) of PICTURES, by name.

    guides: name of a groom -> (N, K, 3) its guides, units.
    kinds: of locks.
    size: of the atlas, pixels.
    seed: of all that is drawn.
    """
    rng = np.random.default_rng(seed)
    pictures = {name: np.zeros((size, size), np.uint8) for name in PICTURES}
    for kind in kinds.values():
        for groom, (x, y, width, height) in zip(kind.grooms, kind.boxes, strict=True):
            strands = lock_of(straightened(guides[groom], rng), kind, rng)
            drawn = draw_slot(strands, kind, width, height, rng)
            for name, picture in drawn.items():
                pictures[name][y : y + height, x : x + width] = picture
    return pictures


def straightened(guides: Floats, rng: np.random.Generator) -> Floats:
    """Where the guides of a lock lie across it, (GUIDES, K), about 0, as seen from outside and pulled straight.

    guides: (N, K, 3) of a groom.
    rng: chooses the lock among the longer half.
    """
    if len(guides) == 0:  # a style that did not grow on a toy's head
        return np.zeros((1, guides.shape[1]), np.float32)
    lengths = np.linalg.norm(np.diff(guides, axis=1), axis=2).sum(axis=1)
    long = np.flatnonzero(lengths >= np.median(lengths))
    middle = guides[rng.choice(long)]
    # By the shape of the whole guide: those beside it at a parting go another way.
    near = cKDTree(guides[long].reshape(len(long), -1)).query(middle.ravel(), range(1, min(GUIDES, len(long)) + 1))[1]
    lock = guides[long][near]
    offsets = lock - middle
    tangent = np.gradient(middle, axis=0)
    tangent /= np.maximum(np.linalg.norm(tangent, axis=1, keepdims=True), 1e-9)
    # Across: where the lock spreads most at right angles to its run.
    flat = offsets - (offsets * tangent).sum(axis=2, keepdims=True) * tangent
    _, _, axes = np.linalg.svd(flat.reshape(-1, 3), full_matrices=False)
    across = flat @ axes[0]
    return np.asarray(across / max(float(np.abs(across).std()), 1e-6), np.float32)


def lock_of(lines: Floats, kind: Kind, rng: np.random.Generator) -> Strands:
    """The strands of a slot.

    lines: (G, K) where guides lie across the lock, about 0, with a spread of about 1.
    kind: of lock.
    rng: draws them.
    """
    count, steps = kind.strands, np.linspace(0, 1, 96)
    coarse = np.linspace(0, 1, lines.shape[1])
    smooth = np.stack([np.interp(steps, coarse, line) for line in lines])
    pairs = rng.integers(0, len(lines), (count, 2))
    mixed = rng.uniform(0, 1, (count, 1))
    # How the guides move apart and together; where the roots are is drawn evenly, so that a slot is filled.
    moves = mixed * smooth[pairs[:, 0]] + (1 - mixed) * smooth[pairs[:, 1]]
    moves = 0.12 * (moves - moves[:, :1])
    roots = kind.fill * (0.6 * rng.standard_normal((count, 1)) + rng.uniform(-0.7, 0.7, (count, 1)))
    locks = kind.fill * rng.uniform(-1, 1, kind.locks)
    own = np.abs(roots - locks).argmin(axis=1)
    gathered = kind.gather * steps**1.3 * (locks[own][:, None] - roots)
    phase, pitch = rng.uniform(0, 2 * np.pi, (2, count, 1)), rng.uniform(0.4, 1.6, (count, 1))
    wave = kind.wave * rng.normal(0, 1, (count, 1)) * steps * np.sin(phase[0] + 2 * np.pi * pitch * steps)
    # The strands of one lock curl alike.
    turning = 2 * np.pi * (kind.turns * (1 + 0.15 * rng.normal(0, 1, (kind.locks, 1)))[own] * steps)
    turning = turning + 2 * np.pi * rng.uniform(0, 1, (kind.locks, 1))[own] + 0.35 * rng.normal(0, 1, (count, 1))
    radius = kind.curl * rng.uniform(0.7, 1.2, (count, 1)) * np.minimum(steps * 5, 1)
    length = 1 - kind.ends * rng.uniform(0, 1, (count, 1)) ** 2
    across = 0.5 + roots + moves + gathered + wave + radius * np.sin(turning)
    begin = LATE * rng.uniform(0, 1, (count, 1)) ** 2
    along = begin + steps * (length - begin) + kind.loop * np.minimum(steps * 5, 1) * np.cos(turning)
    # What would leave the slot is mirrored back into it.
    across = 1 - np.abs(np.abs(across) - 1)
    return Strands(np.asarray(across, np.float32), np.asarray(along.clip(0, 1), np.float32))


def draw_slot(strands: Strands, kind: Kind, width: int, height: int, rng: np.random.Generator) -> dict[str, Bytes]:
    """The pictures (height, width) of a slot by name: painted from the back to the front."""
    columns, rows = FINER * width, FINER * height
    covered = np.zeros((rows, columns), bool)
    layers = {name: np.zeros((rows, columns), np.float32) for name in ("shade", "root_tip", "id")}
    inner, deep = columns - 2 * FINER * MARGIN, rows - 2 * FINER * MARGIN
    count = len(strands.across)
    for place, (across, along) in enumerate(zip(strands.across, strands.along, strict=True)):
        t = np.linspace(0, 1, int(STEPS * rows))
        knots = np.linspace(0, 1, len(across))
        x = FINER * MARGIN + inner * np.interp(t, knots, across)
        y = FINER * MARGIN + deep * np.interp(t, knots, along)
        depth = BACK + (FRONT - BACK) * place / max(count - 1, 1)
        root = ROOT + (1 - ROOT) * np.minimum(t / ROOT_PART, 1)
        values = {
            "shade": depth * root * (1 + UNEVEN * rng.normal()),
            "root_tip": t,
            "id": np.full(len(t), rng.random()),
        }
        half = 0.5 * FINER * WIDTH * kind.width * (1 - (1 - TIP) * t**2)
        for step in range(-int(half.max()), int(half.max()) + 1):
            inside = np.abs(step) <= half
            at = y[inside].astype(int).clip(0, rows - 1), (x[inside] + step).astype(int).clip(0, columns - 1)
            covered[at] = True
            for name, value in values.items():
                layers[name][at] = value[inside]
    alpha = _smaller(covered.astype(np.float32))
    pictures = {"alpha": np.round(255 * alpha).astype(np.uint8)}
    scale = {"shade": float(NEUTRAL), "root_tip": 255.0, "id": 255.0}
    for name, layer in layers.items():
        mean = _smaller(layer * covered) / np.maximum(alpha, 1e-6)
        pictures[name] = np.round(scale[name] * _carried_on(mean, alpha > 0)).clip(0, 255).astype(np.uint8)
    return pictures


def _smaller(picture: Floats) -> Floats:
    """A finer picture in pixels of the atlas, each the mean of its own."""
    rows, columns = picture.shape
    return np.asarray(picture.reshape(rows // FINER, FINER, columns // FINER, FINER).mean(axis=(1, 3)), np.float32)


def _carried_on(picture: Floats, known: np.ndarray) -> Floats:
    """A picture whose unknown pixels are the nearest known ones: no dark fringes round strands."""
    nearest = ndimage.distance_transform_edt(~known, return_distances=False, return_indices=True)
    return np.asarray(picture[tuple(nearest)], np.float32)
