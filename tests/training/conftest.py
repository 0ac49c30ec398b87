"""A tiny head and tiny MakeHuman-like textures: an ellipsoid with two eyeballs, flat skins, painted irises."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw

from clip_head.core.types import Floats, Ints
from clip_head.training.engine import optimise
from clip_head.training.skins import SkinAssets, load_assets
from clip_head.training.skins.assets import CHART
from clip_head.training.teacher.appearance import EYES
from clip_head.training.teacher.dataset import LEFT_EYE, RIGHT_EYE, SKIN, Template

PUPILS = {"left_pupil": (0.118, 0.033, 0.255), "right_pupil": (-0.118, 0.033, 0.255)}
SKINS = ("young_lightskinned_male", "old_lightskinned_female", "young_darkskinned_male")


def ellipsoid(centre: tuple[float, float, float], radii: tuple[float, float, float], steps: int) -> tuple[Floats, Ints]:
    """A closed surface around centre, its poles above and below."""
    polar, around = np.meshgrid(
        np.linspace(0.02, np.pi - 0.02, steps), np.linspace(0, 2 * np.pi, 2 * steps, endpoint=False), indexing="ij"
    )
    ball = np.stack([np.sin(polar) * np.sin(around), np.cos(polar), np.sin(polar) * np.cos(around)], axis=-1)
    columns = 2 * steps
    row, column = np.meshgrid(np.arange(steps - 1), np.arange(columns), indexing="ij")
    a, b = row * columns + column, row * columns + (column + 1) % columns
    quads = np.stack([a, a + columns, b + columns, b], axis=-1).reshape(-1, 4)
    faces = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    points = ball.reshape(-1, 3) * np.array(radii) + np.array(centre)
    return points.astype(np.float32), faces.astype(np.int32)


@pytest.fixture(scope="session")
def template() -> Template:
    """Head and eyeballs, in the places where the real template has them."""
    parts = [
        ellipsoid((0, 0, -0.05), (0.3, 0.45, 0.3), 60),
        ellipsoid((0.118, 0.033, 0.2), (0.055,) * 3, 14),
        ellipsoid((-0.118, 0.033, 0.2), (0.055,) * 3, 14),
    ]
    starts = np.cumsum([0, *(len(points) for points, _ in parts)])
    vertices = np.concatenate([points for points, _ in parts])
    faces = np.concatenate([faces + start for (_, faces), start in zip(parts, starts[:-1], strict=True)])
    part = np.concatenate(
        [
            np.full(len(faces), name, np.uint8)
            for (_, faces), name in zip(parts, (SKIN, LEFT_EYE, RIGHT_EYE), strict=True)
        ]
    )
    left, right, bottom, top = CHART
    unit = (vertices[:, :2] + np.array([0.32, 0.47])) / np.array([0.64, 0.94])
    uv = np.array([left, bottom]) + unit * np.array([right - left, top - bottom])
    x, y, z = vertices.T
    nothing = np.zeros(len(vertices), dtype=bool)
    lips = (np.hypot(x / 0.09, (y + 0.254) / 0.035) < 1) & (z > 0)
    names = ("ears", "mouth", "nostrils", "left_eyelids", "right_eyelids")
    regions = {"upper_lip": lips & (y > -0.254), "lower_lip": lips & (y <= -0.254), **dict.fromkeys(names, nothing)}
    places = {**PUPILS, "crown": (0, 0.45, -0.05), "nose_tip": (0, -0.115, 0.25)}
    landmarks = {
        name: int(np.argmin(np.linalg.norm(vertices - np.array(place, np.float32), axis=1)))
        for name, place in places.items()
    }
    return Template(vertices, faces, uv[faces].astype(np.float32), part, regions, landmarks)


@pytest.fixture(scope="session")
def assets_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Skins of one colour with a little grain, irises in their colour, one eyebrow card."""
    folder = tmp_path_factory.mktemp("makehuman")
    (folder / "skins").mkdir()
    (folder / "eyes/materials").mkdir(parents=True)
    (folder / "eyebrows/eyebrow001").mkdir(parents=True)
    rng = np.random.default_rng(1)
    for name in SKINS:
        base = np.array([90, 60, 45] if "dark" in name else [220, 170, 140])
        grain = rng.normal(0, 4, (256, 256, 1)) + base
        Image.fromarray(grain.clip(0, 255).astype(np.uint8)).save(folder / f"skins/{name}_diffuse.png")
    for name in EYES:
        eye = Image.new("RGBA", (256, 256), (225, 220, 215, 255))
        draw, (x, y) = ImageDraw.Draw(eye), (180, 76)
        colour = (40, 80, 200) if "blue" in name else (110, 70, 30)
        draw.ellipse((x - 28, y - 28, x + 28, y + 28), fill=colour)
        draw.ellipse((x - 9, y - 9, x + 9, y + 9), fill=(5, 5, 5))
        eye.save(folder / f"eyes/materials/{name}_eye.png")
    card = folder / "eyebrows/eyebrow001/eyebrow001"
    Image.new("RGBA", (16, 16), (20, 10, 5, 255)).save(card.with_suffix(".png"))
    card.with_suffix(".obj").write_text("vt 0 0\nvt 1 0\nvt 1 1\nvt 0 1\nf 1/1 2/2 3/3 4/4\n", encoding="utf-8")
    # Vertices of the base mesh's left brow.
    rows = (f"{6951 + k} 6934 6933 0.6 0.2 0.2 0 0 0" for k in range(4))
    card.with_suffix(".mhclo").write_text("verts 0\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def assets(assets_folder: Path, template: Template) -> SkinAssets:
    return load_assets(assets_folder, template)


@contextmanager
def interrupted(last: int, optimiser: type[torch.optim.Optimizer] = torch.optim.AdamW) -> Iterator[None]:
    """Training in which every step is kept, and which is interrupted in the one after `last`."""
    take_step = optimiser.step
    taken = 0

    def step(self: torch.optim.Optimizer, *arguments: Any) -> Any:
        nonlocal taken
        if taken == last:
            raise KeyboardInterrupt
        taken += 1
        return take_step(self, *arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(optimiser, "step", step)
        patch.setattr(optimise, "CHECKPOINT_SECONDS", 0.0)
        with pytest.raises(KeyboardInterrupt):
            yield


@pytest.fixture
def interruption() -> Callable[..., AbstractContextManager[None]]:
    """Where training is to be interrupted, and the class of its optimiser -> what it then runs in."""
    return interrupted
