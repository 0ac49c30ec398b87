"""Work on millions of texels, part by part and on all cores."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from .types import Floats

#: Rows in a part: what is computed of so many stays in a core's cache.
PART = 1 << 15


def by_parts(function: Callable[..., Floats], *arrays: np.ndarray) -> Floats:
    """function(*arrays), computed on all cores.

    numpy and scipy let go of the interpreter while they compute, so that threads help.

    function: every row of its result depends on the same row of the arrays alone.
    arrays: of N rows each.
    Returns N rows.
    """
    count = len(arrays[0])
    if count <= PART:
        return function(*arrays)
    starts = range(0, count, PART)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        done = pool.map(lambda start: function(*(array[start : start + PART] for array in arrays)), starts)
        return np.concatenate(list(done))
