"""Assets as plain JSON values and arrays by name, for core/exchange.py. Imports no torch."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from .types import (
    Asset,
    AssetLevel,
    AssetPart,
    Bone,
    Groom,
    GroomLook,
    HairChange,
    Hairstyle,
    Latents,
    ModelCard,
    TextureSet,
)

#: Dataclasses of an asset, and of other hair for one, by the name that stands for them.
_OF_ASSET = (Asset, AssetLevel, AssetPart, Bone, Groom, GroomLook, Hairstyle)
_CLASSES: dict[str, Any] = {cls.__name__: cls for cls in (*_OF_ASSET, HairChange, Latents, ModelCard, TextureSet)}
#: Keys of a JSON object that stands for an array, and for a dataclass.
_ARRAY, _CLASS = "array", "class"


def asset_to_json(asset: Asset | HairChange) -> tuple[Any, dict[str, np.ndarray]]:
    """An asset, or other hair for one, as JSON values, in which arrays are names, and these arrays.

    asset: any.
    """
    arrays: dict[str, np.ndarray] = {}

    def plain(value: Any) -> Any:
        if isinstance(value, np.ndarray):
            name = f"asset_{len(arrays)}"
            arrays[name] = value
            return {_ARRAY: name}
        if is_dataclass(value):
            entries = {entry.name: plain(getattr(value, entry.name)) for entry in fields(value)}
            return {_CLASS: type(value).__name__, "fields": entries}
        if isinstance(value, dict):
            return {"items": [[name, plain(entry)] for name, entry in value.items()]}
        return [plain(entry) for entry in value] if isinstance(value, tuple) else value

    return plain(asset), arrays


def asset_from_json(value: Any, arrays: dict[str, np.ndarray]) -> Any:
    """The asset, or the other hair, that asset_to_json took apart.

    value: its JSON values.
    arrays: by name.
    """

    def whole(value: Any) -> Any:
        if isinstance(value, list):
            return tuple(whole(entry) for entry in value)
        if not isinstance(value, dict):
            return value
        if _ARRAY in value:
            return arrays[value[_ARRAY]]
        if _CLASS in value:
            return _CLASSES[value[_CLASS]](**{name: whole(entry) for name, entry in value["fields"].items()})
        return {name: whole(entry) for name, entry in value["items"]}

    return whole(value)
