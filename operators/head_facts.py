"""head.json: what is known of a head that was made, for pipelines and for whoever asks later."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..core.types import Head


def write_facts(folder: Path, head: Head, seconds: dict[str, float], notes: dict[str, Any]) -> None:
    """Write head.json.

    folder: the head's own.
    head: as it was made.
    seconds: of what came after that, by stage.
    notes: what it says besides.
    """
    text = json.dumps(_facts(head, seconds) | notes, indent=2, ensure_ascii=False)
    (folder / "head.json").write_text(text + "\n", encoding="utf-8")


def _facts(head: Head, seconds: dict[str, float]) -> dict[str, Any]:
    """What head.json says: the request, the models and their licences, seconds of every stage, the mesh in figures."""
    from ..core.types import MILLIMETRES_PER_UNIT

    mesh = head.mesh
    extent = (mesh.vertices.max(axis=0) - mesh.vertices.min(axis=0)) * MILLIMETRES_PER_UNIT
    return {
        "request": asdict(head.request),
        "not_understood": list(head.not_understood),
        **({"read_as": head.read_as} if head.read_as else {}),
        "models": [asdict(card) for card in head.models],
        "seconds": {stage: round(value, 3) for stage, value in (head.seconds | seconds).items()},
        "mesh": {
            "vertices": len(set(mesh.source.tolist())),
            "faces": len(mesh.faces),
            "uv_vertices": len(mesh.vertices),
            "millimetres": dict(zip(("width", "height", "depth"), (round(float(e), 1) for e in extent), strict=True)),
            "repairs": list(mesh.repairs),
        },
        "texture": list(head.textures.albedo.shape[:2]),
        "maps": list(head.textures.images()),
        "metallic": head.textures.metallic,
        **({} if head.fit_mm is None else {"fit_mm": round(head.fit_mm, 3)}),
    }
