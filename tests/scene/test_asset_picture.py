"""Pictures that show how an asset is made."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from clip_head.core.types import Head
from clip_head.scene.asset_picture import WAYS, picture_asset

from .synthetic_asset import synthetic_asset


@pytest.mark.slow
def test_each_way_shows_something_else(small_head: Head, tmp_path: Path) -> None:
    head = replace(small_head, asset=synthetic_asset())
    pictures = []
    for way in WAYS:
        picture_asset(head, way, tmp_path / f"{way}.png", (120, 130), 20.0)
        pictures.append(np.asarray(Image.open(tmp_path / f"{way}.png").convert("RGB"), float))
    for one, other in ((0, 1), (1, 2), (0, 2)):
        assert np.abs(pictures[one] - pictures[other]).mean() > 1
