"""The teacher dataset as the other stages read it: plain arrays on disk, small functions to make meshes of them.

The frame of the heads is NPHM's: 1 unit = 250 mm, +x the head's left, +y up, +z the way the face looks. All share the
template's topology. They are stored as float16 displacements of a coarse base mesh (B vertices, hair helpers
included); the template's V vertices are a fixed sparse matrix (subdivision) times the base, so a head costs one
sparse product. Hair styles are bound to the base in the same way and follow every head.

    dataset = load_teacher(Path("out/training/teacher"))
    for index in train_indices(dataset):
        mesh = teacher_mesh(dataset, index, "bob01")
        offsets = expression_offsets(dataset, "happy", head_vertices(dataset, index))
        posed = mesh.vertices + mesh_offsets(mesh, dataset, offsets)
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from clip_head.core.nphm.face import TONGUE_OUT, Face
from clip_head.core.types import Bools, Floats, Ints

#: Values of Template.part: what a face of the template belongs to. CAP closes the neck.
SKIN, LEFT_EYE, RIGHT_EYE, MOUTH, CAP = range(5)

#: The beards, in the order of their codes.
BEARDS = ("stubble", "moustache", "goatee", "full", "long", "mutton chops")

#: Licence of models that learn from the teacher's heads.
LICENCE = "CC0-1.0; faces in it are learnt from ICT-FaceKit (MIT, see THIRD_PARTY.md)"

#: Fraction of the heads, the last of them, that is held out of every training, for evaluation: a tenth, as is usual.
HELD_OUT = 0.1

#: Fraction of one ancestry above which a person is called after it; all others are called mixed. Chosen by hand.
MAJORITY = 0.6


@dataclass(frozen=True)
class Template:
    """The mean head: neutral, mouth slightly open, closed below the neck; watertight except for the eyeballs, which
    are closed surfaces of their own inside the sockets.

    vertices: (V, 3) units, in the frame of the heads.
    faces: (F, 3) vertex indices, counter-clockwise seen from outside.
    uv: (F, 3, 2) MakeHuman texture coordinates of every corner, 0 to 1, v upwards.
    part: (F,) one of SKIN, LEFT_EYE, RIGHT_EYE, MOUTH, CAP.
    regions: name -> (V,) mask. Left is the person's left (+x).
    landmarks: name -> vertex index.
    """

    vertices: Floats
    faces: Ints
    uv: Floats
    part: npt.NDArray[np.uint8]
    regions: dict[str, Bools]
    landmarks: dict[str, int]


@dataclass(frozen=True)
class HairStyle:
    """A hair style on the template, and the head-with-hair surface that follows every head.

    name: the file's name without ending.
    words: phrases that name the style ("short hair").
    grid: (X, Y, Z) signed distance of the closed hair volume in units, negative inside, at origin + spacing * index;
        None for "bald".
    origin: (3,) units, position of grid[0, 0, 0] in the frame of the heads.
    spacing: of the grid, units.
    vertices: (Vu, 3) of the union of head and hair on the template, units.
    faces: (Fu, 3) vertex indices of the union.
    template_face: (Vu,) the template's face nearest to each vertex.
    template_bary: (Vu, 3) barycentric coordinates of the nearest point in it.
    is_hair: (Vu,) mask.
    follow: (Vu,) how far a vertex takes part in facial expressions: 1 on the skin, falling to 0 inside the hair.
    weights: (Vu, B) sparse matrix from displacements of the base to those of the surface.
    """

    name: str
    words: tuple[str, ...]
    grid: Floats | None
    origin: Floats
    spacing: float
    vertices: Floats
    faces: Ints
    template_face: Ints
    template_bary: Floats
    is_hair: Bools
    follow: Floats
    weights: sp.csr_matrix


@dataclass(frozen=True)
class Beard:
    """A beard on the template: the bearded head is where the template's signed distance equals the thickness.

    name: one of BEARDS.
    words: phrases that name the beard.
    thickness: (X, Y, Z) of the hair on the skin, at least 0, units, at origin + spacing * index.
    origin: (3,) units, position of thickness[0, 0, 0] in the frame of the heads.
    spacing: of the grid, units.
    """

    name: str
    words: tuple[str, ...]
    thickness: Floats
    origin: Floats
    spacing: float


@dataclass(frozen=True)
class Attributes:
    """Who a head is. The names are the keys of heads.json.

    gender: 0 male to 1 female.
    age: years.
    ancestry: fractions of african, asian and caucasian; they sum to 1.
    weight: 0 thin to 1 heavy.
    shapes: name of a local shape -> value, -1 to 1; those that are 0 may be missing.
    noun: man, woman, boy, girl or person.
    age_word: young, middle-aged, old, or "" for children.
    ancestry_word: african, asian, caucasian or mixed.
    words: what one would say of this head's shape ("big nose", "wide jaw"), strongest first.
    modes: weights of the scans' modes; none where there are no scans.
    seen: shapes as they are measured on the head, like `shapes`; what one may say of it.
    """

    gender: float
    age: float
    ancestry: dict[str, float]
    weight: float
    shapes: dict[str, float]
    noun: str
    age_word: str
    ancestry_word: str
    words: tuple[str, ...]
    modes: tuple[float, ...] = ()
    seen: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Expressions:
    """Facial actions as displacements of the template's vertices on the mean head, and named mixtures.

    actions: the 52 ARKit names.
    basis: (52, V, 3) displacement of each action at weight 1, units.
    table: expression name -> {action: weight}.
    closing: (V, 3) displacement that closes the canonical, slightly open mouth, units; part of every expression.
    """

    actions: tuple[str, ...]
    basis: Floats
    table: dict[str, dict[str, float]]
    closing: Floats


@dataclass(frozen=True)
class TeacherDataset:
    """Everything in the folder of a teacher dataset.

    folder: where it was read.
    template: the mean head.
    base_displacements: (N, B, 3) float16, from the mean head's base vertices to those of every head, units.
    subdivision: (V, B) sparse matrix from base vertices to the template's vertices.
    attributes: of the N heads.
    styles: hair style by name, "bald" among them.
    expressions: facial actions and their mixtures.
    beards: beard by name.
    """

    folder: Path
    template: Template
    base_displacements: npt.NDArray[np.float16]
    subdivision: sp.csr_matrix
    attributes: tuple[Attributes, ...]
    styles: dict[str, HairStyle]
    expressions: Expressions
    beards: dict[str, Beard] = field(default_factory=dict)

    @cached_property
    def face(self) -> Face | None:
        """The template's face, which carries expressions to heads; None where lips or eyes are not named."""
        tongue_out = self.expressions.basis[self.expressions.actions.index(TONGUE_OUT)]
        return Face.on(self.template.vertices, self.template.faces, self.template.regions, tongue_out)


