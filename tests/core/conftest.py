"""The embedded models, loaded once for all tests that need them whole."""

import pytest

from clip_head.core.pipeline import Models, load_models


@pytest.fixture(scope="session")
def models() -> Models:
    """All embedded models. A test that changes a weight restores it."""
    return load_models()
