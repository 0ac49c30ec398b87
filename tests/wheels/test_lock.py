"""The locks: what requirements.txt pins and all that it needs, for each system and Python, by checksum."""

import re

import pytest

from clip_head.wheels.lock import digests, public
from clip_head.wheels.targets import OF_BLENDER, pins, read_targets, required

TARGETS = read_targets()
#: What some systems alone need.
OF_WINDOWS = {"colorama"}


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_a_lock_pins_what_is_required_with_checksums(name: str) -> None:
    target = TARGETS[name]
    text = target.lock.read_text(encoding="utf-8")
    locked = pins(text)
    assert required(target).items() <= locked.items()
    assert locked.keys() >= OF_BLENDER, "Set Up needs them, too"
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert list(locked) == sorted(locked) and len(lines) == len(locked)
    missing = locked.keys() - digests(text).keys()
    # PyTorch's build for Linux alone is published apart.
    assert missing <= ({"torch"} if public(target.torch) != target.torch else set())
    for line in lines:
        assert re.fullmatch(r"\S+==\S+( --hash=sha256:[0-9a-f]{64})?", line)


def test_all_targets_have_the_same_libraries() -> None:
    names = {name: pins(target.lock.read_text(encoding="utf-8")).keys() for name, target in TARGETS.items()}
    everywhere = set.intersection(*map(set, names.values()))
    for name, libraries in names.items():
        assert libraries - everywhere == (OF_WINDOWS if "windows" in name else set())


def test_wheels_of_one_system_only_differ_between_systems() -> None:
    stored = {name: digests(target.lock.read_text(encoding="utf-8")) for name, target in TARGETS.items()}
    compiled = {"numpy", "scipy", "scikit-image", "pillow", "torchvision"}
    for library in compiled:
        assert len({each[library] for each in stored.values()}) == len(stored)
    assert len({each["diffusers"] for each in stored.values()}) == 1
