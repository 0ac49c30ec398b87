"""Heads and requests as files: what passes between the worker process and whoever asked it.

Arrays go into one .npz that is read without pickle, everything else into one .json. Imports no torch.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from .types import Head, HeadRequest, Latents, ModelCard, TextureSet, UnwrappedMesh, UVMaps

ARRAYS = "head.npz"
FACTS = "head.json"


def request_to_json(request: HeadRequest) -> dict[str, Any]:
    """The request as plain JSON values."""
    return asdict(request)


def request_from_json(values: dict[str, Any]) -> HeadRequest:
    """The request that `request_to_json` wrote. Raises TypeError for a name that HeadRequest does not have."""
    return HeadRequest(**values)


def save_head(head: Head, folder: Path) -> None:
    """Write `head` into the existing folder `folder` as head.npz and head.json. Raises OSError when that fails."""
    mesh = head.mesh
    arrays = {
        "z_id": head.latents.z_id,
        "z_exp": head.latents.z_exp,
        "vertices": mesh.vertices,
        "faces": mesh.faces,
        "expression_offsets": mesh.expression_offsets,
        "uv": mesh.uv,
        "source": mesh.source,
        "map_normal": head.maps.normal,
        "map_position": head.maps.position,
        "map_mask": head.maps.mask,
        "albedo": head.textures.albedo,
        "normal": head.textures.normal,
        "roughness": head.textures.roughness,
        "subsurface": head.textures.subsurface,
        "coat": head.textures.coat,
    }
    if mesh.template_points is not None:
        arrays["template_points"] = mesh.template_points
    if head.textures.occlusion is not None:
        arrays["occlusion"] = head.textures.occlusion
    facts = {
        "request": request_to_json(head.request),
        "repairs": list(mesh.repairs),
        "metallic": head.textures.metallic,
        "seconds": head.seconds,
        "models": [asdict(card) for card in head.models],
    }
    np.savez(folder / ARRAYS, **arrays)  # type: ignore[arg-type]
    (folder / FACTS).write_text(json.dumps(facts), encoding="utf-8")


def load_head(folder: Path) -> Head:
    """The head that `save_head` wrote into `folder`, wholly in memory: the folder may go afterwards."""
    facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
    with np.load(folder / ARRAYS, allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    mesh = UnwrappedMesh(
        vertices=arrays["vertices"],
        faces=arrays["faces"],
        expression_offsets=arrays["expression_offsets"],
        uv=arrays["uv"],
        source=arrays["source"],
        template_points=arrays.get("template_points"),
        repairs=tuple(facts["repairs"]),
    )
    return Head(
        request=request_from_json(facts["request"]),
        latents=Latents(arrays["z_id"], arrays["z_exp"]),
        mesh=mesh,
        maps=UVMaps(arrays["map_normal"], arrays["map_position"], arrays["map_mask"]),
        textures=TextureSet(
            *(arrays[name] for name in ("albedo", "normal", "roughness", "subsurface", "coat")),
            arrays.get("occlusion"),
            facts["metallic"],
        ),
        seconds=facts["seconds"],
        models=tuple(ModelCard(**card) for card in facts["models"]),
    )
