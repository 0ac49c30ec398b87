"""A small asset without any model: an egg with two eyes, the same on both sides, as core.asset would give it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

import clip_head
from clip_head.core.types import Asset, AssetLevel, AssetPart, Bone, Bytes, Floats, Ints

#: The 52 actions in ARKit's order.
ARKIT: tuple[str, ...] = tuple(
    json.loads((Path(clip_head.__file__).parent / "core/asset/arkit.json").read_text(encoding="utf-8"))
)
#: Where the eyes' middles are, units: left, then right.
EYES = np.array([[0.12, 0.1, 0.12], [-0.12, 0.1, 0.12]], np.float32)


def synthetic_asset(rows: int = 16, columns: int = 32) -> Asset:
    """An asset of a head with two levels and four moving keys, two eyes of two materials and a lid's tear."""
    head = _head(rows, columns)
    ahead = np.array([0.0, 0.0, 0.05], np.float32)
    bones = (
        _bone("root", (0, -0.5, -0.2), (0, -0.4, -0.2)),
        _bone("head", (0, -0.3, -0.2), (0, 0.3, -0.2), "root"),
        _bone("jaw", (0, -0.05, -0.1), (0, -0.2, 0.1), "head"),
        *(Bone(f"eye.{side}", eye, eye + ahead, "head") for side, eye in zip("LR", EYES, strict=True)),
        _bone("eye_target", (0, 0.1, 1.1), (0, 0.1, 1.2), "head"),
    )
    eyes = tuple(_eye(name, eye, f"eye.{name[0]}") for name, eye in zip(("Left", "Right"), EYES, strict=True))
    weights = dict.fromkeys(ARKIT, 0.0) | {"jawOpen": 0.5, "eyeLookUpLeft": 0.25}
    return Asset((head, *eyes), weights, bones)


def _head(rows: int, columns: int) -> AssetPart:
    """An egg, open at the crown, where a small hole is, and at the neck. Columns start at the back."""
    points, quads, uv = _tube(rows, columns, np.radians(10.0), np.radians(150.0))
    points = points * np.array([0.3, 0.42, 0.36], np.float32) - np.array([0, 0, 0.2], np.float32)
    grid = np.arange(len(points)).reshape(rows + 1, columns)
    mirror = grid[:, (-np.arange(columns)) % columns].ravel().astype(np.int32)
    points = (points + points[mirror] * np.array([-1, 1, 1], np.float32)) / 2
    coarse = np.ascontiguousarray(grid[::2, ::2])
    coarse_quads, coarse_uv = _cells(coarse)
    x, y, z = points.T
    low, front = np.clip(-y / 0.3, 0, 1), np.clip(z / 0.1, 0, 1)
    left = np.clip(x / 0.1, 0, 1)
    down, out = np.array([0, -0.1, 0], np.float32), np.array([0.05, 0.02, 0], np.float32)
    blink = (front * left * (y > 0))[:, None] * np.array([0, -0.04, 0.01], np.float32)
    smile = (front * left * low)[:, None] * out
    flip = np.array([-1, 1, 1], np.float32)
    keys = {
        "eyeBlinkLeft": blink,
        "eyeBlinkRight": blink[mirror] * flip,
        "jawOpen": (low * front)[:, None] * down,
        "mouthSmileLeft": smile,
    }
    jaw = (low * front).astype(np.float32)
    return AssetPart(
        "Head",
        points.astype(np.float32),
        (
            AssetLevel(quads, uv, np.zeros(len(quads), np.int32)),
            AssetLevel(coarse_quads, coarse_uv, np.zeros(len(coarse_quads), np.int32)),
        ),
        ("Skin",),
        {name: moves.astype(np.float32) for name, moves in keys.items()},
        {"jaw": jaw, "head": (1 - jaw).astype(np.float32)},
        {"front": front.astype(np.float32)},
        mirror,
    )


def _eye(side: str, middle: Floats, bone: str) -> AssetPart:
    """A small ball with an iris in front, closed but for two little holes, that the key of its side turns up."""
    points, quads, uv = _tube(8, 12, np.radians(5.0), np.radians(175.0))
    points = points[:, [0, 2, 1]] * np.array([1, -1, 1], np.float32)  # its pole faces forward
    around = (points * 0.05).astype(np.float32)
    angle = np.radians(30.0)
    up = np.stack(
        [
            around[:, 0],
            np.cos(angle) * around[:, 1] + np.sin(angle) * around[:, 2],
            np.cos(angle) * around[:, 2] - np.sin(angle) * around[:, 1],
        ],
        axis=1,
    )
    iris = (points[quads].mean(axis=1)[:, 2] > 0.7).astype(np.int32)
    return AssetPart(
        f"Eye {side}",
        (around + middle).astype(np.float32),
        (AssetLevel(quads, uv, iris),),
        ("Sclera", "Iris"),
        {f"eyeLookUp{side}": (up - around).astype(np.float32)},
        {bone: np.ones(len(points), np.float32)},
    )


def _tube(rows: int, columns: int, start: float, stop: float) -> tuple[Floats, Ints, Floats]:
    """Points on the unit sphere from angle to angle down from its pole (+y), with their quads and UV."""
    down = np.linspace(start, stop, rows + 1)[:, None]
    around = np.linspace(0, 2 * np.pi, columns, endpoint=False)[None, :]
    x, y, z = np.sin(down) * -np.sin(around), np.cos(down) + 0 * around, np.sin(down) * -np.cos(around)
    points = np.stack([x, y, z], axis=-1).reshape(-1, 3).astype(np.float32)
    quads, uv = _cells(np.arange(len(points)).reshape(rows + 1, columns))
    return points, quads, uv


def _cells(grid: np.ndarray) -> tuple[Ints, Floats]:
    """Quads (Q, 4) of a grid of vertices that closes around, counter-clockwise from outside, and their UV (Q, 4, 2)."""
    beside = np.roll(grid, -1, axis=1)
    quads = np.stack([grid[:-1], beside[:-1], beside[1:], grid[1:]], axis=-1).reshape(-1, 4)[:, ::-1]
    rows, columns = grid.shape
    r, c = np.meshgrid(np.arange(rows - 1), np.arange(columns), indexing="ij")
    corners = [(c, r), (c + 1, r), (c + 1, r + 1), (c, r + 1)]
    uv = np.stack([np.stack([u / columns, 1 - v / (rows - 1)], axis=-1) for u, v in corners], axis=2)
    return quads.astype(np.int32), uv.reshape(-1, 4, 2)[:, ::-1].astype(np.float32)


def _bone(name: str, head: tuple[float, ...], tail: tuple[float, ...], parent: str = "") -> Bone:
    return Bone(name, np.array(head, np.float32), np.array(tail, np.float32), parent)


def eye_picture() -> Bytes:
    ramp = np.linspace(0, 255, 16).round().astype(np.uint8)
    return np.stack(np.broadcast_arrays(ramp[None, :], ramp[:, None], np.uint8(40)), axis=-1)
