"""What the operators that work on the active asset share."""

from __future__ import annotations

import bpy

from ..scene import head_object
from ..scene.asset import asset_collection
from .export import has_asset
from .generate import is_free


class ForActiveAsset:
    """Mixed into operators that need a part of an asset to be active."""

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """A part of an asset must be active."""
        return has_asset(cls, context)


class ForFreeAsset:
    """Mixed into operators that have a worker do something for the active asset."""

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """A part of an asset must be active, and nothing else on its way."""
        return is_free() and has_asset(cls, context)


def active_asset(context: bpy.types.Context) -> bpy.types.Collection:
    """The collection of the active asset.

    context: in which one of the classes above may be called.
    """
    collection = asset_collection(context.active_object)
    assert collection is not None  # as poll saw
    return collection


def active_head(context: bpy.types.Context) -> bpy.types.Object:
    """The head of the active asset.

    context: as of `active_asset`.
    """
    return head_object(active_asset(context))
