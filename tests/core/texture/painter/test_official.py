"""The official release's three passes: what is painted where."""

from typing import Any

import numpy as np
import torch

from clip_head.core.texture.painter.official import hint_size, middle, paint_in_stages, ring, with_middle


def test_the_face_is_painted_again_and_joined() -> None:
    side = 64
    size = hint_size(side)
    assert size == 160
    assert hint_size(512) == 1280
    hint = torch.linspace(0, 1, size).expand(1, 3, size, size).clone()
    calls: list[tuple[torch.Tensor, float]] = []

    def paint(image: torch.Tensor, scale: float) -> torch.Tensor:
        calls.append((image, scale))
        return torch.full_like(image, 0.25 * len(calls))

    def inpaint(**given: Any) -> torch.Tensor:
        calls.append((given["image"], given["scale"]))
        joined.update(given)
        return given["picture"]

    joined: dict[str, Any] = {}
    chart = np.ones((size, size), bool)
    picture = paint_in_stages(hint, chart, 0.85, paint, inpaint)
    assert [scale for _, scale in calls] == [0.85, 1.2, 0.8]
    assert [image.shape[-1] for image, _ in calls] == [side, side, 2 * side]
    # The second pass sees the middle two fifths of the control image, texel by texel.
    assert torch.equal(calls[1][0], hint[..., 48:112, 48:112])
    face = round(0.4 * 2 * side)
    assert torch.allclose(middle(picture, face), torch.tensor(0.5))
    assert (picture == 0.25).sum() == 3 * ((2 * side) ** 2 - face**2)
    # The ring begins where the face's circle ends and stays on the chart.
    rows, columns = np.nonzero(joined["mask"][0, 0].numpy())
    away = np.hypot(rows + 0.5 - side, columns + 0.5 - side) / (2 * side)
    assert away.min() >= 0.2
    assert away.max() <= 0.3
    assert away.max() > 0.29


def test_nothing_is_joined_off_the_chart() -> None:
    chart = torch.zeros(1, 1, 100, 100, dtype=torch.bool)
    chart[..., :50] = True
    mask = ring(chart)
    assert mask[..., :50].any()
    assert not mask[..., 50:].any()


def test_the_rest_of_the_picture_stays() -> None:
    image = torch.rand(1, 3, 11, 11)
    joined = with_middle(image, torch.zeros(1, 3, 5, 5))
    assert (joined[..., 3:8, 3:8] == 0).all()
    assert torch.equal(joined[..., :3, :], image[..., :3, :])
