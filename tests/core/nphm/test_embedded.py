"""The embedded NPHM: blending, symmetry, hair, expressions, gradients, files; on a template that is a sphere."""

import dataclasses
import json

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from scipy.spatial import cKDTree

from clip_head.core.errors import ModelError
from clip_head.core.models import write_model_json
from clip_head.core.normals import area_weighted_normals
from clip_head.core.nphm import decode_head, extract_head, load_nphm, read_surface
from clip_head.core.nphm.embedded import EmbeddedNPHM
from clip_head.core.nphm.embedded_head import FINEST
from clip_head.core.nphm.embedded_network import ANCHORS, MEMBERS, STORED, SYMMETRIC, EmbeddedConfig
from clip_head.core.nphm.extract import Grid, extract_surface
from clip_head.core.nphm.model import NPHM
from clip_head.core.types import Latents, ModelCard

from .conftest import PlainField

CARD = ModelCard("nphm", "sphere", "CC0-1.0", "made by a test")


def code(network, hair=(0.0, 0.0), seed=None, beard=0.0):
    size = network.id_size - 3
    rest = np.zeros(size) if seed is None else np.random.default_rng(seed).normal(size=size)
    return np.concatenate([rest, hair, [beard]]).astype(np.float32)


def head_of(network, hair=(0.0, 0.0), z_exp=(0.0, 0.0), seed=None, resolution=96, beard=0.0):
    latents = Latents(code(network, hair, seed, beard), np.float32(z_exp))
    return extract_head(decode_head(NPHM(CARD, network), latents), resolution)


def near_points(count=400):
    points = np.random.default_rng(1).normal(size=(count, 3))
    radii = np.random.default_rng(2).uniform(0.2, 0.4, (count, 1))
    return torch.from_numpy((points / np.linalg.norm(points, axis=1, keepdims=True) * radii).astype(np.float32))


def test_members_alone_and_blended_give_the_same_answer(sphere_nphm):
    z_id = torch.from_numpy(code(sphere_nphm, seed=3))
    members = sphere_nphm.at(z_id).members
    points = near_points()
    shared, local, _, _ = sphere_nphm.split(z_id)
    weights = members.blend_weights(points)
    expected = torch.zeros_like(points)
    for member in range(MEMBERS):
        stored = member // 2 if member < SYMMETRIC else member - SYMMETRIC // 2
        mirror = torch.tensor([-1.0 if member < SYMMETRIC and member % 2 else 1.0, 1, 1])
        at = ((points - members.rest[member]) * mirror).expand(STORED, -1, -1)
        entries = torch.cat([torch.ones(1), shared, local[member]])
        offsets = torch.einsum("nkc,k->nc", sphere_nphm.basis(at)[stored], entries) * mirror
        expected += weights[member, :, None] * (offsets + members.motion[member])
    expected /= weights.sum(dim=0)[:, None]
    assert expected.norm(dim=1).max() > 0.01
    torch.testing.assert_close(members.displacement(points), expected, atol=1e-5, rtol=0)


def test_mirrored_members_mirror_their_answer(sphere_nphm):
    z_id = torch.ones(sphere_nphm.id_size)
    members = sphere_nphm.at(z_id).members
    local, mirror = near_points(5), torch.tensor([-1.0, 1, 1])
    left = members.member(0, local) - members.motion[0]
    right = members.member(1, local * mirror) - members.motion[1]
    torch.testing.assert_close(left * mirror, right)


def test_anchors_move_their_surroundings(sphere_nphm):
    z_id = torch.from_numpy(code(sphere_nphm, seed=8))
    shared, _, _, _ = sphere_nphm.split(z_id)
    members = sphere_nphm.at(z_id).members
    torch.testing.assert_close(members.rest[:ANCHORS] + members.motion[:ANCHORS], sphere_nphm.anchors(shared))


def test_points_in_space_are_led_back_to_the_template(sphere_nphm):
    head = sphere_nphm.at(torch.from_numpy(code(sphere_nphm, seed=3)))
    points = near_points()
    u = head.template_coordinates(points)
    assert (u - points).norm(dim=1).max() > 0.01
    torch.testing.assert_close(u + head.displacement(u), points, atol=2e-4, rtol=0)


