"""Hair cards: as many as wanted, rooted on the skin and outside it, on their slots, and carried by keys and bones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from clip_head.core.hair.atlas import Slot, open_atlas
from clip_head.core.hair.cards import CARD_ID, LEVELS, ROOT_TIP, Cards, build_cards, complexity, has_cards
from clip_head.core.hair.skin import Skin
from clip_head.core.models import EMBEDDED
from clip_head.core.types import MILLIMETRES_PER_UNIT, Asset, Floats, Groom, GroomLook

from ...scene.real_asset import real_asset

pytestmark = pytest.mark.slow(minutes=0.6)

#: Quads of a full head of hair, by level.
QUADS = (8000, 3000, 1000)
#: Kinds of slots that a beard of some length, and brows, may show.
KINDS = {"Beard": {"beard"}, "Eyebrows": {"brow"}}


@pytest.fixture(scope="module")
def asset() -> Asset:
    """Of a bearded man with hair."""
    return real_asset()


@pytest.fixture(scope="module")
def skin(asset: Asset) -> Skin:
    return Skin(asset.parts[0].vertices, asset.parts[0].levels[0].quads)


@pytest.fixture(scope="module")
def slots() -> tuple[Slot, ...]:
    return open_atlas(EMBEDDED / "cards").slots


@pytest.fixture(scope="module")
def cards(asset: Asset, skin: Skin, slots: tuple[Slot, ...]) -> dict[tuple[str, int], Cards]:
    """The cards of every groom at every level."""
    return {
        (groom.name, level): build_cards(groom, asset.parts[0], slots, level, skin.nearest)
        for groom in asset.grooms
        if has_cards(groom.name)
        for level in range(LEVELS)
    }


def groom_of(asset: Asset, name: str) -> Groom:
    return next(groom for groom in asset.grooms if groom.name == name)


def roots_of(one: Cards, moved: Floats | None = None) -> Floats:
    """The middles of the roots of cards (C, 3), at rest or moved by offsets of the vertices."""
    points = one.part.vertices if moved is None else one.part.vertices + moved
    rooted = one.part.groups[ROOT_TIP] == 0
    return points[rooted].reshape(-1, 2, 3).mean(axis=1)


def test_hair_beard_and_brows_have_cards_and_lashes_have_none(cards: dict[tuple[str, int], Cards]) -> None:
    assert {name for name, _ in cards} == {"Hair", "Beard", "Eyebrows"}
    assert not has_cards("Eyelashes")


@pytest.mark.parametrize("level", range(LEVELS))
def test_levels_have_the_quads_that_they_say(level: int, cards: dict[tuple[str, int], Cards]) -> None:
    counts = {name: len(cards[name, level].part.levels[0].quads) for name in ("Hair", "Beard", "Eyebrows")}
    assert counts["Hair"] == pytest.approx(QUADS[level], rel=0.1)
    assert counts["Eyebrows"] < counts["Beard"] < counts["Hair"] / 2


def test_meshes_are_whole(cards: dict[tuple[str, int], Cards]) -> None:
    for one in cards.values():
        part, count = one.part, len(one.part.vertices)
        quads = part.levels[0].quads
        assert np.isfinite(part.vertices).all()
        assert np.isfinite(one.normals).all()
        np.testing.assert_allclose(np.linalg.norm(one.normals, axis=1), 1, atol=1e-4)
        assert len(np.unique(quads)) == count, "every vertex is used"
        a, b, c, d = np.moveaxis(part.vertices[quads], 1, 0)
        area = np.linalg.norm(np.cross(c - a, d - b), axis=1) / 2
        assert area.min() > 0
        front = np.cross(c - a, d - b)
        assert ((front[:, None] * one.normals[quads]).sum(axis=2) > 0).mean() > 0.97, "normals look to the front"
        for values in (part.groups[ROOT_TIP], part.groups[CARD_ID]):
            assert values.shape == (count,)
            assert (values.min(), values.max()) == (0, 1)
        # A card has one number, and no other has it.
        number = part.groups[CARD_ID][quads]
        assert (np.ptp(number, axis=1) == 0).all()
        assert len(np.unique(number)) == (part.groups[ROOT_TIP] == 0).sum() / 2


def test_cards_are_rooted_on_the_skin_and_stay_outside(cards: dict[tuple[str, int], Cards], skin: Skin) -> None:
    for key, one in cards.items():
        assert np.abs(skin.nearest(roots_of(one))[0]).max() * MILLIMETRES_PER_UNIT < 1, key
        depth = -skin.nearest(one.part.vertices)[0] * MILLIMETRES_PER_UNIT
        assert (depth > 1).mean() < 0.01, key


def test_uv_lie_on_one_slot_each_with_the_root_on_top(
    asset: Asset, cards: dict[tuple[str, int], Cards], slots: tuple[Slot, ...]
) -> None:
    for (name, _), one in cards.items():
        level = one.part.levels[0]
        low, high = level.uv.min(axis=1), level.uv.max(axis=1)
        inside = np.stack(
            [
                (low >= (slot.left, slot.low)).all(axis=1) & (high <= (slot.right, slot.high)).all(axis=1)
                for slot in slots
            ]
        )
        # To the sixth decimal, in which halves of bytes end up.
        assert inside.any(axis=0).mean() > 0.999
        used = {slots[place].kind for place in np.flatnonzero(inside.any(axis=1))}
        assert used <= KINDS.get(name, used - {"beard", "stubble", "brow"})
        t = one.part.groups[ROOT_TIP][level.quads]
        order = np.argsort(t, axis=1)
        v = np.take_along_axis(level.uv[..., 1], order, axis=1)
        assert (v[:, 0] > v[:, -1]).all()


def test_cards_go_rigidly_with_the_skin_at_their_roots(
    asset: Asset, cards: dict[tuple[str, int], Cards], skin: Skin
) -> None:
    head = asset.parts[0]
    for level in range(LEVELS):
        one = cards["Beard", level]
        assert {"jawOpen", "jawLeft"} <= set(one.part.keys)
        moves = one.part.keys["jawOpen"]
        assert np.linalg.norm(moves, axis=1).max() * MILLIMETRES_PER_UNIT > 8
        opened = Skin(head.vertices + head.keys["jawOpen"], head.levels[0].quads)
        away = np.abs(opened.nearest(roots_of(one, moves))[0]) * MILLIMETRES_PER_UNIT
        assert np.percentile(away, 99) < 1
        # Rigid: no edge along or across a card changes its length.
        quads = one.part.levels[0].quads
        for a, b in zip(quads.T, np.roll(quads, 1, axis=1).T, strict=True):
            before = np.linalg.norm(one.part.vertices[a] - one.part.vertices[b], axis=1)
            after = np.linalg.norm((one.part.vertices + moves)[a] - (one.part.vertices + moves)[b], axis=1)
            np.testing.assert_allclose(after, before, atol=1e-4)
    assert "browInnerUp" in cards["Eyebrows", 0].part.keys
    assert "jawOpen" not in cards["Eyebrows", 0].part.keys


def test_bones_are_those_of_the_root(asset: Asset, cards: dict[tuple[str, int], Cards]) -> None:
    for (name, _), one in cards.items():
        total = sum(one.part.bone_weights.values(), np.zeros(len(one.part.vertices)))
        np.testing.assert_allclose(total, 1, atol=1e-4)
        assert set(one.part.bone_weights) <= {bone.name for bone in asset.bones}
        assert not [bone for bone in one.part.bone_weights if bone.startswith("eyelid")]
        if name == "Hair":
            assert "jaw" not in one.part.bone_weights
    assert cards["Beard", 0].part.bone_weights["jaw"].max() > 0.9


def test_same_guides_same_cards(asset: Asset, skin: Skin, slots: tuple[Slot, ...]) -> None:
    one, again = (build_cards(groom_of(asset, "Beard"), asset.parts[0], slots, 1, skin.nearest) for _ in range(2))
    assert one.part.vertices.tobytes() == again.part.vertices.tobytes()
    assert one.part.levels[0].uv.tobytes() == again.part.levels[0].uv.tobytes()


def test_curls_and_length_choose_the_locks(asset: Asset, skin: Skin, slots: tuple[Slot, ...]) -> None:
    hair = groom_of(asset, "Hair")
    long = replace(hair, points=hair.points[:, :1] + 6 * (hair.points - hair.points[:, :1]))
    for groom, curl, kinds in ((hair, 0.0, {"tuft"}), (long, 6.0, {"curly", "flyaway"}), (long, 9.0, {"coil"})):
        look = GroomLook(curl=curl, curl_length=22.0)
        uv = build_cards(replace(groom, look=look), asset.parts[0], slots, 0, skin.nearest).part.levels[0].uv
        middle = uv.mean(axis=1)
        used = {
            slot.kind
            for slot in slots
            if ((middle > (slot.left, slot.low)) & (middle < (slot.right, slot.high))).all(axis=1).any()
        }
        assert used == kinds


def test_longer_and_more_bent_guides_want_more_quads() -> None:
    t = np.linspace(0, 1, 24)
    straight = np.stack([0 * t, -t, 0 * t], axis=1)
    bent = np.stack([np.sin(3 * t) / 3, (np.cos(3 * t) - 1) / 3, 0 * t], axis=1)
    one, double, round_ = complexity(np.stack([straight, 2 * straight, bent]).astype(np.float32))
    assert one < double
    assert one < round_


def test_few_guides_are_enough(asset: Asset, skin: Skin, slots: tuple[Slot, ...]) -> None:
    hair = groom_of(asset, "Hair")
    for count in (1, 5):
        few = replace(
            hair, **{name: getattr(hair, name)[:count] for name in ("points", "corners", "barycentric", "root_uv")}
        )
        one = build_cards(few, asset.parts[0], slots, 2, skin.nearest)
        assert np.isfinite(one.part.vertices).all()
        assert len(one.part.levels[0].quads) >= count
