"""Captioned renders: what the camera sees, where z_id puts a head, and pictures by diffusion."""

import numpy as np
import pytest
import torch
from scipy.spatial import ConvexHull

from clip_head.core.compat import prepare_torchvision
from clip_head.core.errors import ModelError
from clip_head.core.fit.identity import displacement_basis
from clip_head.core.nphm.embedded import EmbeddedNPHM
from clip_head.core.nphm.embedded_network import EmbeddedConfig
from clip_head.training.text.diffusion import load_painter
from clip_head.training.text.renders import (
    OVERSAMPLING,
    SIZE,
    View,
    hair_fraction,
    normal_map,
    rasterised,
    shaded,
)


@pytest.fixture
def box():
    """Vertices and outward faces of a box of the size of a head."""
    corners = np.float32([[x, y, z] for x in (-0.3, 0.3) for y in (-0.3, 0.3) for z in (-0.4, 0.1)])
    faces = ConvexHull(corners).simplices.astype(np.int32)
    a, b, c = (corners[faces[:, k]] for k in range(3))
    inward = np.einsum("fc,fc->f", np.cross(b - a, c - a), a - corners.mean(axis=0)) < 0
    faces[inward] = faces[inward][:, ::-1]
    return corners, faces


def test_a_render_shows_the_near_side_from_the_side_of_the_viewer(box):
    corners, faces = box
    colours = np.where(corners[:, :1] > 0, np.float32([[1, 0, 0]]), np.float32([[0, 0, 1]])).astype(np.float32)
    image = shaded(rasterised(corners, faces, View(0.0, 0.0, 0.5), 64 * OVERSAMPLING), colours, 0.5)
    assert image.shape == (64, 64, 3)
    assert image[0, 0].tolist() == [128, 128, 128]
    left, right = image[35, 22].astype(int), image[35, 42].astype(int)
    assert left[2] > left[0] + 40  # the head's right (-x) is on the viewer's left
    assert right[0] > right[2] + 40


def test_a_normal_map_looks_at_the_camera_where_nothing_is_and_turns_with_the_head(box):
    corners, faces = box
    hint = normal_map(rasterised(corners, faces, View(0.0, 0.0, 0.5), 64)).astype(int)
    assert hint[0, 0].tolist() == [128, 128, 255]
    turned = normal_map(rasterised(corners, faces, View(0.8, 0.0, 0.5), 64)).astype(int)
    covered = (turned != [128, 128, 255]).any(axis=-1)
    lengths = np.linalg.norm(turned[covered] / 127.5 - 1, axis=1)
    np.testing.assert_allclose(lengths, 1, atol=0.02)
    assert turned[32, 40, 0] > hint[32, 40, 0]  # turned to its left, the front looks to the viewer's right


def test_a_head_is_affine_in_its_code():
    sizes = (2, 1, 16, (5, 5, 5), (0, 0, 0), 0.1, (2, 2, 2), (0, 0, 0), 0.1, ("cap",), ("lift",), ("all",), 3, 1, 1)
    torch.manual_seed(0)
    network = EmbeddedNPHM(EmbeddedConfig(*sizes))
    network.mean_anchors.uniform_(-0.4, 0.4)
    network.radii.fill_(0.3)
    points = torch.rand(50, 3) - 0.5
    z_id = torch.zeros(network.id_size)
    z_id[: 2 + 39] = torch.randn(2 + 39)
    with torch.no_grad():
        asked = network.members(z_id).displacement(points)
    displacements = displacement_basis(network, points.numpy())
    mean, axes = displacements[0].ravel(), displacements[1:].reshape(len(displacements) - 1, -1)
    np.testing.assert_allclose((mean + z_id[: 2 + 39].numpy() @ axes).reshape(-1, 3), asked.numpy(), atol=1e-5)


def test_the_hairline_is_smooth():
    steps = np.arange(40, dtype=np.int32)
    faces = np.stack([steps, steps + 1, steps + 2], axis=1)
    fraction = hair_fraction(np.arange(42) >= 20, faces)
    assert fraction[0] == 0
    assert fraction[-1] == 1
    assert (np.diff(fraction) >= 0).all()
    assert ((fraction > 0) & (fraction < 1)).any()


def test_diffusion_paints_the_normals_and_repeats_itself(tmp_path):
    folder = tmp_path / "tiny diffusion"
    save_tiny_pipeline(folder)
    paint = load_painter(folder, SIZE)
    hint = np.full((64, 64, 3), (128, 128, 255), np.uint8)
    first = paint(hint, "a man", 0)
    assert first.shape == (SIZE, SIZE, 3)
    assert first.dtype == np.uint8
    np.testing.assert_array_equal(paint(hint, "a man", 0), first)
    assert (paint(hint, "a man", 1) != first).any()


def test_a_folder_without_a_pipeline_is_named(tmp_path):
    with pytest.raises(ModelError, match="ControlNet") as caught:
        load_painter(tmp_path, SIZE)
    assert str(tmp_path) in str(caught.value)


def save_tiny_pipeline(folder):
    """A StableDiffusionControlNetPipeline of the true classes, untrained, a few thousand numbers large."""
    prepare_torchvision()
    from diffusers import (
        AutoencoderKL,
        ControlNetModel,
        DDIMScheduler,
        StableDiffusionControlNetPipeline,
        UNet2DConditionModel,
    )
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

    torch.manual_seed(0)
    channels = {"block_out_channels": (8, 16), "norm_num_groups": 4, "layers_per_block": 1}
    cross = {"cross_attention_dim": 16, "attention_head_dim": 4}
    downward = ("DownBlock2D", "CrossAttnDownBlock2D")
    upward = ("CrossAttnUpBlock2D", "UpBlock2D")
    unet = UNet2DConditionModel(sample_size=8, down_block_types=downward, up_block_types=upward, **channels, **cross)
    controlnet = ControlNetModel(
        down_block_types=downward, conditioning_embedding_out_channels=(8, 16), **channels, **cross
    )
    vae = AutoencoderKL(
        down_block_types=("DownEncoderBlock2D",) * 2,
        up_block_types=("UpDecoderBlock2D",) * 2,
        sample_size=16,
        **channels,
    )
    words = ["<|startoftext|>", "<|endoftext|>", "a</w>", "man</w>", "a", "m", "n</w>", "an</w>"]
    vocabulary = folder.parent / "vocab.json"
    vocabulary.write_text("{" + ", ".join(f'"{word}": {k}' for k, word in enumerate(words)) + "}")
    merges = folder.parent / "merges.txt"
    merges.write_text("#version: 0.2\na n</w>\nm an</w>\n")
    tokenizer = CLIPTokenizer(str(vocabulary), str(merges), model_max_length=16)
    sizes = {"hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    ends = {"bos_token_id": 0, "eos_token_id": 1, "pad_token_id": 1}
    text = CLIPTextModel(CLIPTextConfig(vocab_size=len(words), max_position_embeddings=16, **sizes, **ends))
    StableDiffusionControlNetPipeline(
        vae=vae,
        text_encoder=text,
        tokenizer=tokenizer,
        unet=unet,
        controlnet=controlnet,
        scheduler=DDIMScheduler(),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    ).save_pretrained(folder)
