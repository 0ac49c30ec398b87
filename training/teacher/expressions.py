"""Facial expressions: 52 ARKit-named actions of the base mesh and 23 named mixtures of them.

The actions are plain displacements of the base mesh: the same millimetres for every identity.
"""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter1d, maximum_filter1d
from scipy.spatial import cKDTree

from clip_head.core.types import Bools, Floats
from clip_head.core.uv.raster import rasterise

from .base_mesh import facial_actions, load_target
from .dataset import MOUTH, Expressions
from .identities import CANONICAL_JAW
from .template import Topology

#: Pixels in which the slit between the lips is measured, how far beyond it each lip goes, and the width over which the
#: lips' surroundings follow, units (0.1, 0.1 and 6 mm).
_SLIT_PIXEL, _PRESSED, _LIP_HEIGHT = 0.0004, 0.0004, 0.025


def _both(**weights: float) -> dict[str, float]:
    """Weights of actions that come in a left and a right one."""
    return {f"{name}{side}": weight for name, weight in weights.items() for side in ("Left", "Right")}


#: What a caption calls it -> weights of the actions. Weights beyond 1 exaggerate.
TABLE: dict[str, dict[str, float]] = {
    "neutral": {},
    "happy": {**_both(mouthSmile=1.0, cheekSquint=0.7, eyeSquint=0.4, mouthDimple=0.3)},
    "laughing": {
        **_both(mouthSmile=1.0, cheekSquint=1.0, eyeSquint=0.8, mouthUpperUp=0.6, mouthLowerDown=0.5),
        "jawOpen": 0.55, "browInnerUp": 0.2,
    },
    "sad": {
        **_both(mouthFrown=1.0, eyeSquint=0.2, eyeLookDown=0.4, eyeBlink=0.2),
        "browInnerUp": 1.0, "mouthShrugLower": 0.5,
    },
    "crying": {
        **_both(mouthFrown=1.0, eyeSquint=1.0, eyeBlink=0.55, mouthStretch=0.7, mouthLowerDown=0.7, cheekSquint=0.8),
        "browInnerUp": 1.0, "jawOpen": 0.3,
    },
    "angry": {
        **_both(browDown=1.2, noseSneer=0.7, mouthPress=0.8, mouthFrown=0.5, eyeSquint=0.6),
        "jawForward": 0.3,
    },
    "furious": {
        **_both(browDown=1.2, noseSneer=1.0, mouthUpperUp=0.8, mouthLowerDown=0.9, eyeWide=0.3, mouthStretch=0.4),
        "jawOpen": 0.75,
    },
    "surprised": {
        **_both(eyeWide=1.0, browOuterUp=1.0),
        "browInnerUp": 1.0, "jawOpen": 0.75,
    },
    "fearful": {
        **_both(eyeWide=1.0, mouthStretch=1.0, mouthLowerDown=0.4, browOuterUp=0.2),
        "browInnerUp": 1.0, "jawOpen": 0.3,
    },
    "disgusted": {
        **_both(noseSneer=1.2, mouthUpperUp=0.9, browDown=0.7, eyeSquint=0.7, mouthFrown=0.5, cheekSquint=0.6),
        "mouthShrugLower": 0.4,
    },
    "contemptuous": {
        "mouthSmileLeft": 0.8, "mouthDimpleLeft": 1.0, "mouthUpperUpLeft": 0.3, "mouthPressRight": 0.6,
        "browDownRight": 0.7, "browOuterUpLeft": 0.7, "eyeSquintRight": 0.5, "eyeSquintLeft": 0.4,
    },
    "pouting": {
        **_both(mouthFrown=0.7, browDown=0.5),
        "mouthShrugLower": 1.0, "mouthPucker": 0.6, "mouthRollLower": -0.3,
    },
    "kissing": {**_both(eyeBlink=0.25), "mouthPucker": 1.2, "mouthFunnel": 0.25},
    "smirking": {
        "mouthSmileRight": 1.0, "mouthDimpleRight": 0.7, "mouthRight": 0.4, "cheekSquintRight": 0.6,
        "browOuterUpRight": 0.4,
    },
    "winking": {
        **_both(mouthSmile=0.8),
        "eyeBlinkLeft": 1.0, "cheekSquintLeft": 0.9, "browDownLeft": 0.4, "browOuterUpRight": 0.4, "jawOpen": 0.1,
    },
    "sleeping": {**_both(eyeBlink=1.0)},
    "squinting": {**_both(eyeSquint=1.0, eyeBlink=0.35, cheekSquint=0.9, browDown=0.6, noseSneer=0.3)},
    "yawning": {**_both(eyeBlink=0.9, browOuterUp=0.3, eyeSquint=0.6), "jawOpen": 1.0, "browInnerUp": 0.5},
    "whistling": {"mouthFunnel": 0.7, "mouthPucker": 0.8, "browInnerUp": 0.4, "cheekPuff": 0.15},
    "sticking the tongue out": {**_both(mouthSmile=0.4, eyeSquint=0.4), "tongueOut": 1.0, "jawOpen": 0.45},
    "puffing the cheeks": {**_both(mouthPress=0.5, browOuterUp=0.3), "cheekPuff": 1.0, "mouthPucker": 0.3},
    "worried": {
        **_both(mouthStretch=0.4, mouthFrown=0.4, browDown=0.3, mouthPress=0.3),
        "browInnerUp": 1.0, "mouthRollLower": 0.4,
    },
    "grimacing": {
        **_both(mouthStretch=1.0, mouthUpperUp=1.0, mouthLowerDown=1.3, eyeSquint=0.6, browDown=0.6, mouthSmile=0.4),
        "jawOpen": 0.12,
    },
}  # fmt: skip


