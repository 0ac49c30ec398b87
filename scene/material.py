"""The head's material: its maps, a Principled BSDF, and the node group "CLIP-Head Skin" with the artist's sliders.

Blender's exporters find a picture only where it is linked straight to the BSDF, or by a normal map. So albedo,
roughness and normals are; only what FBX, OBJ and USD have no place for, scattering and moisture, passes through the
group.
"""

from __future__ import annotations

import bpy

from ..core.png import encode_png
from ..core.types import Bytes, TextureSet
from .mesh import UV_LAYER, data_name

#: Name of the node group that all heads share.
GROUP = "CLIP-Head Skin"
#: The group's inputs for pictures -> their values without one. The coat comes first: Blender's USD exporter takes the
#: first picture behind the group for it, and knows of no scattering.
_MAPS = {"Coat": 0.0, "Subsurface": 1.0}
#: Pictures that are linked to the BSDF itself -> its input.
_DIRECT = {"albedo": "Base Color", "roughness": "Roughness"}
#: The group's sliders -> value, smallest, largest. The distance is in metres, all else factors.
_SLIDERS = {
    "Scattering Strength": (1.0, 0.0, 1.0),
    "Scattering Distance": (0.0037, 0.0, 0.1),
    "Moisture": (1.0, 0.0, 2.0),
}
#: The group's outputs, named as the Principled BSDF's inputs -> the kinds of their sockets.
_OUTPUTS = {
    "Subsurface Weight": "NodeSocketFloat",
    "Subsurface Radius": "NodeSocketVector",
    "Subsurface Scale": "NodeSocketFloat",
    "Coat Weight": "NodeSocketFloat",
}
#: How far red, green and blue light travel in skin, as fractions of the scattering distance, 3.7 mm. Source: H. W.
#: Jensen et al., A Practical Model for Subsurface Light Transport (2001), skin1's diffusion lengths 3.67, 1.37 and
#: 0.68 mm.
_RADIUS = (1.0, 0.37, 0.19)
#: Skin reflects 2.8 % head on, as a refractive index of 1.4 does: 0.35 of the 8 % that 1.0 stands for in Blender.
_SPECULAR = 0.35
#: The layer of tears reflects less sharply than glass; its refractive index is the cornea's.
_COAT_ROUGHNESS, _COAT_IOR = 0.05, 1.376
#: The group that the glTF exporter asks for ambient occlusion, which no BSDF has an input for: by the older of the two
#: names that it knows, since the importer takes a group of the newer name for its own and looks for all of its inputs.
_GLTF_GROUP = "glTF Settings"


def build_material(name: str, textures: TextureSet) -> bpy.types.Material:
    """A material that shows the textures on the layer UVMap: albedo in sRGB, everything else as data.

    name: of the material, and of its images together with their kind.
    textures: its images, packed into the file.
    """
    material = bpy.data.materials.new(data_name(name))
    material["clip_head"] = True  # by this mark scene/canvas.py recognises it
    if material.node_tree is None:  # from Blender 5.0 on every material has nodes and the switch is deprecated
        material.use_nodes = True
    tree = material.node_tree
    tree.nodes.clear()
    output = _add(tree, "ShaderNodeOutputMaterial", (300, 0))
    bsdf = _add(tree, "ShaderNodeBsdfPrincipled", (0, 0))
    bsdf.inputs["Metallic"].default_value = textures.metallic
    bsdf.inputs["Specular IOR Level"].default_value = _SPECULAR
    bsdf.inputs["Coat Roughness"].default_value = _COAT_ROUGHNESS
    bsdf.inputs["Coat IOR"].default_value = _COAT_IOR
    skin = _add(tree, "ShaderNodeGroup", (-300, 0))
    skin.node_tree = skin_group()
    skin.width = 200

    tree.links.new(bsdf.outputs["BSDF"], output.inputs["Surface"])
    for output_name in _OUTPUTS:
        tree.links.new(skin.outputs[output_name], bsdf.inputs[output_name])
    for place, (kind, pixels) in enumerate(textures.images().items()):
        node = _add(tree, "ShaderNodeTexImage", (-700, 400 - 280 * place))
        node.label = kind.capitalize()
        node.image = packed_image(f"{name} {kind}", pixels, "sRGB" if kind == "albedo" else "Non-Color")
        tree.links.new(node.outputs["Color"], _input_of(kind, tree, bsdf, skin))
    return material


def _input_of(kind: str, tree: bpy.types.NodeTree, bsdf: bpy.types.Node, skin: bpy.types.Node) -> bpy.types.NodeSocket:
    """Where the picture of a kind goes; what lies between it and the BSDF is made."""
    if kind in _DIRECT:
        return bsdf.inputs[_DIRECT[kind]]
    if kind == "normal":
        relief = _add(tree, "ShaderNodeNormalMap", (-300, 200))
        relief.space, relief.uv_map = "TANGENT", UV_LAYER
        tree.links.new(relief.outputs["Normal"], bsdf.inputs["Normal"])
        return relief.inputs["Color"]
    if kind == "occlusion":
        # For the renderers of games; Blender's own compute occlusion themselves.
        group = _add(tree, "ShaderNodeGroup", (-300, -960))
        group.node_tree = _gltf_group()
        return group.inputs["Occlusion"]
    return skin.inputs[kind.capitalize()]


