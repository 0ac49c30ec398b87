"""Heads and requests as files: what passes between the worker process and whoever asked it.

Arrays go into one .npz that is read without pickle, everything else into one .json. Imports no torch.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .exchange_assets import asset_from_json, asset_to_json
from .types import (
    Bytes,
    Canvas,
    Edit,
    ForeignMesh,
    HairChange,
    Hairstyle,
    Head,
    HeadRequest,
    Latents,
    ModelCard,
    TextureSet,
    UnwrappedMesh,
    UVMaps,
)

#: Files of a head: its arrays, and everything else.
ARRAYS, FACTS = "head.npz", "head.json"
#: Files of a canvas, and of an expression: ARKit name -> strength.
CANVAS, EXPRESSION = "canvas.npz", "expression.json"
#: File of pictures of variations.
_VARIATIONS = "variations.npz"
#: Files of other hair for a head: its arrays, and everything else.
HAIR_ARRAYS, HAIR_FACTS = "hair.npz", "hair.json"


@dataclass(frozen=True)
class Variations:
    """Small pictures of the heads that one request may mean.

    request: what was asked for; its seed does not count.
    seeds (N): one for each picture.
    pictures (N, S, S, 3): sRGB bytes.
    """

    request: HeadRequest
    seeds: tuple[int, ...]
    pictures: Bytes


def request_to_json(request: HeadRequest) -> dict[str, Any]:
    """The request as plain JSON values."""
    return asdict(request)


def request_from_json(values: dict[str, Any]) -> HeadRequest:
    """The request that `request_to_json` wrote. Raises TypeError for a name that HeadRequest does not have."""
    return HeadRequest(**values)


def save_head(head: Head, folder: Path) -> None:
    """Write `head` into the existing folder `folder` as head.npz and head.json. Raises OSError when that fails."""
    arrays = _mesh_arrays(head.mesh) | {
        "map_normal": head.maps.normal,
        "map_position": head.maps.position,
        "map_mask": head.maps.mask,
        "albedo": head.textures.albedo,
        "normal": head.textures.normal,
        "roughness": head.textures.roughness,
        "subsurface": head.textures.subsurface,
        "coat": head.textures.coat,
    }
    if head.latents is not None:
        arrays |= {"z_id": head.latents.z_id, "z_exp": head.latents.z_exp}
    if head.corner_uv is not None:
        arrays["corner_uv"] = head.corner_uv
    if head.textures.occlusion is not None:
        arrays["occlusion"] = head.textures.occlusion
    facts = {
        "request": request_to_json(head.request),
        "metallic": head.textures.metallic,
        "seconds": head.seconds,
        "models": [asdict(card) for card in head.models],
        "not_understood": list(head.not_understood),
        "read_as": head.read_as,
        "skin_tone": head.skin_tone,
        "fit_mm": head.fit_mm,
    }
    arrays |= {f"part_image_{name}": image for name, image in head.part_images.items()}
    if head.asset is not None:
        facts["asset"], more = asset_to_json(head.asset)
        arrays |= more
    np.savez(folder / ARRAYS, **arrays)  # type: ignore[arg-type]
    (folder / FACTS).write_text(json.dumps(facts), encoding="utf-8")


def load_head(folder: Path) -> Head:
    """The head that `save_head` wrote into `folder`, wholly in memory: the folder may go afterwards."""
    facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
    with np.load(folder / ARRAYS, allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    return Head(
        request=request_from_json(facts["request"]),
        latents=_latents_from(arrays),
        mesh=_mesh_from(arrays),
        maps=UVMaps(arrays["map_normal"], arrays["map_position"], arrays["map_mask"]),
        textures=TextureSet(
            **{name: arrays[name] for name in ("albedo", "normal", "roughness", "subsurface", "coat")},
            occlusion=arrays.get("occlusion"),
            metallic=facts["metallic"],
        ),
        seconds=facts["seconds"],
        models=tuple(ModelCard(**card) for card in facts["models"]),
        corner_uv=arrays.get("corner_uv"),
        not_understood=tuple(facts["not_understood"]),
        read_as=facts["read_as"],
        skin_tone=facts["skin_tone"],
        asset=asset_from_json(facts["asset"], arrays) if "asset" in facts else None,
        part_images={
            name.removeprefix("part_image_"): array for name, array in arrays.items() if name.startswith("part_image_")
        },
        fit_mm=facts["fit_mm"],
    )


def hairstyle_to_json(hairstyle: Hairstyle) -> dict[str, Any]:
    """A hairstyle as plain JSON values."""
    return asdict(hairstyle)


def hairstyle_from_json(values: dict[str, Any]) -> Hairstyle:
    """The hairstyle that `hairstyle_to_json` wrote. Raises TypeError for a name that Hairstyle does not have."""
    return Hairstyle(**values)


def save_hair(change: HairChange, folder: Path) -> None:
    """Write other hair for a head into the existing folder `folder`. Raises OSError when that fails."""
    facts, arrays = asset_to_json(change)
    np.savez(folder / HAIR_ARRAYS, **arrays)  # type: ignore[arg-type]
    (folder / HAIR_FACTS).write_text(json.dumps(facts), encoding="utf-8")


def load_hair(folder: Path) -> HairChange:
    """The hair that `save_hair` wrote into `folder`, wholly in memory: the folder may go afterwards."""
    with np.load(folder / HAIR_ARRAYS, allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    change: HairChange = asset_from_json(json.loads((folder / HAIR_FACTS).read_text(encoding="utf-8")), arrays)
    return change


def save_canvas(canvas: Canvas, path: Path) -> None:
    """Write `canvas` as the file `path` (.npz). Raises OSError when that fails."""
    if isinstance(canvas.mesh, UnwrappedMesh):
        arrays = _mesh_arrays(canvas.mesh)
    else:
        arrays = {name: getattr(canvas.mesh, name) for name in ("vertices", "faces", "corners", "polygons")}
    if canvas.latents is not None:
        arrays |= {"z_id": canvas.latents.z_id, "z_exp": canvas.latents.z_exp}
    if canvas.edit is not None:
        arrays |= {"albedo": canvas.edit.albedo, "strength": np.float64(canvas.edit.strength)}
        if canvas.edit.mask is not None:
            arrays["mask"] = canvas.edit.mask
    if canvas.skin_tone:
        arrays["skin_tone"] = np.array(canvas.skin_tone)
    if canvas.hairstyle is not None:
        arrays["hairstyle"] = np.array(json.dumps(hairstyle_to_json(canvas.hairstyle)))
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]


def load_canvas(path: Path) -> Canvas:
    """The canvas that `save_canvas` wrote. Raises OSError, ValueError or KeyError for any other file."""
    with np.load(path, allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    mesh: UnwrappedMesh | ForeignMesh
    if "corners" in arrays:
        mesh = ForeignMesh(*(arrays[name] for name in ("vertices", "faces", "corners", "polygons")))
    else:
        mesh = _mesh_from(arrays)
    latents = _latents_from(arrays)
    edit = Edit(arrays["albedo"], float(arrays["strength"]), arrays.get("mask")) if "albedo" in arrays else None
    hairstyle = hairstyle_from_json(json.loads(str(arrays["hairstyle"]))) if "hairstyle" in arrays else None
    return Canvas(mesh, latents, edit, str(arrays.get("skin_tone", "")), hairstyle)


def _latents_from(arrays: dict[str, Any]) -> Latents | None:
    """The codes; None where there are none, or only empty arrays, as in files of earlier versions."""
    return Latents(arrays["z_id"], arrays["z_exp"]) if "z_id" in arrays and arrays["z_id"].size else None


#: Fields of UnwrappedMesh that are arrays and always there.
_MESH = ("vertices", "faces", "expression_offsets", "uv", "source")


def _mesh_arrays(mesh: UnwrappedMesh) -> dict[str, Any]:
    arrays = {name: getattr(mesh, name) for name in _MESH} | {"repairs": np.array(mesh.repairs, dtype=np.str_)}
    return arrays if mesh.template_points is None else arrays | {"template_points": mesh.template_points}


def _mesh_from(arrays: dict[str, Any]) -> UnwrappedMesh:
    fields = {name: arrays[name] for name in _MESH}
    repairs = tuple(str(repair) for repair in arrays["repairs"])
    return UnwrappedMesh(**fields, template_points=arrays.get("template_points"), repairs=repairs)


def save_variations(pictures: Bytes, folder: Path) -> None:
    """Write pictures (N, S, S, 3) of variations into the existing folder `folder`. Raises OSError when that fails."""
    np.savez(folder / _VARIATIONS, pictures=pictures)


def load_variations(request: HeadRequest, seeds: Sequence[int], folder: Path) -> Variations:
    """The pictures that `save_variations` wrote into `folder`, for this request and these seeds."""
    with np.load(folder / _VARIATIONS, allow_pickle=False) as stored:
        return Variations(request, tuple(seeds), stored["pictures"])
