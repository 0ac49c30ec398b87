"""Names and JSON of other people's files."""

import os
from pathlib import Path

import pytest

from clip_head.core.foreign_files import check_regular_file, lies_inside, parse_json, read_json


@pytest.mark.parametrize("name", ["a", "a/b.safetensors", "a\\b", "..a/b", "a b.npz"])
def test_names_inside(name: str) -> None:
    assert lies_inside(name)


@pytest.mark.parametrize("name", ["", ".", "..", "a/..", "../a", "/a", "\\a", "C:a", "C:\\a", "\\\\host\\a", "~/a"])
def test_names_outside(name: str) -> None:
    assert not lies_inside(name)


def test_json_of_bounded_depth_and_size(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_bytes(b"\xef\xbb\xbf" + b"[" * 64 + b"]" * 64)
    read_json(file)
    with pytest.raises(ValueError, match="nested"):
        parse_json(b"[" * 65 + b"]" * 65)
    with pytest.raises(ValueError, match="nested"):
        parse_json(b'{"a":' * 100_000)
    with pytest.raises(ValueError, match="MB"):
        read_json(file, 100)
    with pytest.raises(ValueError, match="utf-8"):
        parse_json(b"\xff")
    with pytest.raises(OSError, match="No such file"):
        read_json(tmp_path / "b.json")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names there")
def test_pipes_devices_and_folders_are_no_regular_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "zero").symlink_to("/dev/zero")
    for name in ("pipe", "zero"):
        with pytest.raises(ValueError, match="no regular file"):
            check_regular_file(tmp_path / name, 100)
    with pytest.raises(ValueError, match="folder"):
        check_regular_file(tmp_path, 10**9)
