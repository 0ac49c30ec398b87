"""The shape keys of an asset: the head's, and those of its other parts, which follow it by drivers.

The drivers take the mean of a single variable, or hold products, which Blender counts as simple expressions: so they
work in files whose scripts it does not trust.
"""

from __future__ import annotations

from collections.abc import Iterable

import bpy
import numpy as np

from ..core.asset.arkit import arkit_actions, factors
from ..core.types import Floats

#: Range of driven keys: those of the head's own keys lie within, which is 0 to 1 unless words ask for more.
_LEAST, _GREATEST = -2.0, 3.0
#: Name of the shape key that holds the neutral shape: Blender's own.
BASIS = "Basis"


def add_keys(obj: bpy.types.Object, offsets: dict[str, Floats], values: dict[str, float]) -> None:
    """Shape keys "Basis" and all of `values` in their order, at these values; then correctives, "one_other" and
    "one_half", which are driven by theirs.

    obj: a mesh without shape keys.
    offsets: name -> (V, 3), metres, that the key at 1 adds; a key without any moves nothing.
    values: name -> value, 0 to 1.
    """
    correctives = [name for name in offsets if name not in values]
    _add_blocks(obj, [*values, *correctives], offsets)
    blocks = obj.data.shape_keys.key_blocks
    for name, value in values.items():
        _set_value(blocks[name], value)
    for name in correctives:
        _drive_corrective(blocks[name], obj.data.shape_keys)


def set_expression(obj: bpy.types.Object, values: dict[str, float], scene: bpy.types.Scene) -> None:
    """Let the head of an asset take an expression; with auto keying on, keyframes are set at the scene's frame.

    obj: the head, with keys of ARKit's names.
    values: ARKit name -> value, 0 to 1; other keys keep theirs.
    scene: whose tool settings count.
    """
    blocks = obj.data.shape_keys.key_blocks
    for name, value in values.items():
        if name in blocks:
            _set_value(blocks[name], value)
            if scene.tool_settings.use_keyframe_insert_auto:
                blocks[name].keyframe_insert("value", frame=scene.frame_current)
    obj.data.update()


def key_values(obj: bpy.types.Object) -> dict[str, float]:
    """The expression that the head of an asset has: ARKit name -> value, for all 52; 0 where there is no such key.

    obj: the head.
    """
    blocks = obj.data.shape_keys.key_blocks
    return {name: float(blocks[name].value) if name in blocks else 0.0 for name in arkit_actions()}


def add_driven_keys(obj: bpy.types.Object, offsets: dict[str, Floats], head: bpy.types.Object) -> None:
    """Shape keys "Basis" and all of `offsets`, each with the value of the head's key of the same name.

    obj: a mesh without shape keys; one that nothing moves keeps none.
    offsets: as of `add_keys`.
    head: a mesh with keys of all these names.
    """
    source = head.data.shape_keys
    names = [block.name for block in source.key_blocks if block.name in offsets]
    if not names:
        return
    _add_blocks(obj, names, offsets)
    for name in names:
        block = obj.data.shape_keys.key_blocks[name]
        block.slider_min, block.slider_max = _LEAST, _GREATEST  # as far as the head's own may go
        block.value = source.key_blocks[name].value
        _drive(block, source)


def _set_value(block: bpy.types.ShapeKey, value: float) -> None:
    """Set a key's value; words may ask for a little more than all of an action, or for its opposite."""
    block.slider_min, block.slider_max = min(block.slider_min, value), max(block.slider_max, value)
    block.value = value


def _add_blocks(obj: bpy.types.Object, names: Iterable[str], offsets: dict[str, Floats]) -> None:
    """Add the shape keys, in this order, after the neutral one."""
    rest = np.empty(len(obj.data.vertices) * 3, dtype=np.float32)
    obj.data.vertices.foreach_get("co", rest)
    obj.shape_key_add(name=BASIS, from_mix=False)
    for name in names:
        block = obj.shape_key_add(name=name, from_mix=False)
        if name in offsets:
            block.points.foreach_set("co", rest + offsets[name].ravel())


def _drive(block: bpy.types.ShapeKey, source: bpy.types.Key) -> None:
    """Let a shape key follow the one of the same name among those of `source`."""
    driver = block.driver_add("value").driver
    driver.type = "AVERAGE"
    _add_variable(driver, "head", source, block.name)


def _drive_corrective(block: bpy.types.ShapeKey, source: bpy.types.Key) -> None:
    """Let a corrective be worth the product of its factors (see arkit.factors), by the values of keys of `source`."""
    driver = block.driver_add("value").driver
    driver.type = "SCRIPTED"
    values = [(f"key{n}", half) for n, (_, half) in enumerate(factors(block.name))]
    driver.expression = " * ".join(f"4 * {value} * (1 - {value})" if half else value for value, half in values)
    for n, (name, _) in enumerate(factors(block.name)):
        _add_variable(driver, f"key{n}", source, name)


def _add_variable(driver: bpy.types.Driver, variable_name: str, source: bpy.types.Key, name: str) -> None:
    """Give a driver a variable: the value of the shape key `name` of `source`."""
    variable = driver.variables.new()
    variable.name, variable.type = variable_name, "SINGLE_PROP"
    target = variable.targets[0]
    target.id_type, target.id = "KEY", source
    target.data_path = f'key_blocks["{bpy.utils.escape_identifier(name)}"].value'
