"""One small head, opened and unwrapped once for all tests of this room."""

from __future__ import annotations

import numpy as np
import pytest

from clip_head.benchmarks.heads import rough_head
from clip_head.core.types import HeadMesh, UnwrappedMesh
from clip_head.core.uv import Layout, load_layout, unwrap


@pytest.fixture(scope="session")
def layout() -> Layout:
    return load_layout()


@pytest.fixture(scope="session")
def head() -> HeadMesh:
    plain = rough_head(1, 0.035, hair=False)
    offsets = np.stack([plain.vertices[:, 1], 0 * plain.vertices[:, 0], plain.vertices[:, 0]], 1).astype(np.float32)
    return HeadMesh(plain.vertices, plain.faces, offsets, plain.vertices.copy())


@pytest.fixture(scope="session")
def unwrapped(head: HeadMesh, layout: Layout) -> UnwrappedMesh:
    return unwrap(head, layout)
