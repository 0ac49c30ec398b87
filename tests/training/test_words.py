"""Renders and the contrastive training of words."""

import numpy as np
import torch

from clip_head.training.words_clip import contrast
from clip_head.training.words_renders import View, draw


def test_the_contrast_is_least_where_images_lie_with_their_own_captions():
    images = torch.nn.functional.normalize(torch.randn(5, 8, generator=torch.Generator().manual_seed(0)), dim=-1)
    own = images.repeat_interleave(3, dim=0)  # three captions each
    right = contrast(20 * images @ own.T)
    assert right < contrast(20 * images @ own.roll(3, dims=0).T) - 1
    single = 20 * images @ images.T
    labels = torch.arange(5)
    usual = torch.nn.functional.cross_entropy(single, labels) + torch.nn.functional.cross_entropy(single.T, labels)
    torch.testing.assert_close(contrast(single), usual / 2)


def test_a_render_shows_the_near_side_from_the_side_of_the_viewer():
    corners = np.float32([[x, y, z] for x in (-0.3, 0.3) for y in (-0.3, 0.3) for z in (-0.4, 0.1)])
    from scipy.spatial import ConvexHull

    hull = ConvexHull(corners)
    faces = hull.simplices.astype(np.int32)
    a, b, c = (corners[faces[:, k]] for k in range(3))
    inward = np.einsum("fc,fc->f", np.cross(b - a, c - a), a - corners.mean(axis=0)) < 0
    faces[inward] = faces[inward][:, ::-1]
    colours = np.where(corners[:, :1] > 0, np.float32([[1, 0, 0]]), np.float32([[0, 0, 1]]))
    image = draw(corners, faces, colours.astype(np.float32), View(0.0, 0.0, 0.5), size=64)
    assert image.shape == (64, 64, 3)
    assert image[0, 0].tolist() == [128, 128, 128]
    left, right = image[35, 22].astype(int), image[35, 42].astype(int)
    assert left[2] > left[0] + 40  # the head's right (-x) is on the viewer's left
    assert right[0] > right[2] + 40
