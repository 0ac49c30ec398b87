"""The material of strands: pigments by sliders, for Cycles and for EEVEE, which knows no hair shader.

Both read the node group "CLIP-Head Hair": Cycles its melanin and dye, EEVEE the colour that comes of them. In Cycles,
too, light hair is partly a surface: so much light goes from strand to strand in it that following it all takes more
bounces than scenes have.
"""

from __future__ import annotations

from math import e
from typing import Any

import bpy
import numpy as np

from ..core.hair.colour import Colouring
from .hair_colour import (
    DEPTH,
    EUMELANIN,
    MOST_SCATTER,
    PHEOMELANIN,
    ROUGHNESS,
    SCATTER,
    SURFACE_POWER,
    WHITE,
    HairColour,
    hair_colour,
    linear_of,
)

#: The attribute in which Blender keeps where on the skin hair is rooted.
ROOTS = "surface_uv_coordinate"
#: Name of the node group that all strands share.
GROUP = "CLIP-Head Hair"
#: The group's sliders -> value, smallest, largest.
_SLIDERS = {
    "Melanin": (0.8, 0.0, 1.0),
    "Redness": (0.0, 0.0, 1.0),
    "Grey": (0.0, 0.0, 1.0),
    "Root Darkness": (0.1, 0.0, 1.0),
    "Variation": (0.2, 0.0, 1.0),
    "Highlights": (0.0, 0.0, 1.0),
    "Highlight Melanin": (0.05, 0.0, 1.0),
}
#: The group's colours, which strands are dyed in.
_DYES = ("Dye", "Highlight Dye")
_OUTPUTS = {
    "Melanin": "Float",
    "Redness": "Float",
    "Dye": "Color",
    "Colour": "Color",
    "Surface": "Color",
    "Scatter": "Float",
}
_DESCRIPTIONS = {
    "Grey": "Share of strands that are white",
    "Root Darkness": "How much more melanin, and less dye, roots have",
    "Variation": "How much melanin differs from strand to strand",
    "Highlights": "Share of the locks that have the highlights' melanin and dye",
    "Highlight Melanin": "Melanin of these locks: below the other hair's they are lighter, above it darker",
    "Dye": "Colour that strands are dyed in, white for none",
    "Highlight Dye": "Colour that highlights are dyed in, white for none",
}
#: How smooth strands are along themselves: Principled Hair's roughness, and the surface's.
_LENGTHWISE, _SURFACE_ROUGHNESS = 0.25, 0.45
#: Melanin that roots have at full darkness, and how fast that fades along a strand.
_ROOT_MELANIN, _ROOT_FADE = 0.8, 6.0
#: Part of the melanin that highlights of no colour keep, and of what is missing to the most that lowlights get.
_LIGHTER, _DARKER = 0.25, 0.5
#: Locks along a side of the skin's UV: some 5 mm are dyed at once.
_LOCKS = 70.0


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
    surface, plain = (_add(tree, "ShaderNodeBsdfPrincipled", (0, -150 - 450 * place)) for place in range(2))
    for output, bsdf in {"Surface": surface, "Colour": plain}.items():
        bsdf.inputs["Roughness"].default_value = _SURFACE_ROUGHNESS
        tree.links.new(pigments.outputs[output], bsdf.inputs["Base Color"])
    both = _add(tree, "ShaderNodeMixShader", (300, 200))
    for socket, source in zip(
        both.inputs, (pigments.outputs["Scatter"], hair.outputs[0], surface.outputs[0]), strict=True
    ):
        tree.links.new(source, socket)
    for place, (target, shader) in enumerate({"CYCLES": both, "EEVEE": plain}.items()):
        output = _add(tree, "ShaderNodeOutputMaterial", (500, 200 - 350 * place))
        output.target = target
        tree.links.new(shader.outputs[0], output.inputs["Surface"])
    set_hair_colour(material, colour)
    return material


def set_hair_colour(material: bpy.types.Material, colour: HairColour) -> None:
    """Set the pigments of a material of strands; nothing happens to another one.

    material: of `build_hair_material`, whatever the artist has done to it since.
    colour: the pigments.
    """
    if set_sliders(material, Melanin=colour.melanin, Redness=colour.redness, Grey=colour.grey, Dye=(*colour.dye, 1.0)):
        material.diffuse_color = (*colour.seen(), 1.0)  # how Solid mode shows it


