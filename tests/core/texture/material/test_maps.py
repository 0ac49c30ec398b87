"""Maps from geometry, regions and albedo: what they say about eyes, lips, hair, holes and statues."""

from dataclasses import replace

import numpy as np
import pytest

from clip_head.core.models import EMBEDDED
from clip_head.core.nphm import SurfaceFacts
from clip_head.core.texture.material.maps import derive_maps
from clip_head.core.texture.regions import Regions
from clip_head.core.texture.template import load_template
from clip_head.core.types import Head, TextureSet, UnwrappedMesh, UVMaps
from clip_head.core.uv import draw_uv_maps

SIZE = 256
TEMPLATE = load_template(EMBEDDED / "texture")


@pytest.fixture(scope="module")
def maps(small_head: Head) -> UVMaps:
    return draw_uv_maps(small_head.mesh, SIZE)


@pytest.fixture(scope="module")
def regions(small_head: Head) -> Regions:
    """A left eye, lips below the nose, and ears on either side."""
    x, y, z = small_head.mesh.vertices.T

    def spot(place: tuple[float, float], reach: float) -> np.ndarray:
        return ((np.hypot(x - place[0], y - place[1]) < reach) & (z > -0.1)).astype(np.float32)

    plain = Regions.none(len(x))
    return replace(plain, eyes=spot((0.1, 0.1), 0.06), lips=spot((0, -0.2), 0.08))


def facts_of(maps: UVMaps) -> SurfaceFacts:
    """Hair above, a beard far below."""
    y = maps.position[maps.mask][:, 1]
    return SurfaceFacts(
        maps.normal[maps.mask], (y > 0.25).astype(np.float32), np.where(y < -0.3, 0.02, 0).astype(np.float32)
    )


def grey(maps: UVMaps) -> np.ndarray:
    return np.full((*maps.mask.shape, 3), 150, np.uint8)


@pytest.fixture(scope="module")
def textures(small_head: Head, maps: UVMaps, regions: Regions) -> TextureSet:
    return derive_maps(grey(maps), small_head.mesh, maps, facts_of(maps), regions, TEMPLATE)


def inside(maps: UVMaps, low: tuple[float, float], high: tuple[float, float]) -> np.ndarray:
    """Texels (H, W) of the front whose x and y lie between two corners."""
    x, y, z = np.moveaxis(maps.position, -1, 0)
    return maps.mask & (x > low[0]) & (x < high[0]) & (y > low[1]) & (y < high[1]) & (z > -0.1)


def test_eyes_are_glossy_lips_moist_and_skin_neither(textures: TextureSet, maps: UVMaps) -> None:
    eye, lips = inside(maps, (0.08, 0.08), (0.12, 0.12)), inside(maps, (-0.03, -0.22), (0.03, -0.18))
    cheek = inside(maps, (-0.2, -0.05), (-0.15, 0.05))
    rough = [textures.roughness[part].mean() / 255 for part in (eye, lips, cheek)]
    coat = [textures.coat[part].mean() / 255 for part in (eye, lips, cheek)]
    assert rough[0] < 0.2 < rough[1] < 0.45 < rough[2] < 0.7
    assert coat[0] > 0.95 and 0.2 < coat[1] < 0.5 and coat[2] == 0


def test_light_scatters_in_skin_and_not_in_hair(textures: TextureSet, maps: UVMaps) -> None:
    y = maps.position[..., 1]
    assert textures.subsurface[maps.mask & (y > 0.3)].max() == 0
    assert textures.subsurface[maps.mask & (y < -0.33)].mean() < 40, "a dense beard hides the skin"
    assert textures.subsurface[inside(maps, (-0.2, -0.05), (-0.15, 0.05))].min() == 255
    assert textures.metallic == 0


def test_the_same_every_time_and_carried_beyond_the_chart(
    textures: TextureSet, small_head: Head, maps: UVMaps, regions: Regions
) -> None:
    again = derive_maps(grey(maps), small_head.mesh, maps, facts_of(maps), regions, TEMPLATE)
    read = UVMaps(maps.normal, maps.position, maps.mask)
    drawn_again = derive_maps(grey(maps), small_head.mesh, read, facts_of(maps), regions, TEMPLATE)
    for name, image in textures.images().items():
        np.testing.assert_array_equal(image, again.images()[name])
        np.testing.assert_array_equal(image, drawn_again.images()[name])
        assert image.shape[:2] == maps.mask.shape and image.dtype == np.uint8


def square(side: float, depth: float = 0.0) -> UnwrappedMesh:
    """A square that faces +z, with a narrow pit in its middle."""
    x, y = np.meshgrid(np.linspace(-0.5, 0.5, 101), np.linspace(-0.5, 0.5, 101))
    points = np.stack([side * x, side * y, -depth * np.exp(-(x**2 + y**2) / 0.002)], -1).reshape(-1, 3)
    cell = (np.arange(100)[:, None] * 101 + np.arange(100)).ravel()
    faces = np.concatenate([np.stack([cell, cell + 1, cell + 102], 1), np.stack([cell, cell + 102, cell + 101], 1)])
    uv = np.stack([0.9 * x + 0.5, 0.9 * y + 0.5], -1).reshape(-1, 2).astype(np.float32)
    points = points.astype(np.float32)
    return UnwrappedMesh(points, faces.astype(np.int32), 0 * points, uv, np.arange(len(points), dtype=np.int32))


