"""The plain data that flows through the pipeline, one dataclass for each arrow of the method.

Frame: NPHM's. 1 unit is 250 mm, +x to the head's left (the viewer's right), +y up, +z the way the face looks.
Images: row 0 is the top. The centre of pixel (row r, column c) of an H x W image lies at
u = (c + 0.5) / W, v = 1 - (r + 0.5) / H, as in Blender and glTF exporters' source meshes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

#: Arrays of any shape; each docstring gives the shape beside the name, as in vertices (V, 3).
Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]

#: progress(stage, fraction): stage is one of STAGES, fraction runs from 0 to 1. May raise Cancelled.
Progress = Callable[[str, float], None]

#: The stages in order: what a Progress is told, and under what name their seconds are kept.
STAGES = ("models", "words", "geometry", "unwrap", "maps", "texture")

#: Millimetres in a unit of NPHM's frame.
MILLIMETRES_PER_UNIT = 250.0


def no_progress(stage: str, fraction: float) -> None:
    """A Progress that shows nothing and never cancels."""


@dataclass(frozen=True)
class HeadRequest:
    """What the artist asks for.

    prompt: the words, e.g. "an old man with a big nose, laughing".
    expression, skin: separate words for these two; empty means the prompt speaks for them too.
    seed: draws one person among those the words allow. Same request and seed, same result.
    resolution: cells of the extraction grid along the head's height.
    texture_size: pixels along one side of the texture.
    variation: how far that person may be from the mean head of the words, 0 (the mean head itself) to 1.
    negative: words for what the skin must not show; empty for nothing in particular.
    surface: "asset" for quads with parts, keys and bones; "raw" for the paper's, extracted and unwrapped.
    """

    prompt: str
    expression: str = ""
    skin: str = ""
    seed: int = 0
    resolution: int = 256
    texture_size: int = 512
    variation: float = 1.0
    negative: str = ""
    surface: str = "asset"

    @property
    def looks(self) -> str:
        """The words that the painter reads: those for the skin, or else the whole prompt."""
        return self.skin or self.prompt

    @property
    def substance_words(self) -> tuple[str, str]:
        """The texts that may name what the whole head is made of ("a marble bust"), the first that does counts: where
        `skin` speaks of the eyes alone, a statue stays a statue by its prompt."""
        return self.skin, self.prompt


@dataclass(frozen=True)
class Latents:
    """The two disjoint NPHM codes.

    z_id (D_id,): identity.
    z_exp (D_exp,): expression.
    """

    z_id: Floats
    z_exp: Floats


@dataclass(frozen=True)
class HeadMesh:
    """A head as NPHM gives it: the neutral (canonical) surface and the expression as offsets of its vertices.

    vertices (V, 3): neutral positions, units.
    faces (F, 3): counter-clockwise seen from outside.
    expression_offsets (V, 3): posed = vertices + expression_offsets, units.
    template_points (V, 3): the point of the template each vertex corresponds to, or None where a model has none.
    """

    vertices: Floats
    faces: Ints
    expression_offsets: Floats
    template_points: Floats | None = None


@dataclass(frozen=True)
class ForeignMesh:
    """An artist's own head: +y up, otherwise of any size, at any place and facing anywhere.

    vertices (V, 3): in any unit.
    faces (F, 3): its polygons in triangles, counter-clockwise seen from outside.
    corners (L,): the vertex at each corner of its polygons, one polygon after the other.
    polygons (L,): the polygon of each corner.
    """

    vertices: Floats
    faces: Ints
    corners: Ints
    polygons: Ints


@dataclass(frozen=True)
class UnwrappedMesh:
    """A neck-cut head, open along the seam, with one UV per vertex: a disc.

    Vertices along the seam are doubled (once per side).

    vertices, faces, expression_offsets, template_points: as of HeadMesh.
    uv (V, 2): in [0, 1].
    source (V,): for each vertex the vertex of the closed surface it came from, so that seam twins share an index and
        Blender can have one vertex with two UVs.
    repairs: in words, what had to be mended before the cut ("closed 2 handles", "dropped 3 islands").
    """

    vertices: Floats
    faces: Ints
    expression_offsets: Floats
    uv: Floats
    source: Ints
    template_points: Floats | None = None
    repairs: tuple[str, ...] = ()


@dataclass(frozen=True)
class AssetLevel:
    """One level of detail of a part.

    quads (Q, 4): vertex indices, counter-clockwise seen from outside.
    uv (Q, 4, 2): at their corners, in [0, 1].
    material (Q,): of each quad, an index into the part's materials.
    """

    quads: Ints
    uv: Floats
    material: Ints


@dataclass(frozen=True)
class AssetPart:
    """One mesh of an asset, which becomes an object of its own.

    name: for people, such as "Head" or "Eye Left".
    vertices (V, 3): neutral positions, units.
    levels: of detail, from fine to coarse, on the same vertices; one where a part has no more.
    materials: names of its materials, such as "Skin".
    keys: ARKit name -> offsets (V, 3), units, that the action at 1 adds; those that do not move the part are missing.
    bone_weights: name of a bone -> (V,), 0 to 1; their sum is 1 at every vertex.
    groups: name of a region -> (V,), 0 to 1.
    mirror (V,): the vertex that is each one's mirror image; None for a part on one side.
    """

    name: str
    vertices: Floats
    levels: tuple[AssetLevel, ...]
    materials: tuple[str, ...]
    keys: dict[str, Floats] = field(default_factory=dict)
    bone_weights: dict[str, Floats] = field(default_factory=dict)
    groups: dict[str, Floats] = field(default_factory=dict)
    mirror: Ints | None = None


@dataclass(frozen=True)
class Bone:
    """A bone of an asset's armature.

    name: such as "jaw".
    head, tail (3,): units.
    parent: name of the bone that it hangs on, "" for none.
    """

    name: str
    head: Floats
    tail: Floats
    parent: str = ""


@dataclass(frozen=True)
class GroomLook:
    """How strands between guides look: what the node groups of a groom are set to.

    strands: how many are rendered.
    radius: of a strand at its root, mm; it thins out to its tip.
    clump: how far strands gather at guides, 0 to 1.
    curl: radius of the curls that are added to strands, or of braids, mm, 0 for none, and curl_length, mm of strand to
        a turn of a curl.
    frizz: how far strands stray at their tips, mm.
    braided: whether strands are braided, those of each guide.
    """

    strands: int = 20000
    radius: float = 0.045
    clump: float = 0.3
    curl: float = 0.0
    curl_length: float = 20.0
    frizz: float = 1.0
    braided: bool = False


@dataclass(frozen=True)
class Hairstyle:
    """What hair a head wears, as its words ask for it.

    hair, beard, brows: name of a groom of the library -> weight; the sum of each is 1 at most, {} where there is none.
    length, volume, curl: less or more than the style itself has, -1 to 1.
    messiness, wetness: 0 to 1.
    part: where the hair is parted, from the head's right (-1) by the middle (0) to its left (1); None: as the style is.
    lashes, nose, ears: likewise as hair; of lashes {} are those that everybody has.
    """

    hair: dict[str, float] = field(default_factory=dict)
    beard: dict[str, float] = field(default_factory=dict)
    brows: dict[str, float] = field(default_factory=dict)
    length: float = 0.0
    volume: float = 0.0
    curl: float = 0.0
    messiness: float = 0.0
    wetness: float = 0.0
    part: float | None = None
    lashes: dict[str, float] = field(default_factory=dict)
    nose: dict[str, float] = field(default_factory=dict)
    ears: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Groom:
    """Guides of one kind of hair on the head of an asset.

    name: "Hair", "Beard", "Eyebrows", "Eyelashes", "Nose Hair" or "Ear Hair".
    points (N, K, 3): of every guide from root to tip, neutral, units; as many points on each.
    corners (N, 3), barycentric (N, 3): vertices of the head's part, all of one triangle of its finest level, and where
        between them the root lies.
    root_uv (N, 2): of the root, in the head's UV.
    density (V,): of strands at the head's vertices, 0 to 1: it thins out along the hairline, and where hair is lost.
    look: of the strands between guides.
    """

    name: str
    points: Floats
    corners: Ints
    barycentric: Floats
    root_uv: Floats
    density: Floats
    look: GroomLook = GroomLook()


@dataclass(frozen=True)
class Asset:
    """A head of quads in one vertex order, with its parts, facial actions and bones.

    parts: the first is the head.
    weights: ARKit name -> strength of the action in the head's expression, for all 52 in ARKit's order: 0 to 1, or a
        little beyond where words ask for it.
    bones: parents come before their children.
    template_points (V, 3): the point of the template that each of the head's vertices is, units.
    grooms: guides of its hair; parts named like them are the same hair as closed volumes.
    hairstyle: what these are grooms of; None: not known.
    """

    parts: tuple[AssetPart, ...]
    weights: dict[str, float]
    bones: tuple[Bone, ...] = ()
    template_points: Floats | None = None
    grooms: tuple[Groom, ...] = ()
    hairstyle: Hairstyle | None = None


@dataclass(frozen=True)
class UVMaps:
    """The mesh drawn into its own UV: the control image and what it is made from.

    normal (H, W, 3): unit vectors in the head's frame, carried past the chart's edge by dilation.
    position (H, W, 3): units, carried likewise.
    mask (H, W): True inside the chart proper.
    face (H, W): the mesh's face at each texel, -1 outside; None where the maps were read from a file.
    barycentric (H, W, 3): where on that face; None likewise.
    """

    normal: Floats
    position: Floats
    mask: Bools
    face: Ints | None = None
    barycentric: Floats | None = None


@dataclass(frozen=True)
class TextureSet:
    """Images for the material, all of one size and carried past the chart's edge.

    albedo (H, W, 3): sRGB bytes.
    normal (H, W, 3): tangent-space bytes (OpenGL, +Y up).
    roughness (H, W): bytes of 0 to 1, as all that follow.
    subsurface (H, W): weight of scattering.
    coat (H, W): weight of the moist layer over eyes and lips.
    occlusion (H, W): ambient occlusion, 1 where nothing is near; None in files that have none.
    metallic: 0 or 1, of the whole head.
    """

    albedo: Bytes
    normal: Bytes
    roughness: Bytes
    subsurface: Bytes
    coat: Bytes
    occlusion: Bytes | None = None
    metallic: float = 0.0

    def images(self) -> dict[str, Bytes]:
        """The images by name, those that there are."""
        named = {
            "albedo": self.albedo,
            "normal": self.normal,
            "roughness": self.roughness,
            "subsurface": self.subsurface,
            "coat": self.coat,
            "occlusion": self.occlusion,
        }
        return {name: image for name, image in named.items() if image is not None}


@dataclass(frozen=True)
class Edit:
    """A finished albedo, and how much of it is painted anew.

    albedo (H, W, 3): sRGB bytes.
    strength: 0 keeps it to the byte, 1 paints anew as if it were not there.
    mask (H, W): 1 where it may change, 0 where it stays to the byte; None: it may everywhere.
    """

    albedo: Bytes
    strength: float = 1.0
    mask: Floats | None = None


@dataclass(frozen=True)
class Canvas:
    """A head that is there already, to be painted.

    mesh: a head that this program made, in NPHM's frame, or an artist's.
    latents: the codes it was made from, None where there are none.
    edit: the skin that it wears, None where a new one is painted.
    skin_tone: as of Head; it stays where the new words speak neither of the skin nor of an ancestry.
    hairstyle: what hair the head wears; None: not known.
    """

    mesh: UnwrappedMesh | ForeignMesh
    latents: Latents | None = None
    edit: Edit | None = None
    skin_tone: str = ""
    hairstyle: Hairstyle | None = None


@dataclass(frozen=True)
class ModelCard:
    """What a model is called and where it is from.

    kind: "spelling", "splitter", "text", "mapping", "hair", "nphm", "asset", "grooms", "texture" or "upscaler".
    name: for people.
    licence: of its weights.
    source: how it was made, or where it is from.
    """

    kind: str
    name: str
    licence: str
    source: str


@dataclass(frozen=True)
class Head:
    """A finished head.

    request: what was asked for.
    latents: the codes it was made from; None for an artist's own mesh, which was made from none.
    mesh: unwrapped.
    maps: of the mesh, of the textures' size.
    textures: the material's images.
    seconds: by stage.
    models: every model that was used, with its licence.
    corner_uv (L, 2): where an artist's own mesh was painted, the UV at each of its corners, NaN where that is not on
        the chart; `mesh` is then what was unwrapped of it. None for heads that this program made.
    not_understood: the words that changed nothing.
    read_as: field of the request -> the English it was read as, where that is not what the artist typed.
    skin_tone: words for the skin that the painter read beside the artist's, since those left it open; "" for none.
    part_images: pictures of an asset's parts, such as "Eye" -> (S, S, 3 or 4), sRGB bytes; where its skin was painted
        anew, those whose colours changed.
    asset: quads, parts, keys and bones, on which the textures lie likewise; `mesh` is then its skin in triangles. None
        for the paper's raw surface, and where a head was painted that is there already.
    fit_mm: mean distance, mm, of its bare face from the surface that it was laid on; None where it was laid on none.
    """

    request: HeadRequest
    latents: Latents | None
    mesh: UnwrappedMesh
    maps: UVMaps
    textures: TextureSet
    seconds: dict[str, float] = field(default_factory=dict)
    models: tuple[ModelCard, ...] = ()
    corner_uv: Floats | None = None
    not_understood: tuple[str, ...] = ()
    read_as: dict[str, str] = field(default_factory=dict)
    skin_tone: str = ""
    asset: Asset | None = None
    part_images: dict[str, Bytes] = field(default_factory=dict)
    fit_mm: float | None = None


@dataclass(frozen=True)
class HairChange:
    """Other hair for the head of an asset that is there.

    hairstyle: what it wears now.
    latents: its codes, of which those for hair and beard are new.
    grooms: all of them, on the head; their densities are at the vertices of the mesh that was given.
    parts: "Hair" and "Beard", those that it has now: the same hair as closed volumes.
    textures: of its skin, painted anew where hair has come, gone or changed its colour; None: they stay.
    part_images: of "Hair" and "Beard", those whose colour is new.
    not_understood: the words that changed nothing.
    read_as: as of Head.
    models: that made it, with their licences.
    """

    hairstyle: Hairstyle
    latents: Latents
    grooms: tuple[Groom, ...]
    parts: tuple[AssetPart, ...]
    textures: TextureSet | None = None
    part_images: dict[str, Bytes] = field(default_factory=dict)
    not_understood: tuple[str, ...] = ()
    read_as: dict[str, str] = field(default_factory=dict)
    models: tuple[ModelCard, ...] = ()