def test_the_grid_holds_what_the_members_say_at_the_surface(sphere_nphm):
    head = sphere_nphm.at(torch.from_numpy(code(sphere_nphm, seed=3)))
    flat, share = sphere_nphm.fine_nodes
    whole = flat[share == 1]
    index = torch.stack(torch.unravel_index(whole, sphere_nphm.config.grid_shape), dim=1)
    assert len(whole) > 500
    torch.testing.assert_close(
        head.grid.flatten(1)[:, whole].T, head.members.displacement(sphere_nphm.nodes(index)), atol=1e-6, rtol=0
    )


def test_weights_fall_smoothly_to_zero(sphere_nphm):
    head = sphere_nphm.at(torch.from_numpy(code(sphere_nphm)))
    anchor = head.members.rest[5]
    line = torch.linspace(0, 0.45, 2000)[:, None] * torch.tensor([[0.0, 0.0, 1.0]]) + anchor
    weights = head.members.blend_weights(line)[5]
    assert weights[0] == 1
    assert (weights[line.sub(anchor).norm(dim=1) >= 0.4] == 0).all()
    assert weights.diff().abs().max() < 1.5e-3
    assert weights.diff().diff().abs().max() < 1e-4


def test_extracted_head_is_the_template_moved(sphere_nphm):
    head = head_of(sphere_nphm, seed=9)
    assert head.template_points.shape == head.vertices.shape
    above_floor = head.vertices[:, 1] > -0.35 * head.vertices[:, 2] - 0.63
    np.testing.assert_allclose(np.linalg.norm(head.template_points[above_floor], axis=1), 0.3, atol=2e-3)
    moved = sphere_nphm.at(torch.from_numpy(code(sphere_nphm, seed=9))).members.displacement(
        torch.from_numpy(head.template_points)
    )
    np.testing.assert_allclose(head.template_points + moved.numpy(), head.vertices, atol=4e-3)


def test_hair_adds_volume_and_half_of_it_adds_less(sphere_nphm):
    tops = [head_of(sphere_nphm, (share, 0)).vertices[:, 1].max() for share in (0.0, 0.5, 1.0)]
    assert tops[0] == pytest.approx(0.3, abs=0.02)
    assert tops[2] == pytest.approx(0.45, abs=0.02)
    assert tops[0] < tops[1] < tops[2]


def test_a_blend_of_two_styles_has_some_of_each(sphere_nphm):
    bald, mixed = head_of(sphere_nphm), head_of(sphere_nphm, (0.8, 0.8))
    assert mixed.vertices[:, 1].max() > bald.vertices[:, 1].max() - 0.005
    assert np.isfinite(mixed.vertices).all()


def test_an_even_blend_of_styles_has_no_region_where_distances_cancel_out(sphere_nphm):
    grid = sphere_nphm.blended_hair(torch.tensor([0.5, 0.5]))
    assert (grid.abs() < 1e-4).float().mean() < 1e-3


def test_expression_moves_what_its_action_moves(sphere_nphm):
    head = head_of(sphere_nphm, z_exp=(1.0, 0.0))
    above, below = head.template_points[:, 1] > 0.05, head.template_points[:, 1] < -0.05
    np.testing.assert_allclose(head.expression_offsets[above], np.tile([0, 0.05, 0], (above.sum(), 1)), atol=1e-3)
    np.testing.assert_allclose(head.expression_offsets[below], 0, atol=1e-3)


def test_hair_far_from_the_skin_stands_still(sphere_nphm):
    head = head_of(sphere_nphm, (1.0, 0.0), (1.0, 0.0))
    top = head.vertices[:, 1].argmax()
    assert np.abs(head.expression_offsets[top]).max() < 0.005


@pytest.mark.parametrize("share", [0.5, 1.0])
def test_a_beard_stands_on_the_skin_as_thick_as_its_share(sphere_nphm, share):
    head = head_of(sphere_nphm, beard=share)
    assert head.vertices[:, 2].max() == pytest.approx(0.3 + 0.08 * share, abs=0.015)
    assert head.vertices[:, 2].min() == pytest.approx(-0.3, abs=0.015)


def test_a_beard_moves_with_the_skin_that_bears_it(sphere_nphm):
    head = head_of(sphere_nphm, z_exp=(1.0, 0.0), beard=1.0)
    away = np.linalg.norm(head.vertices, axis=1)
    above = (away > 0.36) & (head.vertices[:, 1] > 0.12)
    below = (away > 0.36) & (head.vertices[:, 1] < -0.12)
    np.testing.assert_allclose(head.expression_offsets[above, 1], 0.05, atol=5e-3)
    np.testing.assert_allclose(head.expression_offsets[below], 0, atol=5e-3)


