"""The material of strands: pigments by sliders, for Cycles and for EEVEE, which knows no hair shader.

Both read the node group "CLIP-Head Hair": Cycles its melanin and dye, EEVEE the colour that comes of them.
"""

from __future__ import annotations

from math import e

import bpy

from .hair_colour import DEPTH, EUMELANIN, PHEOMELANIN, ROUGHNESS, WHITE, HairColour

#: Name of the node group that all strands share.
GROUP = "CLIP-Head Hair"
#: The group's sliders -> value, smallest, largest.
_SLIDERS = {
    "Melanin": (0.8, 0.0, 1.0),
    "Redness": (0.0, 0.0, 1.0),
    "Grey": (0.0, 0.0, 1.0),
    "Root Darkness": (0.15, 0.0, 1.0),
    "Variation": (0.2, 0.0, 1.0),
}
_DESCRIPTIONS = {
    "Grey": "Share of strands that are white",
    "Root Darkness": "How much more melanin roots have",
    "Variation": "How much melanin differs from strand to strand",
    "Dye": "Colour that strands are dyed in, white for none",
}
#: How smooth strands are along themselves: Principled Hair's roughness, and EEVEE's.
_LENGTHWISE, _EEVEE_ROUGHNESS = 0.25, 0.45


def build_hair_material(name: str, colour: HairColour) -> bpy.types.Material:
    """A material for strands.

    name: of the material.
    colour: what its sliders are set to.
    """
    material = bpy.data.materials.new(name)
    if material.node_tree is None:  # from Blender 5.0 on every material has nodes and the switch is deprecated
        material.use_nodes = True
    tree = material.node_tree
    tree.nodes.clear()
    pigments = _add(tree, "ShaderNodeGroup", (-300, 0))
    pigments.node_tree = _hair_group()
    pigments.width = 200
    hair = _add(tree, "ShaderNodeBsdfHairPrincipled", (0, 200))
    hair.parametrization = "MELANIN"
    for socket, value in {"Roughness": _LENGTHWISE, "Radial Roughness": ROUGHNESS, "Random Color": 0.0}.items():
        hair.inputs[socket].default_value = value
    for output, socket in {"Melanin": "Melanin", "Redness": "Melanin Redness", "Dye": "Tint"}.items():
        tree.links.new(pigments.outputs[output], hair.inputs[socket])
    plain = _add(tree, "ShaderNodeBsdfPrincipled", (0, -150))
    plain.inputs["Roughness"].default_value = _EEVEE_ROUGHNESS
    tree.links.new(pigments.outputs["Colour"], plain.inputs["Base Color"])
    for place, (target, bsdf) in enumerate({"CYCLES": hair, "EEVEE": plain}.items()):
        output = _add(tree, "ShaderNodeOutputMaterial", (300, 200 - 350 * place))
        output.target = target
        tree.links.new(bsdf.outputs[0], output.inputs["Surface"])
    set_hair_colour(material, colour)
    return material


def set_hair_colour(material: bpy.types.Material, colour: HairColour) -> None:
    """Set the sliders of a material of strands; nothing happens to another one.

    material: of `build_hair_material`, whatever the artist has done to it since.
    colour: the pigments.
    """
    values = {"Melanin": colour.melanin, "Redness": colour.redness, "Grey": colour.grey, "Dye": (*colour.dye, 1.0)}
    for node in material.node_tree.nodes:
        if node.type == "GROUP" and node.node_tree is not None and node.node_tree.name.startswith(GROUP):
            for name, value in values.items():
                node.inputs[name].default_value = value
            material.diffuse_color = (*colour.seen(), 1.0)  # how Solid mode shows it


def _hair_group() -> bpy.types.ShaderNodeTree:
    """The node group: the open file's, where it has the sockets that are needed, or a new one."""
    wanted = {*_SLIDERS, "Dye", "Colour"}
    for group in bpy.data.node_groups:
        if group.name.startswith(GROUP) and {item.name for item in group.interface.items_tree} == wanted:
            return group
    return _new_hair_group()


