"""Hair for the synthetic asset: guides that stand on the egg, and the same hair as closed meshes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from clip_head.core.types import Asset, AssetPart, Bytes, Floats, Groom, GroomLook

from .synthetic_asset import synthetic_asset

#: Points on every guide.
POINTS = 6


def hairy_asset(strands: int = 400) -> Asset:
    """The synthetic asset, finer, with hair and a beard, their volumes, and brows without one."""
    asset = synthetic_asset(32, 64)
    head = asset.parts[0]
    _, y, z = head.vertices.T
    grooms = (
        groom(head, "Hair", np.clip((y - 0.1) / 0.1, 0, 1), 60, 0.3, GroomLook(strands, 0.08, 0.5, frizz=2.0)),
        groom(
            head, "Beard", np.clip(-y / 0.1, 0, 1) * (z > 0), 40, 0.1, GroomLook(strands, curl=2.0, curl_length=10.0)
        ),
        groom(head, "Eyebrows", (np.abs(y - 0.05) < 0.04) & (z > 0.05), 30, 0.03, GroomLook(20, clump=0.0, frizz=0.0)),
    )
    volumes = tuple(AssetPart(name, head.vertices * 1.1, head.levels[:1], (name,)) for name in ("Hair", "Beard"))
    return replace(asset, parts=(*asset.parts, *volumes), grooms=grooms)


def groom(head: AssetPart, name: str, density: Floats, count: int, length: float, look: GroomLook) -> Groom:
    """Straight guides of one length, units, which stand up from the quads where hair is dense."""
    quads, uv = head.levels[0].quads, head.levels[0].uv
    dense = np.flatnonzero(density[quads].mean(axis=1) > 0.5)
    chosen = np.random.default_rng(0).choice(dense, count)
    corners = quads[chosen][:, :3]
    a, b, c = np.moveaxis(head.vertices[corners], 1, 0)
    normal = np.cross(b - a, c - a)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    weights = np.broadcast_to(np.array([0.3, 0.4, 0.3], np.float32), corners.shape)
    root = (head.vertices[corners] * weights[..., None]).sum(axis=1)
    points = root[:, None] + np.linspace(0, length, POINTS)[:, None] * normal[:, None]
    root_uv = (uv[chosen][:, :3] * weights[..., None]).sum(axis=1)
    return Groom(
        name,
        points.astype(np.float32),
        corners.astype(np.int32),
        np.ascontiguousarray(weights),
        root_uv.astype(np.float32),
        density.astype(np.float32),
        look,
    )


def plain(colour: tuple[int, int, int]) -> Bytes:
    """A picture of one colour."""
    return np.full((8, 8, 3), colour, np.uint8)
