"""Work on millions of texels, part by part and on all cores."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from .types import Floats

#: Rows in a part: the intermediate arrays of so many (128 KB a column of float32) fit into a core's cache.
PART = 1 << 15


def by_parts(function: Callable[..., Floats], *arrays: np.ndarray) -> Floats:
    """function(*arrays), computed on all cores.

    numpy and scipy release the interpreter's lock while they compute, so that threads help.

    function: every row of its result depends on the same row of the arrays alone.
    arrays: of N rows each.
    Returns N rows.
    """
    count = len(arrays[0])
    if count <= PART:
        return function(*arrays)
    starts = range(0, count, PART)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = pool.map(lambda start: function(*(array[start : start + PART] for array in arrays)), starts)
        return np.concatenate(list(results))
