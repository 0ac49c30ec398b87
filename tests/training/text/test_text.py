"""The embedded open_clip model: its projection and its contrastive training."""

import numpy as np
import pytest
import torch

from clip_head.training.text.contrastive import augmented, contrast, resized
from clip_head.training.text.initialise import partial_whitening, sentences_of_heads


def test_the_contrast_is_least_where_images_lie_with_their_own_captions():
    images = torch.nn.functional.normalize(torch.randn(5, 8, generator=torch.Generator().manual_seed(0)), dim=-1)
    own = images.repeat_interleave(3, dim=0)  # three captions each
    right = contrast(20 * images @ own.T)
    assert right < contrast(20 * images @ own.roll(3, dims=0).T) - 1
    single = 20 * images @ images.T
    labels = torch.arange(5)
    usual = torch.nn.functional.cross_entropy(single, labels) + torch.nn.functional.cross_entropy(single.T, labels)
    torch.testing.assert_close(contrast(single), usual / 2)


def test_whitening_raises_the_moments_to_what_is_left_of_their_power():
    rng = np.random.default_rng(0)
    turn = np.linalg.qr(rng.standard_normal((6, 6)))[0]
    deviations = np.array([3.0, 2.0, 1.0, 0.5, 0.1, 1e-6])
    states = ((rng.standard_normal((4000, 6)) * deviations) @ turn.T + turn[0]).astype(np.float32)
    matrix = partial_whitening(states, power=0.5, floor=1e-4).astype(np.float64)
    np.testing.assert_allclose(matrix, matrix.T, atol=1e-5)
    before = np.linalg.eigvalsh(states.T.astype(np.float64) @ states / len(states))
    after = np.linalg.eigvalsh(matrix @ (states.T.astype(np.float64) @ states / len(states)) @ matrix)
    large = before > 1e-4 * before.max()
    ratio = after[large] / np.sqrt(before[large])
    np.testing.assert_allclose(ratio, ratio[0], rtol=1e-3)
    gains = np.linalg.eigvalsh(matrix)
    assert (gains**2).mean() == pytest.approx(1, rel=1e-3)
    assert gains.max() / gains.min() < 1e-4**-0.25 * 1.01  # what hardly ever varies is not amplified further


def test_sentences_of_heads_are_many_and_the_same_for_a_seed():
    sentences = sentences_of_heads(60, 0)
    assert sentences == sentences_of_heads(60, 0)
    assert len(set(sentences)) > 50


def test_augmented_renders_stay_renders():
    images = torch.zeros(6, 32, 32, 3, dtype=torch.uint8)
    images[:, 8:24, 8:24] = torch.tensor([200, 40, 40], dtype=torch.uint8)
    pixels = augmented(images, np.random.default_rng(0))
    assert pixels.shape == (6, 3, 32, 32)
    assert pixels.min() >= -1
    assert pixels.max() <= 1
    middle = pixels[:, :, 14:18, 14:18].mean(dim=(2, 3))
    assert (middle[:, 0] > middle[:, 1] + 0.5).all()  # still red, and still there
    assert not torch.equal(pixels[0], pixels[1])


def test_images_are_brought_to_the_size_that_the_tower_looks_at():
    images = np.full((3, 40, 40, 3), 77, np.uint8)
    assert (resized(images, 16) == 77).all()
    assert resized(images, (16, 24)).shape == (3, 16, 24, 3)