def _new_hair_group() -> bpy.types.ShaderNodeTree:
    """The node group: what melanin and dye a strand has here, and what colour comes of them."""
    group = bpy.data.node_groups.new(GROUP, "ShaderNodeTree")
    for name, kind in {"Melanin": "Float", "Redness": "Float", "Dye": "Color", "Colour": "Color"}.items():
        group.interface.new_socket(name, in_out="OUTPUT", socket_type=f"NodeSocket{kind}")
    for name, (value, low, high) in _SLIDERS.items():
        socket = group.interface.new_socket(name, in_out="INPUT", socket_type="NodeSocketFloat")
        socket.default_value, socket.min_value, socket.max_value, socket.subtype = value, low, high, "FACTOR"
        socket.description = _DESCRIPTIONS.get(name, "")
    socket = group.interface.new_socket("Dye", in_out="INPUT", socket_type="NodeSocketColor")
    socket.default_value, socket.description = (1.0, 1.0, 1.0, 1.0), _DESCRIPTIONS["Dye"]

    sliders, strand = _add(group, "NodeGroupInput", (-1200, 0)), _add(group, "ShaderNodeHairInfo", (-1200, -400))
    outputs = _add(group, "NodeGroupOutput", (600, 0))
    melanin, redness, grey, roots, variation, dye = sliders.outputs[:6]
    random, along = strand.outputs["Random"], strand.outputs["Intercept"]

    def math(operation: str, *values: bpy.types.NodeSocket | float) -> bpy.types.NodeSocket:
        node = _add(group, "ShaderNodeMath", (-1000 + 180 * (len(group.nodes) // 4), -180 * (len(group.nodes) % 4)))
        node.operation, node.use_clamp = operation, False
        for socket, value in zip(node.inputs, values, strict=False):
            _set(group, socket, value)
        return node.outputs[0]

    white = math("LESS_THAN", random, grey)
    # The strands with the least melanin are the white ones, so that the others keep theirs.
    varied = math("MULTIPLY", melanin, math("MULTIPLY_ADD", math("SUBTRACT", random, 0.5), variation, 1.0))
    root = math("MULTIPLY", math("POWER", math("SUBTRACT", 1.0, along), 3.0), roots)
    darker = math("MULTIPLY_ADD", math("MULTIPLY", melanin, math("SUBTRACT", 1.0, varied)), root, varied)
    coloured = math("MINIMUM", math("MAXIMUM", darker, 0.0), 0.995)
    amount = math("MULTIPLY_ADD", math("SUBTRACT", WHITE, coloured), white, coloured)
    tint = _mix(group, white, dye, (1.0, 1.0, 1.0, 1.0))
    for name, value in {"Melanin": amount, "Redness": redness, "Dye": tint}.items():
        group.links.new(value, outputs.inputs[name])

    # What comes of them: see hair_colour.py.
    split, joined = (
        _add(group, "ShaderNodeSeparateColor", (900, -600)),
        _add(group, "ShaderNodeCombineColor", (1300, 0)),
    )
    group.links.new(tint, split.inputs[0])
    depth = math("MULTIPLY", math("LOGARITHM", math("SUBTRACT", 1.0, amount), e), -1.0)
    for channel, (brown, red) in enumerate(zip(EUMELANIN, PHEOMELANIN, strict=True)):
        pigment = math("MULTIPLY_ADD", redness, red - brown, brown)
        dyed = math("DIVIDE", math("LOGARITHM", math("MAXIMUM", split.outputs[channel], 1e-3), e), DEPTH)
        absorbed = math("MULTIPLY_ADD", depth, pigment, math("MULTIPLY", dyed, dyed))
        seen = math("EXPONENT", math("MULTIPLY", math("SQRT", absorbed), -DEPTH))
        group.links.new(seen, joined.inputs[channel])
    group.links.new(joined.outputs[0], outputs.inputs["Colour"])
    return group


def _mix(
    group: bpy.types.NodeTree,
    factor: bpy.types.NodeSocket,
    one: bpy.types.NodeSocket,
    other: tuple[float, ...],
) -> bpy.types.NodeSocket:
    """A colour of a node group: the first at a factor of 0, at 1 the other."""
    node = _add(group, "ShaderNodeMix", (300, -600))
    node.data_type = "RGBA"
    first, second = (socket for socket in node.inputs if socket.type == "RGBA")
    for socket, value in ((node.inputs[0], factor), (first, one), (second, other)):
        _set(group, socket, value)
    return next(socket for socket in node.outputs if socket.type == "RGBA")


def _set(
    group: bpy.types.NodeTree,
    socket: bpy.types.NodeSocket,
    value: bpy.types.NodeSocket | float | tuple[float, ...],
) -> None:
    """Link an input to a socket, or give it a value."""
    if isinstance(value, bpy.types.NodeSocket):
        group.links.new(value, socket)
    else:
        socket.default_value = value


def _add(tree: bpy.types.NodeTree, kind: str, place: tuple[float, float]) -> bpy.types.Node:
    """A new node at a place of the node editor."""
    node = tree.nodes.new(kind)
    node.location = place
    return node
