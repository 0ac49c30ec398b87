"""A small head without any model, for tests of everything that comes after the models."""

import numpy as np
import pytest

from clip_head.core.types import Head, HeadRequest, Latents, ModelCard, TextureSet, UnwrappedMesh, UVMaps


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Quick tests first, then the slow ones, of which the longest first: no process shall end with a long one alone.

    Tests of a file stay together in one process, so that they share what they have loaded.
    """
    items.sort(key=_turn)
    for item in items:
        kind = "slow" if item.get_closest_marker("slow") else "quick"
        item.add_marker(pytest.mark.xdist_group(f"{kind} {item.path}"))


def _turn(item: pytest.Item) -> float:
    """Before which others a test runs: 0 for quick ones, from 1 on for slow ones."""
    slow = item.get_closest_marker("slow")
    return 0.0 if slow is None else 1.0 + 1.0 / slow.kwargs.get("minutes", 0.1)


@pytest.fixture(scope="session")
def small_head() -> Head:
    """An ellipsoid with a nose, cut at the neck, open along the back, with a smile that moves the lower front."""
    mesh = _ellipsoid_with_nose(rows=24, columns=48)
    size = 32
    flat = np.zeros((size, size, 3), dtype=np.float32)
    flat[..., 2] = 1.0
    ramp = np.linspace(0, 255, size).round().astype(np.uint8)
    albedo = np.stack(np.broadcast_arrays(ramp[None, :], ramp[:, None], np.uint8(90)), axis=-1)
    ramp = np.broadcast_to(ramp[:, None], (size, size))
    normal = np.broadcast_to(np.array([128, 128, 255], dtype=np.uint8), (size, size, 3)).copy()
    return Head(
        request=HeadRequest("a test head, smiling", expression="smiling", seed=3, resolution=64, texture_size=size),
        latents=Latents(np.zeros(4, np.float32), np.zeros(4, np.float32)),
        mesh=mesh,
        maps=UVMaps(flat, np.zeros_like(flat), np.ones((size, size), dtype=bool)),
        textures=TextureSet(albedo, normal, roughness=ramp, subsurface=ramp.T, coat=ramp[::-1], occlusion=ramp.T[::-1]),
        seconds={"words": 0.5, "texture": 1.5},
        models=(ModelCard("nphm", "test-nphm", "CC0-1.0", "made in a test"),),
    )


def _ellipsoid_with_nose(rows: int, columns: int) -> UnwrappedMesh:
    """Rows from the crown (one point) to the neck rim, columns around from the back over the sides to the front."""
    down = np.linspace(0.0, np.radians(150.0), rows + 1)[:, None]
    around = np.linspace(-np.pi, np.pi, columns + 1)[None, :]
    x = 0.30 * np.sin(down) * np.sin(around)
    y = 0.42 * np.cos(down) + 0.0 * around
    z = 0.36 * np.sin(down) * np.cos(around) - 0.20
    z = z + 0.08 * np.exp(-(x**2 + (y + 0.02) ** 2) / 0.004) * (np.cos(around) > 0)
    vertices = np.stack([x, y, z], axis=-1).reshape(-1, 3).astype(np.float32)

    cell = np.arange(rows)[:, None] * (columns + 1) + np.arange(columns)[None, :]
    upper = np.stack([cell, cell + columns + 1, cell + 1], axis=-1)[1:]  # the crown's row has no upper triangles
    lower = np.stack([cell + 1, cell + columns + 1, cell + columns + 2], axis=-1)
    faces = np.concatenate([upper.reshape(-1, 3), lower.reshape(-1, 3)]).astype(np.int32)

    source = np.arange(len(vertices), dtype=np.int32).reshape(rows + 1, columns + 1)
    source[:, -1] = source[:, 0]
    source[0, :] = 0
    u, v = np.meshgrid(np.linspace(0, 1, columns + 1), np.linspace(1, 0, rows + 1))
    smile = np.zeros_like(vertices)
    smile[:, 1] = np.where((vertices[:, 2] > 0) & (vertices[:, 1] < -0.1), 0.03, 0.0)
    return UnwrappedMesh(
        vertices=vertices,
        faces=faces,
        expression_offsets=smile,
        uv=np.stack([u, v], axis=-1).reshape(-1, 2).astype(np.float32),
        source=source.ravel(),
    )
