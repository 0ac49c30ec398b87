"""Teeth and gums: closed crowns of human sizes along an arch, symmetric, behind the lips of a head."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import torch

from clip_head.core.asset.crowns import crown, crown_quads, crown_uv, measures_of
from clip_head.core.asset.teeth import LIPS, MATERIALS, Arch, behind_lips, mouth_map, seated, teeth_part
from clip_head.core.asset.tooth_style import QUARTER, QUARTERS, ToothStyle, all_teeth, tooth_cell
from clip_head.core.nphm.heights import depth_below
from clip_head.core.pipeline import Models, read_words
from clip_head.core.types import MILLIMETRES_PER_UNIT, AssetPart, Floats, HeadRequest, Ints

#: Widths of adults' teeth from contact to contact, mm: least and greatest among most people.
WIDTHS = {
    "upper": ((7.1, 10.5), (5.0, 8.0), (6.3, 9.5), (5.5, 9.4), (5.3, 9.4), (8.8, 13.3), (8.0, 12.0)),
    "lower": ((4.4, 6.7), (4.6, 8.2), (5.7, 8.6), (5.9, 10.9), (5.6, 10.0), (9.8, 14.5), (9.0, 13.0)),
}


@pytest.fixture(scope="module")
def arches() -> dict[str, Arch]:
    """Half an ellipse, 67 mm wide and 46 mm long, as large as an adult's."""
    turn = np.linspace(-np.pi / 2, np.pi / 2, 41)

    def line(height: float, width: float) -> Floats:
        points = np.column_stack([width * np.sin(turn), np.full(41, height), 5 + 46 * np.cos(turn)])
        return ((points + points[::-1] * (-1, 1, 1)) / 2 / MILLIMETRES_PER_UNIT).astype(np.float32)

    return {
        "upper": Arch("upper", line(-57.0, 33.5), line(-41.0, 33.5)),
        "lower": Arch("lower", line(-57.5, 33.5), line(-73.0, 33.5)),
    }


def parts_of(arches: dict[str, Arch], style: ToothStyle) -> list[AssetPart]:
    """The teeth of both jaws."""
    return [teeth_part(f"{jaw} teeth", arch, style) for jaw, arch in arches.items()]


def tooth_quads(part: AssetPart, name: str) -> Ints:
    """The quads of a tooth."""
    quads = part.levels[0].quads
    return np.asarray(quads[(part.groups[name] > 0)[quads].all(axis=1)])


def volume(vertices: Floats, quads: Ints) -> float:
    """Of a closed mesh, in cubed units of its vertices; positive where its quads face outwards."""
    triangles = vertices.astype(float)[quads[:, [0, 1, 2, 0, 2, 3]].reshape(-1, 3)]
    return float(np.linalg.det(triangles).sum() / 6)


def size_of(part: AssetPart, name: str) -> float:
    """How high a tooth is, mm."""
    return float(np.ptp(part.vertices[part.groups[name] > 0, 1]) * MILLIMETRES_PER_UNIT)


def test_a_jaw_has_fourteen_teeth(arches: dict[str, Arch]) -> None:
    parts = parts_of(arches, ToothStyle())
    assert {name for part in parts for name in part.groups} == set(all_teeth())
    for part in parts:
        assert len(part.groups) == 14 and part.materials == MATERIALS
        assert set(np.unique(part.levels[0].material)) == {0, 1}


def test_crowns_are_closed_and_face_outwards(arches: dict[str, Arch]) -> None:
    for part in parts_of(arches, ToothStyle(crooked=1.0, fangs=1.0, seed=4)):
        for name in part.groups:
            quads = tooth_quads(part, name)
            assert 60 <= len(quads) <= 120
            edges = np.stack([quads, np.roll(quads, -1, axis=1)], axis=-1).reshape(-1, 2)
            assert len(np.unique(edges, axis=0)) == len(edges), "an edge is passed twice in one direction"
            assert {tuple(edge) for edge in edges} == {tuple(edge[::-1]) for edge in edges}, "a crown is open"
            cubic = volume(part.vertices * MILLIMETRES_PER_UNIT, quads)
            assert 60 < cubic < 1000, name


def test_gums_face_the_lips_in_front_and_the_mouth_behind(arches: dict[str, Arch]) -> None:
    for part in parts_of(arches, ToothStyle()):
        level = part.levels[0]
        corners = part.vertices[level.quads[level.material == 1]].astype(float)
        normals = np.cross(corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1])
        middles = corners.mean(axis=1) * MILLIMETRES_PER_UNIT
        at_front = np.abs(middles[:, 0]) < 6
        deep = np.abs(middles[:, 1] + 57) > 12
        foremost = at_front & deep & (middles[:, 2] > 46)
        rearmost = at_front & deep & (middles[:, 2] < 44)
        assert foremost.sum() > 5 and (normals[foremost, 2] > 0).all()
        assert rearmost.sum() > 5 and (normals[rearmost, 2] < 0).all()


