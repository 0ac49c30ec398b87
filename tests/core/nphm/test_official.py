"""The official networks give the values of their definition, written out here as plain loops in float64."""

import numpy as np
import pytest
import torch

from clip_head.core.nphm.official import ExpressionDeformer, IdentityDecoder

STORED = 24
IDENTITY_SHAPES = {
    "ensembled_deep_sdf.lin0.weight": (STORED, 200, 99),
    "ensembled_deep_sdf.lin1.weight": (STORED, 101, 200),
    "ensembled_deep_sdf.lin2.weight": (STORED, 200, 200),
    "ensembled_deep_sdf.lin3.weight": (STORED, 200, 200),
    "ensembled_deep_sdf.lin4.weight": (STORED, 1, 200),
    "mlp_pos.0.weight": (256, 64),
    "mlp_pos.2.weight": (256, 256),
    "mlp_pos.4.weight": (117, 256),
}
EXPRESSION_SHAPES = {
    "compressor.0.weight": (32, 1461),
    "defDeepSDF.lin0.weight": (512, 235),
    "defDeepSDF.lin1.weight": (512, 512),
    "defDeepSDF.lin2.weight": (277, 512),
    "defDeepSDF.lin3.weight": (512, 512),
    "defDeepSDF.lin4.weight": (512, 512),
    "defDeepSDF.lin5.weight": (512, 512),
    "defDeepSDF.lin6.weight": (3, 512),
}


def random_state(shapes, generator):
    """Random numbers of the true shapes, scaled so that values stay of order one through the layers."""
    state = {}
    for name, shape in shapes.items():
        state[name] = torch.randn(shape, generator=generator) * (1.5 / shape[-1]) ** 0.5
        state[name.replace("weight", "bias")] = torch.randn(shape[:-1], generator=generator) * 0.1
    return state


@pytest.fixture(scope="module")
def identity():
    generator = torch.Generator().manual_seed(1)
    anchors = torch.rand(39, 3, generator=generator) * 0.8 - 0.4
    state = random_state(IDENTITY_SHAPES, generator)
    state["mlp_pos.4.weight"] *= 0.05
    decoder = IdentityDecoder(anchors)
    decoder.load_state_dict(state, strict=True)
    z_id = torch.randn(1344, generator=generator) * 0.5
    points = anchors[torch.randint(39, (12,), generator=generator)] + torch.randn(12, 3, generator=generator) * 0.15
    return decoder.eval(), state, anchors, z_id, points


@pytest.fixture(scope="module")
def expression():
    generator = torch.Generator().manual_seed(2)
    state = random_state(EXPRESSION_SHAPES, generator)
    deformer = ExpressionDeformer()
    deformer.load_state_dict(state, strict=True)
    codes = torch.randn(200, generator=generator), torch.randn(1344, generator=generator)
    return deformer.eval(), state, *codes, *torch.randn((44, 3), generator=generator).split([39, 5])


def as_arrays(state):
    return {name: tensor.double().numpy() for name, tensor in state.items()}


def softplus(x):
    return np.logaddexp(0.0, 100.0 * x) / 100.0


def member_value(state, stored, inputs):
    def linear(layer, x):
        name = f"ensembled_deep_sdf.lin{layer}"
        return state[f"{name}.weight"][stored] @ x + state[f"{name}.bias"][stored]

    x = softplus(linear(0, inputs))
    x = softplus(linear(1, x))
    x = np.concatenate([x, inputs]) / np.sqrt(2.0)
    x = softplus(linear(2, x))
    x = softplus(linear(3, x))
    return linear(4, x)[0]


def plain_anchors(state, mean_anchors, z_id):
    x = np.maximum(state["mlp_pos.0.weight"] @ z_id[:64] + state["mlp_pos.0.bias"], 0)
    x = np.maximum(state["mlp_pos.2.weight"] @ x + state["mlp_pos.2.bias"], 0)
    return mean_anchors + (state["mlp_pos.4.weight"] @ x + state["mlp_pos.4.bias"]).reshape(39, 3)


def plain_identity(state, mean_anchors, z_id, point):
    anchors = plain_anchors(state, mean_anchors, z_id)
    total = weights = 0.0
    for member in range(40):
        local = point - anchors[member] if member < 39 else point.copy()
        weight = np.exp(-((np.linalg.norm(local) + 1e-5) ** 2) / 0.01) if member < 39 else np.exp(-0.2 / 0.01)
        if member < 32 and member % 2 == 1:
            local = local * [-1, 1, 1]
        stored = member // 2 if member < 32 else member - 16
        code = z_id[64 + 32 * member : 64 + 32 * (member + 1)]
        total += weight * member_value(state, stored, np.concatenate([local, z_id[:64], code]))
        weights += weight
    return total / (weights + 1e-6)


def plain_expression(state, vertex, z_exp, z_id, anchors):
    compressed = state["compressor.0.weight"] @ np.concatenate([z_id, anchors.ravel()]) + state["compressor.0.bias"]
    inputs = np.concatenate([vertex, compressed, z_exp])
    x = inputs
    for layer in range(7):
        if layer == 3:
            x = np.concatenate([x, inputs]) / np.sqrt(2.0)
        x = state[f"defDeepSDF.lin{layer}.weight"] @ x + state[f"defDeepSDF.lin{layer}.bias"]
        if layer < 6:
            x = softplus(x)
    return x


def test_identity_has_the_released_number_of_parameters(identity):
    assert sum(p.numel() for p in identity[0].parameters()) == 3_014_149


def test_expression_has_the_released_number_of_parameters(expression):
    assert sum(p.numel() for p in expression[0].parameters()) == 1_361_880


def test_identity_gives_the_values_of_its_definition(identity):
    decoder, state, anchors, z_id, points = identity
    with torch.no_grad():
        found = decoder(points, z_id).numpy()
    expected = [
        plain_identity(as_arrays(state), anchors.double().numpy(), z_id.double().numpy(), p)
        for p in points.double().numpy()
    ]
    assert np.abs(expected).max() > 0.05
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_every_point_is_decoded_alike_wherever_it_stands_in_the_batch(identity):
    decoder, _, _, z_id, points = identity
    with torch.no_grad():
        together = decoder(points, z_id)
        alone = torch.cat([decoder(p[None], z_id) for p in points])
    torch.testing.assert_close(together, alone, atol=1e-6, rtol=0)


def test_distance_has_the_sign_of_the_value_and_does_not_collapse(identity):
    decoder, _, _, z_id, _ = identity
    far = torch.tensor([[3.0, 3.0, 3.0], [0.9, -1.2, 0.4]])
    with torch.no_grad():
        value, distance = decoder(far, z_id), decoder.distance(far, z_id)
    assert (value.sign() == distance.sign()).all()
    assert (distance.abs() > 50 * value.abs()).all()


def test_expression_gives_the_values_of_its_definition(expression):
    deformer, state, z_exp, z_id, anchors, vertices = expression
    with torch.no_grad():
        found = deformer(vertices, z_exp, z_id, anchors).numpy()
    arrays = [t.double().numpy() for t in (z_exp, z_id, anchors)]
    expected = [plain_expression(as_arrays(state), v, *arrays) for v in vertices.double().numpy()]
    assert np.abs(expected).max() > 0.05
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_a_state_dict_of_other_shapes_is_refused(identity):
    wrong = dict(identity[1])
    wrong["mlp_pos.0.weight"] = torch.zeros(128, 64)
    with pytest.raises(RuntimeError, match=r"mlp_pos.0.weight"):
        IdentityDecoder(torch.zeros(39, 3)).load_state_dict(wrong, strict=True)
