"""Small differences between installations, bridged in one place."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import torch

#: Schemas of the operators that torchvision's Python code expects, as its compiled extension declares them.
_SCHEMAS = (
    "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
)


@cache  # a torch.library.Library forgets its operators when it is collected
def prepare_torchvision() -> torch.library.Library | None:
    """Make `import torchvision` work beside a torch for which its compiled operators were not built.

    torchvision attaches Python code to its operators nms and qnms while it is imported, and fails where its compiled
    extension cannot be loaded. The heads need none of its operators, only its image transforms, so the two schemas are
    declared in the extension's stead. Does nothing where the extension loads or torchvision is absent. To be called
    before the first import of open_clip, diffusers or transformers.

    Returns the library that holds the declared schemas, or None where none were needed.
    """
    spec = find_spec("torchvision")
    if spec is None or _load_extension(spec.submodule_search_locations or []):
        return None
    library = torch.library.Library("torchvision", "FRAGMENT")
    for schema in _SCHEMAS:
        library.define(schema)
    return library


def _load_extension(folders: list[str]) -> bool:
    """Load torchvision's compiled extension from its package's folders. Returns whether its operators are there."""
    for folder in folders:
        for extension in sorted(Path(folder).glob("_C*.so")) + sorted(Path(folder).glob("_C*.pyd")):
            try:
                torch.ops.load_library(str(extension))
            except OSError:
                continue
    return hasattr(torch.ops.torchvision, "nms")
