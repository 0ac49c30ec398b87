"""The asset of one real head, for tests of what needs a whole face: lids, lips, ears and bones where they belong."""

from __future__ import annotations

from functools import cache

from clip_head.core.asset.assemble import asset_of
from clip_head.core.pipeline import load_models, read_words
from clip_head.core.types import Asset, HeadRequest


@cache
def real_asset() -> Asset:
    """Of a bearded man, neutral, without pictures, by the embedded models."""
    models = load_models()
    assert models.asset is not None
    request = HeadRequest("a man with a beard", seed=3)
    asset = asset_of(request, read_words(request, models), models.asset, models.texture.template)
    asset.weights.update(dict.fromkeys(asset.weights, 0.0))
    return asset
