"""A head's folder is put into place whole, beside what is there; what is in the way is said, and nothing is left."""

import errno
import os
import tempfile
import threading
from pathlib import Path

import pytest

from clip_head.core.errors import OutputError
from clip_head.operators.output_folder import Staging, check_replaceable, publish_head, replace_head, writing


def head(folder: Path, words: str, *names: str) -> Path:
    folder.mkdir()
    for name in names or ("head.json", "head.glb"):
        (folder / name).write_text(words)
    return folder


def test_staging_leaves_what_was_there_before(tmp_path: Path) -> None:
    with Staging(tmp_path / "new" / "out") as staging:
        assert staging.head.is_dir()
        assert staging.temporary.is_dir()
        assert staging.head.is_relative_to(tmp_path / "new" / "out"), "on the same disk as the result"
    assert os.listdir(tmp_path) == []


def test_a_head_put_into_place_stays_and_is_open_to_others(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with Staging(out) as staging:
        place = publish_head(staging.head, out / "a-man")
    assert os.listdir(out) == ["a-man"]
    (tmp_path / "other").mkdir()
    assert place.stat().st_mode == (tmp_path / "other").stat().st_mode


def test_a_full_disk_is_said_before_the_work(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="MB free"):
        Staging(tmp_path / "out", room=10**18)
    assert os.listdir(tmp_path) == []


def test_no_name_is_taken_twice(tmp_path: Path) -> None:
    """Many at once, and beside folders, files, broken links and empty folders of others."""
    head(tmp_path / "a-man", "the artist's")
    (tmp_path / "a-man-2").write_text("the artist's")
    (tmp_path / "a-man-3").symlink_to("nowhere")
    (tmp_path / "a-man-4").mkdir()
    made = [head(tmp_path / f".{number}", str(number)) for number in range(12)]
    ready, places = threading.Barrier(len(made)), {}

    def put(number: int) -> None:
        ready.wait()
        places[number] = publish_head(made[number], tmp_path / "a-man")

    threads = [threading.Thread(target=put, args=(number,)) for number in range(len(made))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(path.name for path in places.values()) == sorted(f"a-man-{n}" for n in range(5, 5 + len(made)))
    for number, place in places.items():
        assert (place / "head.json").read_text() == str(number)
    assert (tmp_path / "a-man" / "head.json").read_text() == "the artist's"


def test_a_replaced_head_is_whole_and_the_artist_s_files_stay(tmp_path: Path) -> None:
    old = head(tmp_path / "a-man", "old", "head.json", "preview.png", "notes.txt")
    assert replace_head(head(tmp_path / "new", "new"), old, tmp_path / "before") == old
    assert {path.name: path.read_text() for path in old.iterdir()} == {
        "head.json": "new",
        "head.glb": "new",
        "notes.txt": "old",
    }


def test_a_head_that_cannot_be_replaced_stays_whole(tmp_path: Path) -> None:
    old = head(tmp_path / "a-man", "old", "head.json", "preview.png", "notes.txt")
    new = head(tmp_path / "new", "new")
    (old / "head.blend").mkdir()
    with pytest.raises(OutputError, match=r"head\.blend"):
        replace_head(new, old, tmp_path / "before")
    (old / "head.blend").rmdir()
    assert {path.name: path.read_text() for path in old.iterdir()} == dict.fromkeys(
        ("head.json", "preview.png", "notes.txt"), "old"
    )


def test_a_head_comes_back_when_the_new_one_cannot_be_put_in_its_place(tmp_path: Path) -> None:
    """From another disk no file can be moved."""
    other = Path("/dev/shm")
    if not other.is_dir() or other.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is one disk only")
    old = head(tmp_path / "a-man", "old", "head.json", "preview.png", "notes.txt")
    with tempfile.TemporaryDirectory(dir=other) as folder, pytest.raises(OSError, match="head"):
        replace_head(head(Path(folder) / "new", "new"), old, tmp_path / "before")
    assert {path.name: path.read_text() for path in old.iterdir()} == dict.fromkeys(
        ("head.json", "preview.png", "notes.txt"), "old"
    )


def test_nothing_of_the_new_head_stays_when_a_later_file_cannot_be_put_in_place(tmp_path: Path) -> None:
    """No folder can be moved onto a link, here one that leads nowhere."""
    old = head(tmp_path / "a-man", "old", "albedo.png")
    (old / "head.json").symlink_to("nowhere")
    new = head(tmp_path / "new", "new", "head.glb")
    (new / "head.json").mkdir()
    with pytest.raises(OSError, match="head"):
        replace_head(new, old, tmp_path / "before")
    assert sorted(os.listdir(old)) == ["albedo.png", "head.json"]
    assert (old / "albedo.png").read_text() == "old"


def test_what_cannot_be_replaced_is_named(tmp_path: Path) -> None:
    check_replaceable(tmp_path / "nothing there")
    check_replaceable(tmp_path)
    (tmp_path / "file").write_text("mine")
    with pytest.raises(OutputError, match="it is a file"):
        check_replaceable(tmp_path / "file")


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        (OSError(errno.ENAMETOOLONG, "File name too long"), "shorter name"),
        (OSError(errno.ENOSPC, "No space left on device"), "Free some space"),
        (PermissionError(errno.EACCES, "Permission denied"), "may write to"),
        (OSError(errno.EROFS, "Read-only file system"), "may write to"),
        (RuntimeError("Error: Cannot open file /x@ for writing"), "Check permissions and free space"),
    ],
)
def test_the_remedy_fits_the_cause(error: Exception, remedy: str, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written") as shown, writing(tmp_path):
        raise error
    assert str(tmp_path) in shown.value.cause
    assert remedy in shown.value.remedy


def test_a_name_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    """Blender reads every path as UTF-8."""
    with pytest.raises(OutputError, match="not UTF-8"):
        Staging(tmp_path / os.fsdecode(b"caf\xe9"))
    assert os.listdir(tmp_path) == []
