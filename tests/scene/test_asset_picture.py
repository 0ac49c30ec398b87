"""Pictures that show how an asset is made."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from clip_head.core.types import Head
from clip_head.scene.asset_picture import WAYS, picture_asset, picture_poses

from .synthetic_asset import synthetic_asset


@pytest.mark.slow
def test_each_way_shows_something_else(small_head: Head, tmp_path: Path) -> None:
    head = replace(small_head, asset=synthetic_asset())
    pictures = []
    for way in WAYS:
        picture_asset(head, way, tmp_path / f"{way}.png", (120, 130), (20.0,))
        pictures.append(np.asarray(Image.open(tmp_path / f"{way}.png").convert("RGB"), float))
    for one, other in ((0, 1), (1, 2), (0, 2)):
        assert np.abs(pictures[one] - pictures[other]).mean() > 1


@pytest.mark.slow
def test_poses_close_by(small_head: Head, tmp_path: Path) -> None:
    head = replace(small_head, asset=synthetic_asset())
    poses: tuple[dict[str, float], ...] = ({}, {"eyeLookUpLeft": 1.0}, {})
    files = [tmp_path / f"{number}.png" for number in range(3)]
    picture_poses(head, zip(poses, files, strict=True), ["Eye Left"], 0.04, 60, 0.0, samples=4)
    rest, up, again = (np.asarray(Image.open(file).convert("RGB"), float) for file in files)
    np.testing.assert_array_equal(rest, again)
    assert np.abs(rest - up).mean() > 1, "the pose shows, and the key of before is 0 again"