@dataclass(frozen=True)
class TeacherMesh:
    """One head with one hair style as a single surface; all but its vertices is shared by the heads of the style.

    vertices: (Vu, 3) units, in the frame of the heads.
    faces: (Fu, 3) vertex indices.
    template_face, template_bary, is_hair, follow: as in HairStyle.
    """

    vertices: Floats
    faces: Ints
    template_face: Ints
    template_bary: Floats
    is_hair: Bools
    follow: Floats


def load_teacher(folder: Path, styles: tuple[str, ...] | None = None) -> TeacherDataset:
    """Read a dataset; of an unfinished one, what is there.

    folder: what `python -m training teacher --out` wrote.
    styles: names of the hair styles to load; default: all.
    Returns: the dataset; its displacements are mapped into memory, not read.
    Raises: FileNotFoundError when the folder is no dataset.
    """
    with np.load(folder / "template.npz") as arrays:
        regions = dict(zip(arrays["region_names"].tolist(), arrays["regions"], strict=True))
        landmarks = dict(zip(arrays["landmark_names"].tolist(), arrays["landmarks"].tolist(), strict=True))
        template = Template(arrays["vertices"], arrays["faces"], arrays["uv"], arrays["part"], regions, landmarks)
    with np.load(folder / "expressions.npz") as arrays:
        table = json.loads((folder / "expressions.json").read_text(encoding="utf-8"))
        basis = arrays["basis"].astype(np.float32)
        expressions = Expressions(tuple(arrays["actions"].tolist()), basis, table, arrays["closing"])
    attributes = json.loads((folder / "heads.json").read_text(encoding="utf-8"))
    names = sorted(path.stem for path in (folder / "hair").glob("*.npz") if ".tmp" not in path.name)
    return TeacherDataset(
        folder,
        template,
        np.load(folder / "heads.npy", mmap_mode="r"),
        sp.load_npz(folder / "subdivision.npz").tocsr(),
        tuple(_attributes(entry) for entry in attributes),
        {name: load_style(folder / "hair" / f"{name}.npz") for name in names if styles is None or name in styles},
        expressions,
        load_beards(folder / "beard"),
    )