def test_a_beard_counts_as_skin_where_hair_is_told(sphere_nphm):
    head = sphere_nphm.at(torch.from_numpy(code(sphere_nphm, (1.0, 0.0), beard=1.0)))
    front, top = torch.tensor([[0.0, 0.0, 0.38]]), torch.tensor([[0.0, 0.45, 0.0]])
    assert head.hair_weight(head.template_coordinates(front)).item() == 0
    assert head.hair_weight(head.template_coordinates(top)).item() == 1


def test_a_description_without_beards_is_one_of_a_model_without(sphere_nphm):
    entries = dataclasses.asdict(sphere_nphm.config)
    entries = {name: value for name, value in entries.items() if not name.startswith("beard")}
    network = EmbeddedNPHM(EmbeddedConfig.from_json(entries))
    assert network.id_size == sphere_nphm.id_size - 1
    assert "beard_grids" not in network.state_dict()


def test_normals_point_as_the_mesh_does(sphere_nphm):
    head = head_of(sphere_nphm, (1.0, 0.0), seed=4, resolution=160)
    latents = Latents(code(sphere_nphm, (1.0, 0.0), 4), np.zeros(2, np.float32))
    normals = read_surface(decode_head(NPHM(CARD, sphere_nphm), latents), head.vertices).normals
    np.testing.assert_allclose(np.linalg.norm(normals, axis=1), 1, atol=1e-5)
    agreement = (normals * area_weighted_normals(head.vertices, head.faces)).sum(axis=1)
    above_floor = head.vertices[:, 1] > -0.35 * head.vertices[:, 2] - 0.63
    assert np.median(agreement[above_floor]) > 0.998
    assert np.percentile(agreement[above_floor], 2) > 0.97


def test_extraction_is_deterministic(sphere_nphm):
    first, second = (head_of(sphere_nphm, (0.3, 0.5), (0.2, 0.1), seed=5) for _ in range(2))
    for name in ("vertices", "faces", "expression_offsets", "template_points"):
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name))


def test_regions_are_found_on_the_template(sphere_nphm):
    points = np.float32([[0, 0.31, 0], [0.1, -0.28, 0], [0.2, 0.2, 0.1]])
    np.testing.assert_array_equal(sphere_nphm.regions(points)["upper"], [True, False, True])


def test_a_code_of_another_size_is_an_error(sphere_nphm):
    latents = Latents(np.zeros(3, np.float32), np.zeros(2, np.float32))
    with pytest.raises(ModelError, match="identity code"):
        extract_head(decode_head(NPHM(CARD, sphere_nphm), latents), 32)


def test_nan_in_a_code_is_an_error(sphere_nphm):
    latents = Latents(code(sphere_nphm), np.float32([np.nan, 0]))
    with pytest.raises(ModelError, match="not finite"):
        extract_head(decode_head(NPHM(CARD, sphere_nphm), latents), 32)


def saved(network, folder):
    folder.mkdir(exist_ok=True)
    save_file({k: t.contiguous() for k, t in network.state_dict().items()}, folder / "nphm.safetensors")
    config = {"architecture": "embedded", **dataclasses.asdict(network.config)}
    write_model_json(folder, CARD, config, {}, ["nphm.safetensors"])
    return folder


def test_a_saved_model_answers_as_before(sphere_nphm, tmp_path):
    loaded = load_nphm(saved(sphere_nphm, tmp_path)).network
    z_id = torch.from_numpy(code(sphere_nphm, (0.5, 0.0), 6))
    points = near_points()
    torch.testing.assert_close(
        loaded.at(z_id).template_coordinates(points), sphere_nphm.at(z_id).template_coordinates(points)
    )


def test_a_description_that_does_not_fit_is_an_error(sphere_nphm, tmp_path):
    folder = saved(sphere_nphm, tmp_path)
    entries = json.loads((folder / "model.json").read_text())
    entries["config"]["width"] = 9
    del entries["config_sha256"]
    (folder / "model.json").write_text(json.dumps(entries))
    with pytest.raises(ModelError, match="does not fit"):
        load_nphm(folder)


def test_there_are_39_anchors_in_symmetric_pairs(sphere_nphm):
    anchors = sphere_nphm.anchors(torch.zeros(4))
    assert anchors.shape == (ANCHORS, 3)
    torch.testing.assert_close(anchors[0:32:2] * torch.tensor([-1.0, 1, 1]), anchors[1:32:2])


