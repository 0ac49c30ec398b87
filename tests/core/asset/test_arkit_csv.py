"""Recorded faces: Live Link Face's tables and MediaPipe's frames, as they are and damaged."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

import clip_head
from clip_head.core.asset.arkit_csv import parse_csv, parse_frames, read_take
from clip_head.core.errors import RequestError

ARKIT = json.loads((Path(clip_head.__file__).parent / "core/asset/arkit.json").read_text(encoding="utf-8"))
HEADER = ",".join(
    ["Timecode", "BlendshapeCount", *(name[0].upper() + name[1:] for name in ARKIT), "HeadYaw", "HeadRoll"]
)


def line(values: dict[str, float], count: int = 61) -> str:
    """A line of Live Link Face's, with head turns that are no action."""
    return ",".join(["10:23:45:12.345", str(count), *(str(values.get(name, 0)) for name in ARKIT), "0.7", "-0.2"])


def table(*lines: str) -> bytes:
    return ("\n".join([HEADER, *lines]) + "\n").encode()


def test_a_table_becomes_the_52_actions_in_arkits_order() -> None:
    take = parse_csv(table(line({"jawOpen": 0.25}), line({"tongueOut": 1, "eyeBlinkLeft": 0.5})), "take.csv")
    assert list(take.names) == ARKIT
    assert take.frames.shape == (2, 52)
    assert take.frames[0, ARKIT.index("jawOpen")] == 0.25
    assert take.frames[1, [ARKIT.index("tongueOut"), ARKIT.index("eyeBlinkLeft")]].tolist() == [1.0, 0.5]
    assert np.count_nonzero(take.frames) == 3


def test_columns_count_by_their_names_not_their_places() -> None:
    take = parse_csv(b"\xef\xbb\xbfJawOpen, EyeBlinkLeft\r\n0.1,0.2\r\n\r\n", "take.csv")
    assert take.names == ("eyeBlinkLeft", "jawOpen")
    np.testing.assert_allclose(take.frames, [[0.2, 0.1]])


def test_where_the_face_was_lost_the_frame_before_stays() -> None:
    lost = "10:23:45:13.345,0"
    take = parse_csv(table(lost, line({"jawOpen": 0.25}), lost, line({})), "take.csv")
    assert take.frames[:, ARKIT.index("jawOpen")].tolist() == [0.0, 0.25, 0.25, 0.0]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "take.csv says nothing in its first line"),
        (b"a,b\n1,2\n", "take.csv says 'a,b' in its first line"),
        (b"\xff\xfe\x00", "take.csv is no table of text"),
        (table(), "take.csv holds no frame. Record the face again."),
        (table(line({}), "1,2,3"), "take.csv, line 3 has 3 cells, but the first line names 56."),
        (table(line({"jawOpen": "wide"})), "take.csv, line 2, jawOpen says 'wide', which is no strength."),  # type: ignore[dict-item]
        (table(line({"jawOpen": float("nan")})), "take.csv, line 2, jawOpen says 'nan'"),
        (table(line({"jawOpen": 45.0})), "take.csv, line 2, jawOpen says '45.0'"),
    ],
)
def test_damaged_tables_are_refused_by_line_and_value(content: bytes, said: str) -> None:
    with pytest.raises(RequestError, match=re.escape(said)):
        parse_csv(content, "take.csv")


FRAME = {"jawOpen": 0.5, "eyeBlinkLeft": 0.25, "_neutral": 0.9}
CATEGORIES = [{"index": 0, "categoryName": name, "score": value} for name, value in FRAME.items()]


@pytest.mark.parametrize(
    "frame",
    [
        FRAME,
        {"blendshapes": FRAME, "timestamp": 3},
        CATEGORIES,
        {"categories": CATEGORIES},
        {"blendshapes": {"categories": CATEGORIES}},
        {"faceBlendshapes": [{"categories": CATEGORIES, "headIndex": -1}]},
    ],
)
def test_frames_in_every_wrapping(frame: object) -> None:
    for whole in ([frame, {}], {"frames": [frame, {}]}):
        take = parse_frames(json.dumps(whole).encode(), "take.json")
        assert take.names == ("eyeBlinkLeft", "jawOpen")
        np.testing.assert_allclose(take.frames, np.array([[0.25, 0.5], [0.0, 0.0]]))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[", "take.json is no JSON"),
        (b"3", "take.json says 3, which is no list of frames."),
        (b"[]", "take.json holds no frame."),
        (b"[{}]", "take.json names none of ARKit's 52 actions."),
        (b"[{}, 7]", "take.json, frame 2 says 7, which holds no actions."),
        (b'[{"jawOpen": "x"}]', "take.json, frame 1, jawOpen says 'x', which is no strength."),
        (b'[{"jawOpen": true}]', "take.json, frame 1, jawOpen says True"),
        (b'[{"jawOpen": 1' + 400 * b"0" + b"}]", "take.json, frame 1, jawOpen says 1000"),
        (b'[[{"score": 1}]]', "take.json, frame 1 says {'score': 1}, which has no categoryName."),
        (b'[[{"categoryName": "jawOpen"}]]', "take.json, frame 1, jawOpen says None"),
        (100 * b'{"categories":' + b"1" + 100 * b"}", "take.json is no JSON"),
    ],
)
def test_damaged_frames_are_refused_by_frame_and_value(content: bytes, said: str) -> None:
    with pytest.raises(RequestError, match=re.escape(said)):
        parse_frames(content, "take.json")


def test_files_are_read_by_their_ending(tmp_path: Path) -> None:
    (tmp_path / "a.CSV").write_bytes(table(line({"jawOpen": 0.25})))
    (tmp_path / "b.json").write_text(json.dumps([FRAME]))
    assert len(read_take(tmp_path / "a.CSV").names) == 52
    assert len(read_take(tmp_path / "b.json").names) == 2
    for name, said in (("c.mov", "has the ending '.mov'"), ("d.csv", "No such file"), ("e.csv", "it is a folder")):
        (tmp_path / "e.csv").mkdir(exist_ok=True)
        with pytest.raises(RequestError, match=re.escape(said)) as caught:
            read_take(tmp_path / name)
        assert str(tmp_path / name) in str(caught.value)
