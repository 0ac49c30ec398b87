"""Model folders: a model.json that says what the model is, beside the safetensors files that it names.

model.json holds: kind, name, licence, source (the command that trained it and on what), config (the architecture),
config_sha256 (the config's checksum), figures (what the evaluation measured), files ({name: {"bytes", "sha256"}}).
Every file is checked before it is used, and the config likewise, so that a truncated download, an exchanged file or a
flipped digit is named instead of producing a broken head. Who writes one by hand needs kind, name and config only.
What each kind's config may say stands in model_schema.py.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .errors import ModelError
from .foreign_files import check_regular_file, read_json
from .model_schema import DESCRIPTION, config_table
from .schema import SchemaError
from .types import ModelCard

if TYPE_CHECKING:
    import torch

#: The folder of the embedded models.
EMBEDDED = Path(__file__).resolve().parent.parent / "weights" / "embedded"
#: What to do about a file of a published model that is not as it was.
RESTORE = "Restore the file from the release it came from."
#: Largest file of weights, bytes (1 TB): none is so large, but a sparse file may pretend to be.
LARGEST_WEIGHTS = 2**40
#: Largest text file of a model, bytes (64 MB): tokenizers of hundred languages have 35 MB.
_LARGEST_TEXT = 64 * 1024**2


@dataclass(frozen=True)
class ModelFolder:
    """An opened model folder.

    path: the folder.
    card: name, licence and source of the model.
    config, figures, files: these entries of its model.json.
    """

    path: Path
    card: ModelCard
    config: dict[str, Any]
    figures: dict[str, Any]
    files: dict[str, dict[str, Any]]


def open_model_folder(path: Path, kind: str) -> ModelFolder:
    """Read `path`/model.json and check that the folder holds a whole model of this kind.

    path: the folder.
    kind: "splitter", "spelling", "text", "mapping", "nphm", "asset", "grooms", "cards", "pairs", "texture" or
        "upscaler".

    Raises ModelError naming the folder or file, the entry and its value, and what was expected.
    """
    manifest = path / "model.json"
    if not manifest.is_file():
        raise ModelError(
            f"The {kind} model is missing: there is no model.json in {path}.",
            "Reinstall CLIP-Head, or choose another model folder in the preferences.",
        )
    try:
        entries = read_json(manifest)
        if not isinstance(entries, dict):
            raise ValueError("it holds no object")
        DESCRIPTION.check("", entries)
        _check_kind(path, entries["kind"], kind)
        config = _without_null(entries["config"])
        config_table(kind, config).check("", config)
        if entries.get("config_sha256") not in (None, _checksum(entries["config"])):
            raise SchemaError(
                "has another 'config' than the one it was written with (its checksum differs).",
                f"{RESTORE} If the change was meant, delete the line 'config_sha256'.",
            )
    except SchemaError as error:
        raise ModelError(f"{manifest} {error.cause}", error.remedy) from error
    except (OSError, ValueError) as error:
        raise ModelError(f"{manifest} cannot be read as a model description ({error}).", RESTORE) from error
    entries = {"licence": "as its publisher states", "source": str(path), "figures": {}, "files": {}} | _without_null(
        entries
    )
    card = ModelCard(kind, entries["name"], entries["licence"], entries["source"])
    for name, expected in entries["files"].items():
        _check_file(path / name, expected)
    return ModelFolder(path, card, config, entries["figures"], entries["files"])


def check_text_files(folder: Path) -> None:
    """Check the JSON and other texts in a model's folder, and beneath it, before another library reads them.

    folder: holds a model as transformers, open_clip or diffusers save it: configurations, vocabularies, weights.

    Raises ModelError for a file that is no regular one, larger than any model's, nested absurdly, or that names Python
    code to be run (auto_map).
    """
    for path in sorted(path for path in folder.rglob("*") if path.suffix.lower() in (".json", ".txt")):
        try:
            if path.suffix.lower() == ".txt":
                check_regular_file(path, _LARGEST_TEXT)
                continue
            content = read_json(path, _LARGEST_TEXT)
        except (OSError, ValueError) as error:
            raise ModelError(f"{path} cannot be read ({error}).", RESTORE) from error
        if isinstance(content, dict) and "auto_map" in content:
            raise ModelError(
                f"{path} names Python code of its own under 'auto_map', which would run when the model is loaded.",
                "Choose a model that needs no code of its own: nothing in a model's folder is ever run here.",
            )


def load_tensors(folder: ModelFolder, name: str) -> dict[str, torch.Tensor]:
    """The tensors of a safetensors file by name, on the CPU, in float32 where they are floating point.

    folder: opened.
    name: of the file in it.
    Raises ModelError when the file is damaged or any number in it is not finite.
    """
    import torch
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        check_regular_file(folder.path / name, LARGEST_WEIGHTS)
        tensors = load_file(folder.path / name)
    except (SafetensorError, OSError, ValueError) as error:
        raise ModelError(f"{folder.path / name} is damaged ({error}).", RESTORE) from error
    for key, tensor in tensors.items():
        if tensor.is_floating_point() and not bool(torch.isfinite(tensor).all()):
            raise ModelError(f"{folder.path / name} holds numbers that are not finite, in {key!r}.", RESTORE)
    return {k: t.float() if t.is_floating_point() else t for k, t in tensors.items()}


def write_model_json(
    path: Path, card: ModelCard, config: dict[str, Any], figures: dict[str, Any], files: list[str]
) -> None:
    """Write the model.json of a model folder whose files are finished.

    path: the folder.
    card: name, licence and source.
    config: the architecture.
    figures: what the evaluation measured.
    files: names of the files, whose sizes and checksums are taken.
    """
    entries = {
        "kind": card.kind,
        "name": card.name,
        "licence": card.licence,
        "source": card.source,
        "config": config,
        "config_sha256": _checksum(config),
        "figures": figures,
        "files": {name: fingerprint(path / name) for name in sorted(files)},
    }
    (path / "model.json").write_text(json.dumps(entries, indent=2) + "\n", encoding="utf-8")


def _checksum(config: dict[str, Any]) -> str:
    """SHA-256 of a config, which does not depend on the order of its entries."""
    return hashlib.sha256(json.dumps(config, sort_keys=True).encode()).hexdigest()


def _without_null(entries: dict[str, Any]) -> dict[str, Any]:
    """The entries that are not null."""
    return {name: value for name, value in entries.items() if value is not None}


def _check_kind(path: Path, kind: str, expected: str) -> None:
    if kind != expected:
        raise ModelError(
            f"{path} holds a {kind!r} model where a {expected!r} model is needed.",
            "Choose the folder of the right model.",
        )


def fingerprint(path: Path) -> dict[str, Any]:
    """A file's entry in model.json: its size and checksum.

    path: of the file.
    """
    with path.open("rb") as file:
        return {"bytes": path.stat().st_size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}


def _check_file(path: Path, expected: dict[str, Any]) -> None:
    """Raise ModelError unless the file is a regular one of the size and checksum that model.json states."""
    if not path.is_file():
        raise ModelError(f"{path} is missing.", RESTORE)
    size = path.stat().st_size
    if size != expected["bytes"]:
        raise ModelError(
            f"{path} has {size} bytes where {expected['bytes']} were expected: it is truncated or another file.",
            RESTORE,
        )
    if fingerprint(path)["sha256"] != expected["sha256"]:
        raise ModelError(f"{path} is not the file that model.json describes (its checksum differs).", RESTORE)