def with_details(network):
    """The network with a bump that only a finer block around the sphere's front knows of."""
    config = dataclasses.replace(network.config, detail_shapes=((17, 17, 17),), detail_origins=((-0.08, -0.08, 0.2),))
    detailed = EmbeddedNPHM(config).eval().requires_grad_(False)
    nodes = torch.cartesian_prod(*(torch.arange(17),) * 3) * 0.01 + torch.tensor(config.detail_origins[0])
    coarse = network.template_distance(nodes)
    bump = 0.01 * (1 - (nodes - torch.tensor([0.0, 0.0, 0.3])).norm(dim=1) / 0.04).clamp_min(0.0)
    state = network.state_dict() | {"detail_grids": coarse - bump}
    detailed.load_state_dict(state)
    return detailed


def test_a_finer_block_changes_what_is_in_it_and_has_no_rim(sphere_nphm):
    detailed = with_details(sphere_nphm)
    assert detailed.template_distance(torch.tensor([[0.0, 0.0, 0.3]])).item() == pytest.approx(-0.01, abs=1e-4)
    across = torch.stack([torch.linspace(-0.2, 0.2, 400), torch.zeros(400), torch.full((400,), 0.31)], dim=1)
    found, plain = detailed.template_distance(across), sphere_nphm.template_distance(across)
    outside = across[:, 0].abs() > 0.045
    torch.testing.assert_close(found[outside], plain[outside], atol=1e-6, rtol=0)
    assert (found - plain)[~outside].min() < -0.004
    assert found.diff().abs().max() < 0.001


def test_a_model_with_finer_blocks_comes_back_from_its_folder(sphere_nphm, tmp_path):
    detailed = with_details(sphere_nphm)
    again = load_nphm(saved(detailed, tmp_path)).network
    assert again.config == detailed.config
    points = near_points() * torch.tensor([0.3, 0.3, 1.0])
    torch.testing.assert_close(again.template_distance(points), detailed.template_distance(points))


def test_the_focus_is_where_the_finest_features_are_on_this_head(sphere_nphm):
    assert sphere_nphm.at(torch.from_numpy(code(sphere_nphm))).focus() is None
    named = EmbeddedNPHM(dataclasses.replace(sphere_nphm.config, regions=FINEST)).eval().requires_grad_(False)
    at = sphere_nphm.sheet_vertices
    marked = torch.stack([(at[:, 2] > 0.2) & (at[:, 0].abs() < 0.1)] * len(FINEST))
    named.load_state_dict(sphere_nphm.state_dict() | {"sheet_regions": marked})
    z_id = torch.from_numpy(code(sphere_nphm, seed=4))
    low, high = named.at(z_id).focus()
    moved = at[marked[0]] + named.members(z_id).displacement(at[marked[0]])
    np.testing.assert_allclose(low, moved.min(dim=0).values, atol=2e-3)
    np.testing.assert_allclose(high, moved.max(dim=0).values, atol=2e-3)
    found = extract_head(decode_head(NPHM(CARD, named), Latents(z_id.numpy(), np.zeros(2, np.float32))), 64)
    plain = extract_head(decode_head(NPHM(CARD, sphere_nphm), Latents(z_id.numpy(), np.zeros(2, np.float32))), 64)
    inside = ((found.vertices > low) & (found.vertices < high)).all(axis=1).sum()
    assert inside > 2 * ((plain.vertices > low) & (plain.vertices < high)).all(axis=1).sum()
    assert cKDTree(found.vertices).query(plain.vertices)[0].max() < 0.02


def test_interpolated_deformation_moves_the_surface_less_than_a_tenth_of_a_voxel(sphere_nphm):
    """Extraction asks for the deformation at every second node: against the field evaluated at every node."""
    head = sphere_nphm.at(torch.from_numpy(code(sphere_nphm, (1.0, 0.0), seed=7)))
    grid = Grid((-0.5, -0.5, -0.5), 1.0 / 80, (80, 80, 80))

    class Interpolated:
        def coordinates(self, points):
            return head.template_coordinates(torch.from_numpy(points)).numpy()

        def value(self, points, coordinates):
            return head.value(torch.from_numpy(points), torch.from_numpy(coordinates)).numpy()

        distance = value

    def exact(points):
        at = torch.from_numpy(points)
        return head.value(at, head.template_coordinates(at)).numpy()

    vertices, _ = extract_surface(Interpolated(), grid)
    expected, _ = extract_surface(PlainField(exact), grid)
    assert cKDTree(expected).query(vertices)[0].max() < 0.1 * grid.spacing
    assert cKDTree(vertices).query(expected)[0].max() < 0.1 * grid.spacing
