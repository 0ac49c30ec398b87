"""The systems and Pythons that the extension has zips for, one lock of wheels each."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

#: The repository.
ROOT = Path(__file__).resolve().parent.parent
#: Where the locks are.
LOCKS = ROOT / "wheels" / "locks"
#: What Blender's own Python brings, in the version that it likes: no zip may bring another.
OF_BLENDER = frozenset({"numpy", "requests", "certifi", "charset-normalizer", "idna", "urllib3"})
#: How the names of libraries begin that PyTorch's build for CUDA wants on Linux, and its CPU build does not.
_OF_CUDA = ("nvidia-", "cuda-", "triton")


@dataclass(frozen=True)
class Target:
    """One system and Python.

    name: of its lock, such as "windows-x64-cp313".
    platform: Blender's name of the system.
    python: version of Python, as "3.13".
    blender: the first Blender with that Python, and the first with a later one; "" where there is none.
    numpy, torch: versions; on Linux torch is a CPU build, which is published apart from the other wheels.
    resolver: uv's name of the system.
    tags: pip's names of the system, best first.
    """

    name: str
    platform: str
    python: str
    blender: tuple[str, str]
    numpy: str
    torch: str
    resolver: str
    tags: tuple[str, ...]

    @property
    def lock(self) -> Path:
        """The lock: pip's own format, a line for each wheel, with version and checksum."""
        return LOCKS / f"{self.name}.txt"


def read_targets() -> dict[str, Target]:
    """All targets by name, from targets.json."""
    table = json.loads(Path(__file__).with_name("targets.json").read_text(encoding="utf-8"))
    return {
        name: Target(
            name,
            row["platform"],
            row["python"],
            (row["from"], row["before"]),
            row["numpy"],
            row["torch"],
            row["resolver"],
            tuple(row["tags"]),
        )
        for name, row in table.items()
    }


def pins(text: str) -> dict[str, str]:
    """The pins of a requirements file: normalised name -> version.

    text: of the file.
    """
    found = re.findall(r"^([A-Za-z0-9._-]+)==([^\s;#]+)", text, re.MULTILINE)
    return {normal(name): version for name, version in found}


def required(target: Target) -> dict[str, str]:
    """What requirements.txt pins that a target needs: name -> version; Blender itself is no wheel there.

    target: of which torch and numpy count.
    """
    wanted = pins((ROOT / "requirements.txt").read_text(encoding="utf-8"))
    del wanted["bpy"]
    return wanted | {"numpy": target.numpy, "torch": target.torch}


def for_cuda(name: str) -> bool:
    """Whether a library, by its normalised name, is wanted by PyTorch's build for CUDA alone."""
    return name.startswith(_OF_CUDA)


def normal(name: str) -> str:
    """A package's name as PEP 503 normalises it."""
    return re.sub(r"[-_.]+", "-", name).lower()
