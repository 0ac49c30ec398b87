"""Results are kept by what they were computed from, and no longer than they are among the last."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from clip_head.core import remembered as module
from clip_head.core.remembered import remembered


@dataclass(frozen=True)
class Pair:
    first: np.ndarray
    rest: tuple[np.ndarray, ...]


def counting(count: int = 2):
    calls: list[float] = []

    @remembered(count)
    def scaled(values: np.ndarray, factor: float = 1.0) -> Pair:
        calls.append(factor)
        return Pair(values * factor, (values + factor,))

    return scaled, calls


def test_the_same_content_is_computed_once_and_other_content_anew() -> None:
    scaled, calls = counting()
    values = np.arange(6.0)
    first = scaled(values, 2.0)
    assert scaled(values.copy(), 2.0) is first
    assert len(calls) == 1
    for other in (values.astype(np.float32), values.reshape(2, 3), values + 1):
        assert scaled(other, 2.0) is not first
        np.testing.assert_array_equal(scaled(other, 2.0).first, other * 2)
    values[0] = 5
    assert scaled(values, 2.0).first[0] == 10, "an array that was changed is another"


def test_named_arguments_and_slices_count_by_content() -> None:
    scaled, calls = counting()
    table = np.arange(12.0).reshape(3, 4)
    assert scaled(table[:, 1], factor=3.0) is scaled(np.array([1.0, 5.0, 9.0]), factor=3.0)
    assert len(calls) == 1


def test_only_the_last_are_kept() -> None:
    scaled, calls = counting(2)
    for start in (0.0, 1.0, 0.0, 2.0, 0.0, 1.0):
        scaled(np.array([start]))
    assert len(calls) == 4, "0 was asked for again and again, 1 was forgotten"


def test_kept_results_cannot_be_changed() -> None:
    scaled, _ = counting()
    result = scaled(np.arange(3.0))
    for array in (result.first, *result.rest):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_what_is_too_large_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    scaled, calls = counting()
    monkeypatch.setattr(module, "LARGEST", 100)
    values = np.arange(7.0)
    scaled(values).first[0] = 1
    assert scaled(values).first[0] == 0
    assert len(calls) == 2