def test_teeth_are_mirror_symmetric(arches: dict[str, Arch]) -> None:
    for part in parts_of(arches, ToothStyle(gap=2.0, fangs=0.5)):
        assert part.mirror is not None
        np.testing.assert_array_equal(part.mirror[part.mirror], np.arange(len(part.vertices)))
        np.testing.assert_allclose(part.vertices[part.mirror] * (-1, 1, 1), part.vertices, atol=1e-7)


def test_teeth_have_human_sizes() -> None:
    for jaw, ranges in WIDTHS.items():
        for measures, (least, greatest) in zip(measures_of(jaw), ranges, strict=True):
            vertices = crown(measures, measures.width, measures.height, 1.0)
            assert least < np.ptp(vertices[:, 0]) < greatest
            assert np.ptp(vertices[:, 0]) == pytest.approx(measures.width, rel=0.06)
            assert 5 < vertices[:, 2].max() < 12


def test_kinds_of_teeth_have_their_edges_and_cusps() -> None:
    incisor, _, canine, premolar, _, molar, _ = (
        crown(measures, measures.width, measures.height, 1.0) for measures in measures_of("upper")
    )
    top = [vertices[vertices[:, 2] > vertices[:, 2].max() - 1.0] for vertices in (incisor, canine, premolar, molar)]
    wide = [np.ptp(points[:, 0]) for points in top]
    thick = [np.ptp(points[:, 1]) for points in top]
    assert thick[0] < 2.5 < 0.6 * wide[0], "an incisor cuts"
    assert wide[1] < 0.7 * wide[0], "a canine has one point"
    assert thick[2] > 3.5 and thick[3] > 3.5, "premolars and molars have cusps on both sides"
    in_the_middle = np.argsort(np.hypot(molar[:, 0], molar[:, 1] - molar[:, 1].mean()))[:4]
    assert 4 < molar[in_the_middle, 2].max() < molar[:, 2].max() - 1.0, "and a groove between these"


def test_neighbours_touch_and_hardly_overlap(arches: dict[str, Arch]) -> None:
    for jaw, part in zip(arches, parts_of(arches, ToothStyle()), strict=True):
        for side in ("right", "left"):
            names = [f"{jaw}_{side}_{tooth}" for tooth in QUARTER]
            places = [part.vertices[part.groups[name] > 0] * MILLIMETRES_PER_UNIT for name in names]
            for a, b in pairwise(places):
                distance = np.linalg.norm(a[:, None] - b[None], axis=2).min()
                assert distance < 1.2


def test_every_tooth_has_its_own_island(arches: dict[str, Arch]) -> None:
    for part in parts_of(arches, ToothStyle()):
        level = part.levels[0]
        for name in part.groups:
            uv = level.uv[(part.groups[name] > 0)[level.quads].all(axis=1)]
            left, low, width, height = tooth_cell(name)
            assert (uv >= (left, low)).all() and (uv <= (left + width, low + height)).all()
        assert (level.uv >= 0).all() and (level.uv <= 1).all()
    side = crown_uv("upper_left_canine").astype(float)
    edge = np.diff(side, axis=1)
    area = edge[:, 0, 0] * edge[:, 1, 1] - edge[:, 0, 1] * edge[:, 1, 0]
    assert len(side) == len(crown_quads()) and (np.abs(area) > 1e-6).all()


def test_styles_shape_the_teeth(arches: dict[str, Arch]) -> None:
    upper = {
        name: teeth_part("upper", arches["upper"], style)
        for name, style in {
            "plain": ToothStyle(),
            "fangs": ToothStyle(fangs=1.0),
            "worn": ToothStyle(wear=1.0),
            "gap": ToothStyle(gap=2.5),
            "crooked": ToothStyle(crooked=1.0, seed=2),
            "buck": ToothStyle(buck=1.0),
        }.items()
    }
    canine, incisor = "upper_left_canine", "upper_left_central_incisor"
    assert size_of(upper["fangs"], canine) > size_of(upper["plain"], canine) + 4
    assert size_of(upper["fangs"], incisor) == size_of(upper["plain"], incisor)
    assert size_of(upper["worn"], incisor) < size_of(upper["plain"], incisor) - 1.5

    def midline(name: str) -> float:
        part = upper[name]
        return 2 * float(part.vertices[part.groups[incisor] > 0, 0].min() * MILLIMETRES_PER_UNIT)

    assert midline("gap") - midline("plain") == pytest.approx(2.5, abs=0.4)
    moved = np.linalg.norm(upper["crooked"].vertices - upper["plain"].vertices, axis=1) * MILLIMETRES_PER_UNIT
    assert 1.0 < moved.max() < 8.0
    foremost = [float(upper[name].vertices[upper[name].groups[incisor] > 0, 2].max()) for name in ("plain", "buck")]
    assert 0.5 < (foremost[1] - foremost[0]) * MILLIMETRES_PER_UNIT < 3