def read_hair_colour(material: bpy.types.Material) -> HairColour | None:
    """The pigments that a material of strands is set to; None of another one.

    material: any.
    """
    for node in material.node_tree.nodes:
        if node.type == "GROUP" and _is_hair_group(node.node_tree):
            melanin, redness, grey = (node.inputs[name].default_value for name in ("Melanin", "Redness", "Grey"))
            red, green, blue, _ = (max(value, 1e-3) for value in node.inputs["Dye"].default_value)
            return HairColour(melanin, redness, grey, (red, green, blue))
    return None


def set_sliders(material: bpy.types.Material, **values: Any) -> bool:
    """Set inputs of the node group in a material of strands; whether it has the group.

    material: any.
    values: name of the input, with "_" for blanks -> value; an older group may lack some.
    """
    groups = [node for node in material.node_tree.nodes if node.type == "GROUP" and _is_hair_group(node.node_tree)]
    for node in groups:
        for name, value in values.items():
            socket = node.inputs.get(name.replace("_", " "))
            if socket is not None:
                socket.default_value = value
    return bool(groups)


def set_colouring(material: bpy.types.Material, said: Colouring, fresh: bool = False) -> None:
    """Set what words say of white strands, highlights and roots; what they do not speak of stays.

    material: of `build_hair_material`; nothing happens to another one.
    said: by the words.
    fresh: whether the grey share is as painted, and is not made less.
    """
    groups = [node for node in material.node_tree.nodes if node.type == "GROUP" and _is_hair_group(node.node_tree)]
    for node in groups:
        melanin, grey, dye = (node.inputs[name].default_value for name in ("Melanin", "Grey", "Dye"))
        if said.grey is not None:
            set_sliders(material, Grey=max(grey, said.grey) if fresh else said.grey)
        if said.roots is not None:
            set_sliders(material, Root_Darkness=said.roots)
        if said.highlights is not None:
            if said.highlight_colour is not None:
                lock = hair_colour(linear_of(np.array(said.highlight_colour)))
                bright, tint = lock.melanin * (1.0 - lock.grey) ** 2, lock.dye  # locks have white strands throughout
            else:
                bright, tint = melanin + _DARKER * (1 - melanin) if said.darker else melanin * _LIGHTER, tuple(dye)[:3]
            set_sliders(material, Highlights=said.highlights, Highlight_Melanin=bright, Highlight_Dye=(*tint, 1.0))


def _is_hair_group(tree: bpy.types.NodeTree | None) -> bool:
    """Whether a group is ours."""
    return tree is not None and tree.name.startswith(GROUP)


def _hair_group() -> bpy.types.ShaderNodeTree:
    """The node group: the open file's, where it has the sockets that are needed, or a new one."""
    wanted = {*_SLIDERS, *_DYES, *_OUTPUTS}
    for group in bpy.data.node_groups:
        if _is_hair_group(group) and {item.name for item in group.interface.items_tree} == wanted:
            return group
    return _new_hair_group()


