"""What a number of painted pictures are like as a whole: how sharp, and how near to the teacher's."""

from __future__ import annotations

import numpy as np
from scipy.linalg import sqrtm
from scipy.ndimage import gaussian_laplace

from clip_head.core.text import TextModel, encode_images
from clip_head.core.types import Bytes


def sharpness(pictures: list[Bytes]) -> float:
    """Mean strength of fine detail in the face, which the canonical layout holds in the middle: absolute Laplacian of a
    Gaussian of one pixel, in steps of 255.

    pictures: (S, S, 3) each, of one size.
    """
    side = len(pictures[0])
    face = (slice(side * 3 // 10, side * 7 // 10), slice(side // 4, side * 3 // 4))
    return float(np.mean([np.abs(gaussian_laplace(picture.mean(axis=2)[face], 1.0)).mean() for picture in pictures]))


def frechet(text: TextModel, painted: list[Bytes], targets: list[Bytes]) -> float:
    """Frechet distance of both sets' faces in the features of the embedded image tower. It is no FID, whose features
    are another network's: it compares painters of this project with each other.

    text: the text model, with the image tower.
    painted, targets: pictures of the painter and of the teacher.
    """
    faces = [np.stack([face_of(picture) for picture in pictures]) for pictures in (painted, targets)]
    features = [np.asarray(encode_images(text, images), np.float64) for images in faces]
    means, covariances = [f.mean(axis=0) for f in features], [np.cov(f.T) for f in features]
    root = np.real(sqrtm(covariances[0] @ covariances[1]))
    return float(((means[0] - means[1]) ** 2).sum() + np.trace(covariances[0] + covariances[1] - 2 * root))


def face_of(picture: Bytes) -> Bytes:
    """The middle of a canonical picture (S, S, 3), square."""
    side = len(picture)
    return picture[side // 5 : side * 4 // 5, side // 5 : side * 4 // 5]