def test_missing_teeth_leave_gums(arches: dict[str, Arch]) -> None:
    style = ToothStyle(missing=("upper_left_canine",))
    part = teeth_part("upper", arches["upper"], style)
    assert len(part.groups) == 13 and "upper_left_canine" not in part.groups and part.mirror is None
    assert set(np.unique(part.levels[0].quads)) == set(range(len(part.vertices)))
    gums = teeth_part("upper", arches["upper"], ToothStyle(missing=all_teeth()))
    assert not gums.groups and (gums.levels[0].material == 1).all() and gums.mirror is not None


def test_a_mouth_takes_the_arch_of_a_head_and_keeps_its_teeth_in_proportion(arches: dict[str, Arch]) -> None:
    edges = np.concatenate([arch.edge for arch in arches.values()])
    turn = np.array([[1, 0, 0], [0, np.cos(0.2), -np.sin(0.2)], [0, np.sin(0.2), np.cos(0.2)]])
    goal = (edges * (1.21, 1.7, 1.0)) @ turn.T + (0.01, -0.1, 0.05)
    place = mouth_map(edges, goal.astype(np.float32))
    np.testing.assert_allclose(np.linalg.norm(place[:, :3], axis=0), (1.21, 1.1, 1.0), rtol=0.02)
    assert np.linalg.det(place[:, :3]) > 0
    there = edges @ place[:, :3].T + place[:, 3]
    assert np.linalg.norm(there - goal, axis=1).max() * MILLIMETRES_PER_UNIT < 2.0


def test_teeth_go_back_behind_a_skin_that_is_too_near() -> None:
    across = np.linspace(-0.05, 0.05, 11, dtype=np.float32)
    x, y = np.meshgrid(across, across, indexing="ij")
    skin = np.stack([x, y, np.full_like(x, 0.1)], axis=-1).reshape(-1, 3)
    cell = np.arange(121, dtype=np.int32).reshape(11, 11)
    corners = [cell[:-1, :-1], cell[1:, :-1], cell[1:, 1:], cell[:-1, :-1], cell[1:, 1:], cell[:-1, 1:]]
    faces = np.stack(corners, axis=-1).reshape(-1, 3)
    tooth = np.array([[0.0, 0.0, 0.095], [0.01, 0.01, 0.08]], np.float32)
    assert behind_lips(tooth, skin, faces) == pytest.approx(0.1 - LIPS - 0.095, abs=1e-5)
    assert behind_lips(tooth - np.float32(0.05), skin, faces) == 0


def test_a_jaw_carries_its_teeth_rigidly(arches: dict[str, Arch]) -> None:
    part = teeth_part("lower", arches["lower"], ToothStyle())
    turn = np.array([[1, 0, 0], [0, np.cos(0.3), -np.sin(0.3)], [0, np.sin(0.3), np.cos(0.3)]], np.float32)
    motion = np.column_stack([turn, (0, 0, 0)]).astype(np.float32)
    on_head = seated(part, np.eye(3, 4, dtype=np.float32), {"jawOpen": motion})
    opened = on_head.vertices + on_head.keys["jawOpen"]
    np.testing.assert_allclose(
        np.linalg.norm(opened[1:] - opened[:-1], axis=1),
        np.linalg.norm(part.vertices[1:] - part.vertices[:-1], axis=1),
        atol=1e-5,
    )


@pytest.mark.parametrize("words", ["a man", "a little girl, 6 years old", "a woman with thin lips and a small mouth"])
def test_teeth_are_behind_the_lips_of_a_head(words: str, models: Models) -> None:
    assert models.asset is not None
    arrays, network = models.asset.tensors, models.asset.network
    arches = {jaw: Arch(jaw, arrays[f"{jaw}_edge"], arrays[f"{jaw}_gum"]) for jaw in ("upper", "lower")}
    head = network.members(torch.from_numpy(read_words(HeadRequest(words), models).z_id))
    edges = np.concatenate([arch.edge for arch in arches.values()])
    with torch.inference_mode():
        places = torch.from_numpy(edges)
        place = mouth_map(edges, (places + head.displacement(places)).numpy())
        sheet = torch.from_numpy(network.sheet.vertices)
        sheet = sheet + head.displacement(sheet)
        smile = torch.tensor([0.8 * float("mouthSmile" in name) for name in network.actions])
        poses = [(sheet + network.sheet_offsets(sheet, code)).numpy() for code in (0 * smile, smile)]
    faces = network.sheet.faces
    faces = faces[~network.region_masks["mouth"][faces].all(axis=1)]
    for part in parts_of(arches, ToothStyle()):
        vertices = seated(part, place, {}).vertices
        vertices = vertices + np.array([0, 0, behind_lips(vertices, poses[0], faces)], np.float32)
        for skin in poses:
            at = np.concatenate([skin, vertices])
            depth = depth_below(at, np.arange(len(skin), len(at), dtype=np.int32), faces, 2, 0.005)
            assert depth.min() * MILLIMETRES_PER_UNIT > 3.0
        part = replace(part, vertices=vertices)
        incisor = next(name for name in part.groups if name.endswith(f"{QUARTERS[1][-4:]}_central_incisor"))
        assert 3 < size_of(part, incisor) < 18
