"""Files of hair: strands where the format has them, else cards."""

from dataclasses import replace
from pathlib import Path

import bpy
import pytest

from clip_head.core.types import Asset, Head
from clip_head.scene.asset import add_asset
from clip_head.scene.asset_export import export_asset
from clip_head.scene.export import save_glb
from clip_head.scene.hair import show_hair, strands_in
from clip_head.scene.hair_cards import update_cards
from clip_head.scene.hair_export import hair_in_words, hair_to_write
from clip_head.scene.hair_nodes import input_of
from clip_head.scene.head import head_object

from .synthetic_groom import hairy_asset
from .test_asset_export import READERS, reopen

#: Endings of files that hold no strands.
CARDS = (".glb", ".fbx", ".obj")
#: Objects of these grooms' cards.
CARD_NAMES = ["Beard Cards", "Eyebrows Cards", "Hair Cards"]


@pytest.fixture(scope="module")
def asset() -> Asset:
    return hairy_asset()


def shown(collection: bpy.types.Collection) -> list[tuple[str, bool, bool]]:
    return [(obj.name, obj.hide_viewport, obj.hide_render) for obj in collection.objects]


def amounts(collection: bpy.types.Collection) -> list[float]:
    """How many of a groom's strands the viewport shows, where that can be set."""
    modifiers = [modifier for obj in strands_in(collection) for modifier in obj.modifiers]
    return [modifier[name] for modifier in modifiers if (name := input_of(modifier, "Viewport Amount"))]


def hair_in(path: Path) -> tuple[list[str], list[int]]:
    """The meshes of hair in a file, and how many strands its curves are, fewest first: USD keeps no names of those."""
    meshes = [name.removesuffix(" Volume") for name in reopen(path) if name.startswith(("Hair", "Beard", "Eyebrows"))]
    curves = [len(obj.data.curves) for obj in bpy.context.scene.objects if obj.type == "CURVES"]
    return sorted(meshes), sorted(curves)


@pytest.mark.parametrize("suffix", READERS)
def test_hair_is_in_every_file_once(suffix: str, scene: bpy.types.Scene, small_head: Head, tmp_path: Path) -> None:
    collection = add_asset(small_head, hairy_asset(2000), scene)
    before, path = shown(collection), tmp_path / f"head{suffix}"
    shares = amounts(collection)
    selected = [obj.name for obj in bpy.context.view_layer.objects.selected]
    export_asset(path, collection)
    assert shown(collection) == before
    assert amounts(collection) == shares
    assert [obj.name for obj in bpy.context.view_layer.objects.selected] == selected
    assert not [one.name for one in bpy.data.collections if one != collection]
    meshes, strands = hair_in(path)
    if suffix in CARDS:
        assert (meshes, strands) == (CARD_NAMES, [])
    else:
        assert not meshes
        brows, *others = strands
        assert brows == 30
        assert len(others) == 2
        assert 1800 < min(others) <= max(others) < 2200, "all, though the viewport shows some"


@pytest.mark.parametrize("suffix", READERS)
@pytest.mark.parametrize("how", ["CARDS", "VOLUME", "OFF"])
def test_files_hold_what_the_artist_shows(
    how: str, suffix: str, scene: bpy.types.Scene, small_head: Head, asset: Asset, tmp_path: Path
) -> None:
    collection = add_asset(small_head, asset, scene)
    if how == "CARDS":
        update_cards(collection, 2)
    show_hair(collection, how)
    export_asset(tmp_path / f"head{suffix}", collection)
    meshes = {"CARDS": CARD_NAMES, "VOLUME": ["Beard", "Hair"], "OFF": []}[how]
    assert hair_in(tmp_path / f"head{suffix}") == (meshes, [])


def test_the_heads_own_glb_has_the_cards(
    scene: bpy.types.Scene, small_head: Head, asset: Asset, tmp_path: Path
) -> None:
    save_glb(tmp_path / "head.glb", add_asset(small_head, asset, scene))
    assert hair_in(tmp_path / "head.glb") == (CARD_NAMES, [])


def test_a_failed_export_changes_nothing(scene: bpy.types.Scene, small_head: Head, asset: Asset) -> None:
    collection = add_asset(small_head, asset, scene)
    before = shown(collection)
    with pytest.raises(RuntimeError, match="full disk"), hair_to_write(collection, ".glb"):
        raise RuntimeError("full disk")
    assert shown(collection) == before
    assert not [one.name for one in bpy.data.collections if one != collection]


def test_words_say_what_becomes_of_hair_and_why(scene: bpy.types.Scene, small_head: Head, asset: Asset) -> None:
    collection = add_asset(small_head, asset, scene)
    assert hair_in_words(collection, ".usdc") == hair_in_words(collection, ".abc") == "hair as strands"
    assert hair_in_words(collection, ".glb") == "hair as cards, since .glb files hold no strands"
    update_cards(collection, 2)
    show_hair(collection, "CARDS")
    assert hair_in_words(collection, ".usdc") == hair_in_words(collection, ".glb") == "hair as cards, as it is shown"
    show_hair(collection, "OFF")
    assert hair_in_words(collection, ".glb") == ""


def test_an_asset_without_strands_is_written_as_it_is(scene: bpy.types.Scene, small_head: Head, asset: Asset) -> None:
    collection = add_asset(small_head, replace(asset, grooms=()), scene)
    with hair_to_write(collection, ".glb") as whole:
        assert whole == collection
    assert head_object(collection).name == "Head"
