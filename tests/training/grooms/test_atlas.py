"""The atlas of hair cards: every slot filled with strands from its root to its tip, apart from its neighbours."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from clip_head.core.hair.atlas import PICTURES, as_config, open_atlas
from clip_head.core.models import EMBEDDED
from clip_head.core.types import Bytes, Floats
from clip_head.training.grooms.atlas import MARGIN, NEUTRAL, TABLE, draw_atlas, read_table, slots_of, straightened

pytestmark = pytest.mark.slow(minutes=0.3)

SIZE, KINDS = read_table(TABLE)


def guides(seed: int) -> Floats:
    """Forty guides that hang down in a wavy curtain."""
    rng = np.random.default_rng(seed)
    t = np.linspace(0, 1, 24)
    x = np.linspace(-0.3, 0.3, 40)[:, None] + 0.01 * rng.normal(size=(40, 1)) * t
    y = -np.broadcast_to(t, x.shape) * rng.uniform(0.6, 1.0, (40, 1))
    return np.stack([x, y, 0.1 * np.sin(3 * x)], axis=2).astype(np.float32)


@pytest.fixture(scope="module")
def pictures() -> dict[str, Bytes]:
    names = {name for kind in KINDS.values() for name in kind.grooms}
    return draw_atlas({name: guides(number) for number, name in enumerate(sorted(names))}, KINDS, SIZE, 0)


def boxes() -> list[tuple[str, slice, slice]]:
    """The kind of every slot, and its rows and columns."""
    return [
        (name, slice(y, y + height), slice(x, x + width))
        for name, kind in KINDS.items()
        for x, y, width, height in kind.boxes
    ]


def test_slots_lie_side_by_side_within_the_atlas() -> None:
    taken = np.zeros((SIZE, SIZE), int)
    for _, rows, columns in boxes():
        assert rows.stop <= SIZE and columns.stop <= SIZE
        taken[rows, columns] += 1
    assert taken.max() == 1
    for slot, (_, rows, columns) in zip(slots_of(KINDS, SIZE), boxes(), strict=True):
        assert (slot.left * SIZE, slot.right * SIZE) == (columns.start, columns.stop)
        assert ((1 - slot.high) * SIZE, (1 - slot.low) * SIZE) == (rows.start, rows.stop)


def test_strands_fill_their_slots_and_keep_off_the_edges(pictures: dict[str, Bytes]) -> None:
    for kind, rows, columns in boxes():
        alpha = pictures["alpha"][rows, columns] / 255.0
        inner = alpha[MARGIN - 1 : 1 - MARGIN, MARGIN - 1 : 1 - MARGIN]
        assert inner.sum() == pytest.approx(alpha.sum()), kind
        covered = {"dense": 0.6, "sparse": 0.15, "flyaway": 0.05}.get(kind, 0.1)
        assert covered < alpha.mean() < 0.95, kind
        upper, lower = np.split(alpha, 2)
        assert lower.mean() < upper.mean(), "few strands reach the tips"


def test_roots_are_dark_and_tips_are_named(pictures: dict[str, Bytes]) -> None:
    for kind, rows, columns in boxes():
        covered = pictures["alpha"][rows, columns] > 128
        shade, tip, number = (pictures[name][rows, columns] for name in ("shade", "root_tip", "id"))
        height = len(covered)
        top, middle = slice(MARGIN, height // 12), slice(2 * height // 5, 3 * height // 5)
        assert shade[top][covered[top]].mean() < 0.9 * shade[middle][covered[middle]].mean(), kind
        assert tip[top][covered[top]].mean() < 60 < tip[middle][covered[middle]].mean(), kind
        assert number[covered].std() > 25, kind
    everywhere = pictures["shade"][pictures["alpha"] > 128]
    assert everywhere.mean() == pytest.approx(NEUTRAL, rel=0.25)


def test_same_seed_same_pictures(pictures: dict[str, Bytes]) -> None:
    some = {"brow": KINDS["brow"]}
    lines = {name: guides(0) for name in KINDS["brow"].grooms}
    one, again = (draw_atlas(lines, some, SIZE, 5) for _ in range(2))
    for name in PICTURES:
        assert one[name].tobytes() == again[name].tobytes()


def test_a_lock_is_pulled_straight() -> None:
    t = np.linspace(0, 1, 24)
    bow = np.stack([0 * t, np.cos(2 * t), np.sin(2 * t)], axis=1)
    beside = bow[None] + np.linspace(-0.1, 0.1, 10)[:, None, None] * np.array([1.0, 0, 0])
    across = straightened(beside.astype(np.float32), np.random.default_rng(0))
    assert np.ptp(across, axis=1).max() < 1e-3, "parallel to the last"
    assert len(straightened(np.zeros((0, 24, 3), np.float32), np.random.default_rng(0))) == 1


def test_the_shipped_atlas_is_what_its_card_says() -> None:
    atlas = open_atlas(EMBEDDED / "cards")
    assert as_config(atlas.slots, atlas.neutral) == as_config(slots_of(KINDS, SIZE), NEUTRAL)
    total = 0
    for name in PICTURES:
        with Image.open(atlas.folder / f"{name}.png") as picture:
            assert (picture.mode, picture.size) == ("L", (SIZE, SIZE))
        total += (atlas.folder / f"{name}.png").stat().st_size
    assert total < 1.5e6
