"""Work by parts gives what it gives at once."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from clip_head.core.parts import PART, by_parts


def test_parts_join_in_order_whatever_their_number() -> None:
    for count in (0, 1, PART, PART + 1, 3 * PART + 5):
        left = np.arange(count, dtype=np.float32)
        right = np.stack([left, 2 * left], axis=1)
        found = by_parts(lambda a, b: b * a[:, None], left, right)
        assert np.array_equal(found, right * left[:, None])


def test_more_than_a_part_is_shared_and_errors_come_out() -> None:
    sizes: list[int] = []
    lock = threading.Lock()

    def seen(rows: np.ndarray) -> np.ndarray:
        with lock:
            sizes.append(len(rows))
        if rows[-1] > 3 * PART:
            raise ValueError("the last part")
        return rows

    rows = np.arange(3 * PART, dtype=np.float32)
    by_parts(seen, rows)
    assert sizes == [PART] * 3
    with pytest.raises(ValueError, match="the last part"):
        by_parts(seen, np.arange(3 * PART + 2, dtype=np.float32))
