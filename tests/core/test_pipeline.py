"""The whole way with the embedded models, small: from words to a textured head."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from clip_head.core.errors import Cancelled, ModelError, RequestError
from clip_head.core.nphm.embedded import EmbeddedNPHM
from clip_head.core.pipeline import Models, generate_head, read_words, texture_head
from clip_head.core.texture.regions import region_weights
from clip_head.core.types import STAGES, Canvas, Edit, ForeignMesh, Head, HeadRequest
from clip_head.core.uv.maps import texels_on_mesh
from clip_head.core.uv.raster import interpolate

pytestmark = pytest.mark.slow(minutes=2)

REQUEST = HeadRequest("an old man with a big nose, laughing", seed=5, resolution=96, texture_size=64, surface="raw")


@pytest.fixture(scope="module")
def told() -> list[tuple[str, float]]:
    return []


@pytest.fixture(scope="module")
def head(models: Models, told: list[tuple[str, float]]) -> Head:
    return generate_head(REQUEST, models, lambda stage, fraction: told.append((stage, fraction)))


def arrays(head: Head) -> list[np.ndarray]:
    mesh = head.mesh
    assert head.latents is not None
    return [
        head.latents.z_id,
        head.latents.z_exp,
        mesh.vertices,
        mesh.faces,
        mesh.expression_offsets,
        mesh.uv,
        mesh.source,
        head.maps.normal,
        head.textures.albedo,
        head.textures.normal,
    ]


def test_the_mesh_is_one_disc_with_a_valid_uv(head: Head) -> None:
    mesh = head.mesh
    edges = np.unique(np.sort(mesh.faces[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2), axis=1), axis=0)
    assert len(np.unique(mesh.faces)) == len(mesh.vertices)
    assert len(mesh.vertices) - len(edges) + len(mesh.faces) == 1
    assert mesh.uv.min() >= 0.0
    assert mesh.uv.max() <= 1.0
    a, b, c = (mesh.uv[mesh.faces[:, i]].astype(np.float64) for i in range(3))
    areas = (b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0]
    assert np.mean(areas <= 0) < 1e-3
    for twins in (mesh.vertices, mesh.expression_offsets):
        _, first, back = np.unique(mesh.source, return_index=True, return_inverse=True)
        np.testing.assert_array_equal(twins[first][back], twins)


def test_it_has_the_size_and_the_stance_of_a_head(head: Head) -> None:
    low, high = head.mesh.vertices.min(axis=0), head.mesh.vertices.max(axis=0)
    millimetres = (high - low) * 250.0
    assert 130 < millimetres[0] < 330
    assert 200 < millimetres[1] < 420
    nose = head.mesh.vertices[np.argmax(head.mesh.vertices[:, 2])]
    assert abs(nose[0]) < 0.06, "the foremost point lies in the middle"
    assert np.abs((low + high)[0] / 2) < 0.08, "left and right are alike"


def test_textures_are_painted(head: Head) -> None:
    size = REQUEST.texture_size
    for image in (head.textures.albedo, head.textures.normal):
        assert image.shape == (size, size, 3)
        assert image.dtype == np.uint8
    inside = head.maps.mask
    assert 0.2 < inside.mean() < 1.0
    assert head.textures.albedo[inside].std(axis=0).min() > 3.0, "not one flat colour"
    assert head.textures.normal[inside][:, 2].mean() > 150, "normals point out of the surface"
    lengths = np.linalg.norm(head.maps.normal[inside], axis=-1)
    np.testing.assert_allclose(lengths, 1.0, atol=1e-3)


def test_every_stage_tells_its_progress_in_order(head: Head, told: list[tuple[str, float]]) -> None:
    stages = list(dict.fromkeys(stage for stage, _ in told))
    assert stages == list(STAGES[1:])
    for stage in stages:
        fractions = [fraction for name, fraction in told if name == stage]
        assert fractions[0] == 0.0
        assert fractions[-1] == 1.0
        assert fractions == sorted(fractions)
    assert set(head.seconds) == set(stages)
    kinds = ["spelling", "splitter", "text", "mapping", "hair", "nphm", "texture"]
    assert [card.kind for card in head.models] == kinds


def test_same_request_same_bytes(head: Head, models: Models) -> None:
    again = generate_head(REQUEST, models)
    for one, two in zip(arrays(head), arrays(again), strict=True):
        assert one.tobytes() == two.tobytes()


def test_the_codes_are_disjoint(models: Models) -> None:
    said = read_words(REQUEST, models)
    for prompt in (
        "an old man with a big nose, furious",
        "an old man with a big nose",
        "a winking old man with a big nose",
    ):
        assert read_words(replace(REQUEST, prompt=prompt), models).z_id.tobytes() == said.z_id.tobytes()
    for prompt in ("a young woman, laughing", "a bald boy with big ears, laughing", "laughing"):
        assert read_words(replace(REQUEST, prompt=prompt), models).z_exp.tobytes() == said.z_exp.tobytes()
    apart = replace(REQUEST, prompt="an old man with a big nose", expression="laughing")
    assert read_words(apart, models).z_exp.tobytes() == said.z_exp.tobytes()


def test_without_variation_the_seed_changes_nothing(models: Models) -> None:
    mean, other = (read_words(replace(REQUEST, seed=seed, variation=0.0), models).z_id for seed in (1, 2))
    assert mean.tobytes() == other.tobytes()
    one, two = (read_words(replace(REQUEST, seed=seed), models).z_id for seed in (1, 2))
    assert np.abs(one - two).max() > 0.1


class Stop:
    """A Progress that asks to stop once `stage` has begun and counts what is told afterwards."""

    def __init__(self, stage: str) -> None:
        self.stage = stage
        self.after = 0

    def __call__(self, stage: str, fraction: float) -> None:
        if stage == self.stage:
            self.after += 1
            raise Cancelled


@pytest.mark.parametrize("stage", STAGES[1:])
def test_a_stop_in_any_stage_is_passed_through(stage: str, models: Models) -> None:
    stop = Stop(stage)
    with pytest.raises(Cancelled):
        generate_head(replace(REQUEST, resolution=32), models, stop)
    assert stop.after == 1


def test_the_request_is_checked_first(models: Models) -> None:
    with pytest.raises(RequestError):
        generate_head(replace(REQUEST, prompt=" "), models, Stop("words"))


def edited(head: Head, models: Models, words: str, strength: float, mask: np.ndarray | None = None) -> np.ndarray:
    """Albedo of the head after its skin was painted anew, as signed numbers."""
    canvas = Canvas(head.mesh, head.latents, Edit(head.textures.albedo, strength, mask))
    again = texture_head(replace(REQUEST, skin=words), canvas, models)
    assert again.mesh.vertices.tobytes() == head.mesh.vertices.tobytes()
    assert again.mesh.uv.tobytes() == head.mesh.uv.tobytes()
    return again.textures.albedo.astype(int)


def test_an_edit_changes_as_much_as_its_strength_says(head: Head, models: Models) -> None:
    before = head.textures.albedo.astype(int)
    little, much = (np.abs(edited(head, models, "joker makeup", s) - before).mean() for s in (0.3, 1.0))
    assert 0 < little < 0.9 * much


def test_a_new_skin_keeps_the_tone_of_the_old_one_unless_the_words_say_another(head: Head, models: Models) -> None:
    def painted(words: str, tone: str) -> Head:
        return texture_head(replace(REQUEST, prompt=words), Canvas(head.mesh, head.latents, None, tone), models)

    dark, light = (painted("a man", tone) for tone in ("very dark skin", "pale skin"))
    assert (dark.skin_tone, light.skin_tone) == ("very dark skin", "pale skin")
    assert dark.textures.albedo.mean() < light.textures.albedo.mean() - 30
    said = painted("a pale man", "very dark skin")
    assert said.skin_tone == ""
    assert said.textures.albedo.tobytes() == painted("a pale man", "").textures.albedo.tobytes()


def test_an_edit_keeps_every_byte_outside_its_mask(head: Head, models: Models) -> None:
    size = REQUEST.texture_size
    mask = np.zeros((size, size), np.float32)
    mask[size // 2 :] = 1.0
    changed = np.abs(edited(head, models, "joker makeup", 1.0, mask) - head.textures.albedo).max(axis=2)
    assert changed[: size // 2 - 1].max() == 0
    assert changed[size // 2 :].max() > 20


def test_a_mesh_from_elsewhere_is_unwrapped_and_painted(head: Head, models: Models) -> None:
    """The head as another program would give it: welded, in centimetres, turned, without codes or UV."""
    mesh = head.mesh
    _, first = np.unique(mesh.source, return_index=True)
    faces = mesh.source[mesh.faces].astype(np.int32)
    turned = 25 * mesh.vertices[first] * np.array([-1, 1, -1], np.float32)
    corners = faces.ravel()
    foreign = ForeignMesh(turned, faces, corners, np.repeat(np.arange(len(faces), dtype=np.int32), 3))
    painted = texture_head(replace(REQUEST, prompt="a woman with red lips"), Canvas(foreign), models)
    assert painted.latents is None
    assert painted.corner_uv is not None
    assert painted.corner_uv.shape == (len(corners), 2)
    on_chart = np.isfinite(painted.corner_uv).all(axis=1)
    assert on_chart.mean() > 0.95
    assert painted.corner_uv[on_chart].min() >= 0
    assert painted.corner_uv[on_chart].max() <= 1
    assert painted.textures.albedo[painted.maps.mask].std(axis=0).min() > 5
    assert [card.kind for card in painted.models] == ["text", "texture"]


@pytest.mark.parametrize(
    ("network", "surface"),
    [
        ("text", "raw"),
        ("identity", "raw"),
        ("expression", "raw"),
        ("nphm", "raw"),
        ("nphm", "asset"),
        ("painter", "asset"),
    ],
)
def test_a_nan_inside_a_model_is_said_and_not_drawn(network: str, surface: str, models: Models) -> None:
    networks: dict[str, Any] = {
        "text": models.text.clip,
        "identity": models.mapping.identity,
        "expression": models.mapping.expression[-1],
        "nphm": models.nphm.network,
        "painter": models.texture.painter.pipeline.unet,
    }
    tensor = list(networks[network].parameters())[-1]
    kept = tensor.detach().clone()
    try:
        with torch.no_grad():
            tensor.fill_(float("nan"))
        with pytest.raises(ModelError):
            generate_head(replace(REQUEST, resolution=32, surface=surface), models)
    finally:
        with torch.no_grad():
            tensor.copy_(kept)


@pytest.mark.parametrize("prompt", ["a middle-aged asian man with stubble", "a woman with full lips", "a boy"])
def test_the_neutral_mouth_closes(models: Models, prompt: str) -> None:
    network = models.nphm.network
    assert isinstance(network, EmbeddedNPHM)
    template = network.sheet_vertices
    lower = network.sheet_regions[network.config.regions.index("lower_lip")].numpy()
    for seed in range(4):
        z_id = torch.from_numpy(read_words(HeadRequest(prompt, seed=seed), models).z_id)
        with torch.inference_mode():
            canonical = template + network.members(z_id).displacement(template)
            offsets = network.sheet_offsets(canonical, torch.zeros(network.exp_size))
        raised, asked = (float(way[lower, 1].mean()) for way in (offsets, network.closing))
        assert raised > 0.5 * asked, "the lips stop each other only where they touch"


@pytest.mark.parametrize(
    ("prompt", "shown"),
    [
        ("an elf with pointed ears and long blond hair", True),
        ("a girl with jug ears and long straight hair", True),
        ("a woman with chin-length hair, cut in a bob", False),
    ],
)
def test_long_hair_shows_the_ears_that_the_words_speak_of(models: Models, prompt: str, shown: bool) -> None:
    network = models.nphm.network
    assert isinstance(network, EmbeddedNPHM)
    ears = network.sheet_vertices[network.sheet_regions[network.config.regions.index("ears")]]
    for seed in range(2):
        head = network.at(torch.from_numpy(read_words(HeadRequest(prompt, seed=seed), models).z_id))
        covered = (head.hair_distance(ears) < 0).float().mean()
        assert covered < 0.1 if shown else covered > 0.9


def test_eyes_look_back_in_the_colour_of_the_words(models: Models) -> None:
    words = HeadRequest("a young woman with blue eyes", seed=1, resolution=128, texture_size=512, surface="raw")
    head = generate_head(words, models)
    eyes = region_weights(models.nphm.network, head.mesh.template_points, head.mesh).eyes
    shown = interpolate(eyes[:, None], head.mesh.faces, *texels_on_mesh(head.mesh, head.maps))[..., 0]
    for side in (1, -1):
        seen = head.textures.albedo[(shown > 0.9) & (side * head.maps.position[..., 0] > 0)].astype(int)
        black, blue = seen.max(axis=1) < 40, seen[:, 2] - seen[:, 0] > 40
        white = seen.min(axis=1) > 150
        assert 0.02 < black.mean() < 0.2
        assert 0.08 < blue.mean() < 0.65
        assert white.mean() > 0.2