def _new_hair_group() -> bpy.types.ShaderNodeTree:
    """The node group: what melanin and dye a strand has here, what colour comes of them, and how much of that colour
    is scattered on the surface."""
    group = bpy.data.node_groups.new(GROUP, "ShaderNodeTree")
    for name, kind in _OUTPUTS.items():
        group.interface.new_socket(name, in_out="OUTPUT", socket_type=f"NodeSocket{kind}")
    for name, (value, low, high) in _SLIDERS.items():
        socket = group.interface.new_socket(name, in_out="INPUT", socket_type="NodeSocketFloat")
        socket.default_value, socket.min_value, socket.max_value, socket.subtype = value, low, high, "FACTOR"
        socket.description = _DESCRIPTIONS.get(name, "")
    for name in _DYES:
        socket = group.interface.new_socket(name, in_out="INPUT", socket_type="NodeSocketColor")
        socket.default_value, socket.description = (1.0, 1.0, 1.0, 1.0), _DESCRIPTIONS[name]

    sliders, strand = _add(group, "NodeGroupInput", (-1200, 0)), _add(group, "ShaderNodeHairInfo", (-1200, -400))
    outputs = _add(group, "NodeGroupOutput", (1500, 0))
    melanin, redness, grey, roots, variation, highlights, bright, dye, bright_dye = sliders.outputs[:9]
    random, along = strand.outputs["Random"], strand.outputs["Intercept"]

    def math(operation: str, *values: bpy.types.NodeSocket | float) -> bpy.types.NodeSocket:
        node = _add(group, "ShaderNodeMath", (-1000 + 180 * (len(group.nodes) // 4), -180 * (len(group.nodes) % 4)))
        node.operation, node.use_clamp = operation, False
        for socket, value in zip(node.inputs, values, strict=False):
            _set(group, socket, value)
        return node.outputs[0]

    def between(one: bpy.types.NodeSocket, other: bpy.types.NodeSocket | float, share: bpy.types.NodeSocket) -> Any:
        return math("MULTIPLY_ADD", math("SUBTRACT", other, one), share, one)

    lock = math("LESS_THAN", _random_of_lock(group), highlights)
    # The strands with the least melanin are the white ones, so that the others keep theirs.
    white = math("LESS_THAN", random, grey)
    here = between(melanin, bright, lock)
    varied = math("MULTIPLY", here, math("MULTIPLY_ADD", math("SUBTRACT", random, 0.5), variation, 1.0))
    # Squared, so that a little of it does not darken hair that is light all over.
    root = math("MULTIPLY", math("POWER", math("SUBTRACT", 1.0, along), _ROOT_FADE), math("MULTIPLY", roots, roots))
    darker = between(varied, math("MAXIMUM", varied, _ROOT_MELANIN), root)
    coloured = math("MINIMUM", math("MAXIMUM", darker, 0.0), 0.995)
    amount = between(coloured, WHITE, white)
    tint = _mix(group, lock, dye, bright_dye)
    for undyed in (root, white):
        tint = _mix(group, undyed, tint, (1.0, 1.0, 1.0, 1.0))
    red_left = math("MULTIPLY", redness, math("SUBTRACT", 1.0, root))
    for name, value in {"Melanin": amount, "Redness": red_left, "Dye": tint}.items():
        group.links.new(value, outputs.inputs[name])

    # What comes of them: see hair_colour.py.
    split = _add(group, "ShaderNodeSeparateColor", (900, -600))
    colour, scattered = (_add(group, "ShaderNodeCombineColor", (1300, -200 * place)) for place in range(2))
    group.links.new(tint, split.inputs[0])
    depth = math("MULTIPLY", math("LOGARITHM", math("SUBTRACT", 1.0, amount), e), -1.0)
    theory = []
    for channel, (brown, red) in enumerate(zip(EUMELANIN, PHEOMELANIN, strict=True)):
        pigment = math("MULTIPLY_ADD", red_left, red - brown, brown)
        dyed = math("DIVIDE", math("LOGARITHM", math("MAXIMUM", split.outputs[channel], 1e-3), e), DEPTH)
        absorbed = math("MULTIPLY_ADD", depth, pigment, math("MULTIPLY", dyed, dyed))
        theory.append(math("EXPONENT", math("MULTIPLY", math("SQRT", absorbed), -DEPTH)))
        group.links.new(theory[channel], colour.inputs[channel])
        group.links.new(math("POWER", theory[channel], SURFACE_POWER), scattered.inputs[channel])
    group.links.new(colour.outputs[0], outputs.inputs["Colour"])
    group.links.new(scattered.outputs[0], outputs.inputs["Surface"])
    scatter = math("MINIMUM", math("MULTIPLY", theory[1], SCATTER), MOST_SCATTER)
    group.links.new(scatter, outputs.inputs["Scatter"])
    return group


def _random_of_lock(group: bpy.types.NodeTree) -> bpy.types.NodeSocket:
    """A number from 0 to 1 that neighbouring strands share, by where they are rooted on the skin."""
    rooted = _add(group, "ShaderNodeAttribute", (-1600, -700))
    rooted.attribute_name = ROOTS
    locks = _add(group, "ShaderNodeTexVoronoi", (-1400, -700))
    locks.voronoi_dimensions = "2D"
    locks.inputs["Scale"].default_value = _LOCKS
    group.links.new(rooted.outputs["Vector"], locks.inputs["Vector"])
    channels = _add(group, "ShaderNodeSeparateColor", (-1200, -700))
    group.links.new(locks.outputs["Color"], channels.inputs[0])
    return channels.outputs[0]


def _mix(
    group: bpy.types.NodeTree,
    factor: bpy.types.NodeSocket,
    one: bpy.types.NodeSocket,
    other: bpy.types.NodeSocket | tuple[float, ...],
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