def _attributes(entry: dict[str, Any]) -> Attributes:
    """One entry of heads.json."""
    return Attributes(**{**entry, "words": tuple(entry["words"]), "modes": tuple(entry.get("modes", ()))})


def train_indices(dataset: TeacherDataset) -> range:
    """Indices of the heads to train on: all but the last HELD_OUT."""
    return range(round(len(dataset.attributes) * (1 - HELD_OUT)))


def held_out_indices(dataset: TeacherDataset) -> range:
    """Indices of the heads that no training may see: the last HELD_OUT."""
    return range(round(len(dataset.attributes) * (1 - HELD_OUT)), len(dataset.attributes))


def head_vertices(dataset: TeacherDataset, index: int) -> Floats:
    """Vertices of one bald head in canonical pose.

    dataset: the dataset.
    index: of the head.
    Returns: (V, 3) units, in the frame of the heads.
    """
    displacement = dataset.subdivision @ dataset.base_displacements[index].astype(np.float32)
    return (dataset.template.vertices + displacement).astype(np.float32)


def teacher_mesh(dataset: TeacherDataset, index: int, style: str) -> TeacherMesh:
    """One head with a hair style as one surface; heads of the same style have the same faces.

    dataset: the dataset.
    index: of the head.
    style: a key of dataset.styles; "bald" for no hair.
    Returns: the surface in canonical pose.
    """
    hair = dataset.styles[style]
    vertices = follow_base(hair, dataset.base_displacements[index].astype(np.float32))
    return TeacherMesh(vertices, hair.faces, hair.template_face, hair.template_bary, hair.is_hair, hair.follow)


def follow_base(hair: HairStyle, displacement: Floats) -> Floats:
    """A style's surface on another head.

    hair: the style.
    displacement: (B, 3) of the head's base vertices from those of the mean head, units.
    Returns: (Vu, 3) vertices in units, in the frame of the heads.
    """
    return (hair.vertices + hair.weights @ displacement).astype(np.float32)


def expression_offsets(
    dataset: TeacherDataset, expression: str | dict[str, float], head: Floats | None = None, separate: bool = True
) -> Floats:
    """Displacement of the template's vertices on a head by an expression, in the head's proportions.

    The canonical mouth is slightly open, so that "neutral" is not zero: it closes the lips.

    dataset: the dataset.
    expression: a name in its table, or a mixture {action: weight}.
    head: (V, 3) the head's vertices in canonical pose, units; default: the mean head.
    separate: whether lips that cross push each other apart, which takes most of the time.
    Returns: (V, 3) units.
    Raises: KeyError for an unknown name, ValueError for an unknown action.
    """
    weights = dataset.expressions.table[expression] if isinstance(expression, str) else expression
    face, closing = dataset.face, dataset.expressions.closing
    own = face.own_blinks if face else frozenset()
    action = np.zeros_like(closing)
    for name, weight in weights.items():
        index = dataset.expressions.actions.index(name)
        if name not in own:
            action += weight * dataset.expressions.basis[index]
    if face is None:
        return closing + action
    vertices = dataset.template.vertices if head is None else head
    return face.offsets(vertices, closing, action, {name: weights.get(name, 0.0) for name in own}, separate)