def skin_group() -> bpy.types.ShaderNodeTree:
    """The node group "CLIP-Head Skin": the open file's, where it has the sockets that are needed, or a new one."""
    wanted = {*_MAPS, *_SLIDERS, *_OUTPUTS}
    for group in bpy.data.node_groups:
        if group.name.startswith(GROUP) and {item.name for item in group.interface.items_tree} == wanted:
            return group
    return _new_skin_group()


def _add_sockets(group: bpy.types.ShaderNodeTree) -> None:
    """Give the skin's node group its outputs, its inputs for pictures, and its sliders."""
    for name, kind in _OUTPUTS.items():
        group.interface.new_socket(name, in_out="OUTPUT", socket_type=kind)
    for name, value in _MAPS.items():
        _new_number(group, name, value, 0.0, 1.0)
    for name, (value, low, high) in _SLIDERS.items():
        _new_number(group, name, value, low, high)
    distance = group.interface.items_tree["Scattering Distance"]
    distance.subtype = "DISTANCE"
    distance.description = "How far red light travels under the skin, in metres"


def _new_skin_group() -> bpy.types.ShaderNodeTree:
    """The node group: pictures times sliders, and the colours of scattered light."""
    group = bpy.data.node_groups.new(GROUP, "ShaderNodeTree")
    _add_sockets(group)
    inputs = _add(group, "NodeGroupInput", (-600, 0))
    outputs = _add(group, "NodeGroupOutput", (300, 0))

    def connect(socket: bpy.types.NodeSocket, output: str) -> None:
        group.links.new(socket, outputs.inputs[output])

    for place, (picture, slider, output) in enumerate(
        (("Subsurface", "Scattering Strength", "Subsurface Weight"), ("Coat", "Moisture", "Coat Weight"))
    ):
        product = _add(group, "ShaderNodeMath", (-200, 100 - 180 * place))
        product.operation, product.use_clamp = "MULTIPLY", True
        group.links.new(inputs.outputs[picture], product.inputs[0])
        group.links.new(inputs.outputs[slider], product.inputs[1])
        connect(product.outputs[0], output)

    radius = _add(group, "ShaderNodeCombineXYZ", (-200, -300))
    for socket, fraction in zip(radius.inputs, _RADIUS, strict=True):
        socket.default_value = fraction
    connect(radius.outputs["Vector"], "Subsurface Radius")
    connect(inputs.outputs["Scattering Distance"], "Subsurface Scale")
    return group


def _gltf_group() -> bpy.types.ShaderNodeTree:
    """The group in which the glTF exporter looks for ambient occlusion; Blender itself renders nothing of it."""
    group = bpy.data.node_groups.get(_GLTF_GROUP)
    if group is None or "Occlusion" not in group.interface.items_tree:
        group = bpy.data.node_groups.new(_GLTF_GROUP, "ShaderNodeTree")
        _new_number(group, "Occlusion", 1.0, 0.0, 1.0)
        _add(group, "NodeGroupInput", (-200, 0))
        _add(group, "NodeGroupOutput", (0, 0))
    return group


def _new_number(group: bpy.types.ShaderNodeTree, name: str, value: float, low: float, high: float) -> None:
    """Give a node group an input for a number, with its value and range."""
    socket = group.interface.new_socket(name, in_out="INPUT", socket_type="NodeSocketFloat")
    socket.default_value, socket.min_value, socket.max_value = value, low, high


def _add(tree: bpy.types.NodeTree, kind: str, place: tuple[float, float]) -> bpy.types.Node:
    """A new node at a place of the node editor."""
    node = tree.nodes.new(kind)
    node.location = place
    return node


def principled_material(name: str) -> tuple[bpy.types.Material, bpy.types.ShaderNode]:
    """A new material of a Principled BSDF alone, and that node.

    name: of the material.
    """
    material = bpy.data.materials.new(name)
    if material.node_tree is None:  # from Blender 5.0 on every material has nodes and the switch is deprecated
        material.use_nodes = True
    tree = material.node_tree
    tree.nodes.clear()
    bsdf, output = tree.nodes.new("ShaderNodeBsdfPrincipled"), tree.nodes.new("ShaderNodeOutputMaterial")
    output.location = (300, 0)
    tree.links.new(bsdf.outputs["BSDF"], output.inputs["Surface"])
    return material, bsdf


def packed_image(name: str, pixels: Bytes, colour_space: str) -> bpy.types.Image:
    """An image that lives inside the .blend file, byte for byte.

    name: of the image; blanks and whatever a file's name should not hold become underscores.
    pixels: (H, W, 3) or (H, W), row 0 on top.
    colour_space: "sRGB" or "Non-Color".
    """
    height, width = pixels.shape[:2]
    # Blender's USD exporter writes a packed picture under its own name but refers to its file's: they must be one.
    image = bpy.data.images.new(
        data_name(bpy.path.clean_name(name)), width, height, is_data=colour_space == "Non-Color"
    )
    png = encode_png(pixels)
    image.pack(data=png, data_len=len(png))
    image.source = "FILE"
    image.filepath_raw = f"//{image.name}.png"  # where exporters and Unpack put it
    image.colorspace_settings.name = colour_space
    return image