def build_expressions(topology: Topology, vertices: Floats, regions: dict[str, Bools]) -> Expressions:
    """The actions on the template's vertices (V, 3). regions as of template.build_regions."""
    actions = facial_actions()
    basis = np.stack([topology.subdivision @ load_target(f"facial/{name}")[topology.base] for name in actions])
    closing = -CANONICAL_JAW * basis[actions.index("jawOpen")]
    closing = closing + _meeting(topology, vertices + closing, regions)
    basis[actions.index("tongueOut")] += _tongue(vertices, regions)
    return Expressions(tuple(actions), basis.astype(np.float32), TABLE, closing.astype(np.float32))


def _meeting(topology: Topology, vertices: Floats, regions: dict[str, Bools]) -> Floats:
    """What the jaw leaves open between the lips (V, 3): upper and lower lip move by half the slit's height, and by a
    little more, since other heads' lips leave more open and lips that cross are parted."""
    lips = vertices[regions["upper_lip"] | regions["lower_lip"]]
    low, high = lips.min(axis=0), lips.max(axis=0)
    width, height = np.ceil((high - low)[:2] / _SLIT_PIXEL).astype(int) + 1
    pixels = np.stack([vertices[:, 0] - low[0], high[1] - vertices[:, 1]], axis=1) / _SLIT_PIXEL
    face = rasterise(pixels, -vertices[:, 2], topology.faces, int(height), int(width))[0]
    seen = (face >= 0) & (topology.part[face] == MOUTH)
    column = np.flatnonzero(seen.any(axis=0))
    row = (seen * np.arange(height)[:, None]).sum(axis=0)[column] / seen.sum(axis=0)[column]
    at = low[0] + _SLIT_PIXEL * np.arange(width)
    opened = gaussian_filter1d(maximum_filter1d(seen.sum(axis=0) * _SLIT_PIXEL, 9), 9.0)
    middle = gaussian_filter1d(np.interp(np.arange(width), column, high[1] - row * _SLIT_PIXEL), 9.0)
    x, y, z = vertices.T
    off = y - np.interp(x, at, middle)
    slit = np.interp(x, at, opened, left=0.0, right=0.0)
    moved = (0.5 * slit + _PRESSED * np.clip(slit / 0.002, 0, 1)) * np.exp(-((off / _LIP_HEIGHT) ** 2)) * (z > low[2])
    return (np.where(off > 0, -moved, moved)[:, None] * np.array([0.0, 1.0, 0.0])).astype(np.float32)


def _tongue(vertices: Floats, regions: dict[str, Bools]) -> Floats:
    """The template has no tongue: the part of the membrane that shows between the lips is drawn out instead."""
    x, y, _ = vertices.T
    middle = np.abs(x) < 0.02
    slit = (y[regions["upper_lip"] & middle].min() + y[regions["lower_lip"] & middle].max()) / 2
    to_lips, _ = cKDTree(vertices[regions["upper_lip"] | regions["lower_lip"]]).query(vertices)
    behind = np.clip((to_lips - 0.015) / 0.015, 0, 1) * regions["mouth"]
    bump = np.exp(-((x / 0.042) ** 4) - ((y - slit + 0.004) / 0.016) ** 4) * behind
    return (bump[:, None] * np.array([0.0, -0.055, 0.14])).astype(np.float32)
