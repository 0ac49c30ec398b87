"""Assets as plain JSON values and arrays by name, for core/exchange.py. Imports no torch."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from .types import Asset, AssetLevel, AssetPart, Bone, Groom, GroomLook

#: Dataclasses of an asset by the name that stands for them.
_CLASSES = {cls.__name__: cls for cls in (Asset, AssetLevel, AssetPart, Bone, Groom, GroomLook)}
#: Keys of a JSON object that stands for an array, and for a dataclass.
_ARRAY, _CLASS = "array", "class"


def asset_to_json(asset: Asset) -> tuple[Any, dict[str, np.ndarray]]:
    """An asset as JSON values, in which arrays are names, and these arrays.

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


def asset_from_json(value: Any, arrays: dict[str, np.ndarray]) -> Asset:
    """The asset that asset_to_json took apart.

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

    asset: Asset = whole(value)
    return asset