def mesh_offsets(mesh: TeacherMesh, dataset: TeacherDataset, offsets: Floats) -> Floats:
    """Displacement of a head with hair by an expression; hair takes part as far as it lies on the skin.

    mesh: the head.
    dataset: whose template it follows.
    offsets: (V, 3) of the template's vertices, units, as of expression_offsets.
    Returns: (Vu, 3) units.
    """
    return interpolate(offsets, dataset.template.faces, mesh.template_face, mesh.template_bary) * mesh.follow[:, None]


def interpolate(values: Floats, faces: Ints, face: Ints, bary: Floats) -> Floats:
    """Barycentric interpolation of values on a mesh.

    values: (V, C) at the vertices.
    faces: (F, 3) vertex indices.
    face: (P,) the face of each point.
    bary: (P, 3) barycentric coordinates in it.
    Returns: (P, C) values at the points.
    """
    corners = np.asarray(values, dtype=np.float32)[faces[face]]
    return np.einsum("pk,pkc->pc", bary.astype(np.float32), corners)


def load_beards(folder: Path) -> dict[str, Beard]:
    """Read the beards of a folder.

    folder: with NAME.npz; it may lack some or all.
    Returns: the beards that are there by name, in the order of BEARDS.
    """
    beards = {}
    for name in BEARDS:
        if (folder / f"{name}.npz").is_file():
            with np.load(folder / f"{name}.npz") as a:
                words, thickness = tuple(a["words"].tolist()), a["thickness"].astype(np.float32)
                beards[name] = Beard(name, words, thickness, a["origin"], float(a["spacing"]))
    return beards


def save_beard(path: Path, beard: Beard) -> None:
    """Write one beard as .npz (no pickle); a reader sees the old file or the new one, never half of it.

    path: file to write.
    beard: what to write.
    """
    temporary = path.with_suffix(".tmp.npz")
    np.savez_compressed(
        temporary,
        words=np.array(beard.words),
        thickness=beard.thickness.astype(np.float16),
        origin=beard.origin,
        spacing=beard.spacing,
    )
    os.replace(temporary, path)


def save_style(path: Path, style: HairStyle) -> None:
    """Write one hair style as .npz (no pickle); a reader sees the old file or the new one, never half of it.

    path: file to write.
    style: what to write.
    """
    weights = style.weights.tocsr()
    temporary = path.with_suffix(".tmp.npz")
    np.savez_compressed(
        temporary,
        name=style.name,
        words=np.array(style.words),
        grid=np.zeros(0, np.float16) if style.grid is None else style.grid.astype(np.float16),
        origin=style.origin,
        spacing=style.spacing,
        vertices=style.vertices,
        faces=style.faces,
        template_face=style.template_face,
        template_bary=style.template_bary,
        is_hair=style.is_hair,
        follow=style.follow,
        weights_data=weights.data.astype(np.float32),
        weights_indices=weights.indices.astype(np.int32),
        weights_indptr=weights.indptr.astype(np.int32),
        weights_shape=np.array(weights.shape),
    )
    os.replace(temporary, path)


def load_style(path: Path) -> HairStyle:
    """Read what save_style wrote.

    path: file to read.
    Returns: the style.
    """
    with np.load(path) as a:
        matrix = (a["weights_data"], a["weights_indices"], a["weights_indptr"])
        grid = a["grid"].astype(np.float32)
        return HairStyle(
            name=str(a["name"]),
            words=tuple(a["words"].tolist()),
            grid=grid if grid.size else None,
            origin=a["origin"],
            spacing=float(a["spacing"]),
            vertices=a["vertices"],
            faces=a["faces"],
            template_face=a["template_face"],
            template_bary=a["template_bary"],
            is_hair=a["is_hair"],
            follow=a["follow"],
            weights=sp.csr_matrix(matrix, shape=tuple(a["weights_shape"])),
        )
