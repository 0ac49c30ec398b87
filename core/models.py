"""Model folders: a model.json that says what the model is, beside the safetensors files that it names.

model.json holds: kind, name, licence, source (the command that trained it and on what), config (the architecture),
figures (what the evaluation measured), files ({name: {"bytes", "sha256"}}). Every file is checked before it is used,
so that a truncated download or an exchanged file is named instead of producing a broken head. Who writes one by hand
needs kind, name and config only.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .errors import ModelError
from .types import ModelCard

if TYPE_CHECKING:
    import torch

EMBEDDED = Path(__file__).resolve().parent.parent / "weights" / "embedded"


@dataclass(frozen=True)
class ModelFolder:
    """An opened model folder: its path, card and the rest of model.json."""

    path: Path
    card: ModelCard
    config: dict[str, Any]
    figures: dict[str, Any]
    files: dict[str, dict[str, Any]]


def open_model_folder(path: Path, kind: str) -> ModelFolder:
    """Read `path`/model.json and check that the folder holds a whole model of this kind.

    Raises ModelError naming the folder or file, what was expected and what was found.
    """
    manifest = path / "model.json"
    if not manifest.is_file():
        raise ModelError(
            f"The {kind} model is missing: there is no model.json in {path}.",
            "Reinstall CLIP-Head, or choose another model folder in the preferences.",
        )
    try:
        text = manifest.read_text(encoding="utf-8")
        entries: dict[str, Any] = {"licence": "as its publisher states", "source": str(path), "files": {}}
        entries |= json.loads(text)
        card = ModelCard(entries["kind"], entries["name"], entries["licence"], entries["source"])
        folder = ModelFolder(path, card, entries["config"], entries.get("figures", {}), entries["files"])
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"{manifest} cannot be read as a model description ({error!r}).",
            "Restore the file from the release it came from.",
        ) from error
    if card.kind != kind:
        raise ModelError(
            f"{path} holds a {card.kind!r} model where a {kind!r} model is needed.",
            "Choose the folder of the right model.",
        )
    for name, expected in folder.files.items():
        _check_file(path / name, expected)
    return folder


def load_tensors(folder: ModelFolder, name: str) -> dict[str, torch.Tensor]:
    """The tensors of one of the folder's safetensors files, on the CPU, in float32 where they are floating point.

    Raises ModelError when the file is damaged or any number in it is not finite.
    """
    import torch
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        tensors = load_file(folder.path / name)
    except (SafetensorError, OSError) as error:
        raise ModelError(
            f"{folder.path / name} is damaged ({error}).", "Restore the file from the release it came from."
        ) from error
    for key, tensor in tensors.items():
        if tensor.is_floating_point() and not bool(torch.isfinite(tensor).all()):
            raise ModelError(
                f"{folder.path / name} holds numbers that are not finite, in {key!r}.",
                "Restore the file from the release it came from.",
            )
    return {k: t.float() if t.is_floating_point() else t for k, t in tensors.items()}


def write_model_json(
    path: Path, card: ModelCard, config: dict[str, Any], figures: dict[str, Any], files: list[str]
) -> None:
    """Describe the finished files of a model folder in its model.json (sizes and checksums included)."""
    entries = {
        "kind": card.kind,
        "name": card.name,
        "licence": card.licence,
        "source": card.source,
        "config": config,
        "figures": figures,
        "files": {name: _fingerprint(path / name) for name in sorted(files)},
    }
    (path / "model.json").write_text(json.dumps(entries, indent=2) + "\n", encoding="utf-8")


def _fingerprint(path: Path) -> dict[str, Any]:
    return {"bytes": path.stat().st_size, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}


def _check_file(path: Path, expected: dict[str, Any]) -> None:
    if not path.is_file():
        raise ModelError(f"{path} is missing.", "Restore the file from the release it came from.")
    size = path.stat().st_size
    if size != expected["bytes"]:
        raise ModelError(
            f"{path} has {size} bytes where {expected['bytes']} were expected: it is truncated or another file.",
            "Restore the file from the release it came from.",
        )
    if _fingerprint(path)["sha256"] != expected["sha256"]:
        raise ModelError(
            f"{path} is not the file that model.json describes (its checksum differs).",
            "Restore the file from the release it came from.",
        )