def test_relief_is_finer_than_the_mesh_and_spares_the_eyes() -> None:
    mesh = square(0.2)
    drawn = draw_uv_maps(mesh, 128)
    left = (mesh.vertices[:, 0] < 0).astype(np.float32)
    regions = replace(Regions.none(len(left)), eyes=left)
    normal = derive_maps(grey(drawn), mesh, drawn, SurfaceFacts(drawn.normal[drawn.mask]), regions, TEMPLATE).normal
    eye, skin = normal[20:108, 20:60].astype(float), normal[20:108, 68:108].astype(float)
    assert np.abs(eye - [128, 128, 255]).max() <= 1
    assert 3 < skin[..., :2].std() < 30
    assert np.abs(skin[..., :2].mean(axis=(0, 1)) - 128).max() < 3, "bumps leave the surface's own direction"


def test_dark_lines_are_furrows(small_head: Head, maps: UVMaps, regions: Regions) -> None:
    albedo = grey(maps)
    row = SIZE // 2
    albedo[row] = 90
    drawn = derive_maps(
        albedo, small_head.mesh, maps, facts_of(maps), Regions.none(len(small_head.mesh.vertices)), TEMPLATE
    )
    plain = derive_maps(
        grey(maps), small_head.mesh, maps, facts_of(maps), Regions.none(len(small_head.mesh.vertices)), TEMPLATE
    )
    columns = maps.mask[row - 1] & maps.mask[row + 1]
    lean = (drawn.normal.astype(float) - plain.normal)[..., 1]
    # Above a furrow the surface leans down into it, below it up; green grows upwards.
    assert lean[row - 1][columns].mean() < -1
    assert lean[row + 1][columns].mean() > 1


def test_wrinkles_are_grooves_of_bare_skin(small_head: Head, maps: UVMaps) -> None:
    nowhere = Regions.none(len(small_head.mesh.vertices))
    rows = np.nonzero(maps.mask)[0]
    height = np.where(rows == SIZE // 2, -0.5, 0).astype(np.float32)
    bald = replace(facts_of(maps), hair=np.zeros(len(rows), np.float32))
    covered = replace(bald, hair=np.ones(len(rows), np.float32))
    for facts, seen in ((bald, True), (covered, False)):
        smooth, old = (
            derive_maps(grey(maps), small_head.mesh, maps, facts, nowhere, TEMPLATE, wrinkles=wrinkles).normal.astype(
                float
            )
            for wrinkles in (None, height)
        )
        assert (np.abs(old - smooth)[SIZE // 2 - 1].max() > 10) == seen


def test_frizz_is_rough_and_curled(small_head: Head, maps: UVMaps) -> None:
    nowhere = Regions.none(len(small_head.mesh.vertices))
    haired = replace(facts_of(maps), hair=np.ones(int(maps.mask.sum()), np.float32))
    smooth, frizzy = (
        derive_maps(grey(maps), small_head.mesh, maps, replace(haired, frizz=frizz), nowhere, TEMPLATE)
        for frizz in (0.0, 1.0)
    )
    assert frizzy.roughness[maps.mask].mean() > smooth.roughness[maps.mask].mean() + 50
    assert np.abs(frizzy.normal.astype(float) - smooth.normal).max() > 5


def test_statues_are_of_one_material_and_dry(small_head: Head, maps: UVMaps, regions: Regions) -> None:
    bronze = derive_maps(
        grey(maps), small_head.mesh, maps, facts_of(maps), regions, TEMPLATE, ("", "a bronze statue of an old man")
    )
    assert bronze.metallic == 1
    assert bronze.coat.max() == bronze.subsurface.max() == 0
    assert 0.2 < bronze.roughness[maps.mask].mean() / 255 < 0.5
    marble = derive_maps(grey(maps), small_head.mesh, maps, facts_of(maps), regions, TEMPLATE, ("a marble bust",))
    assert marble.metallic == 0 and marble.subsurface[maps.mask].min() > 100


def test_a_pit_is_occluded() -> None:
    mesh = square(1.0, depth=0.15)
    drawn = draw_uv_maps(mesh, 128)
    facts = SurfaceFacts(drawn.normal[drawn.mask])
    occlusion = derive_maps(grey(drawn), mesh, drawn, facts, Regions.none(len(mesh.vertices)), TEMPLATE).occlusion
    assert occlusion is not None
    assert occlusion[64, 64] < 100
    assert occlusion[drawn.mask & (np.hypot(*np.moveaxis(drawn.position[..., :2], -1, 0)) > 0.25)].min() > 240


def test_what_varies_slowly_may_be_drawn_at_fewer_pixels(
    small_head: Head, regions: Regions, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = draw_uv_maps(small_head.mesh, 400)
    facts = facts_of(drawn)
    fully = derive_maps(grey(drawn), small_head.mesh, drawn, facts, regions, TEMPLATE)
    monkeypatch.setattr("clip_head.core.texture.material.maps._BROAD", 150)
    fewer = derive_maps(grey(drawn), small_head.mesh, drawn, facts, regions, TEMPLATE)
    for a, b in ((fully.coat, fewer.coat), (fully.occlusion, fewer.occlusion)):
        assert a is not None and b is not None
        assert np.abs(a.astype(float) - b)[drawn.mask].mean() < 2
