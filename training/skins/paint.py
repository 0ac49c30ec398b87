"""Make-up as soft masks in the template's own space, mirrored left and right: joker, clown, skull and milder ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from clip_head.core.models import EMBEDDED
from clip_head.core.texture.procedural import fractal_noise
from clip_head.core.texture.template import load_template
from clip_head.core.types import Floats

WHITE, BLACK, RED = (0.93, 0.92, 0.90), (0.045, 0.04, 0.05), (0.68, 0.03, 0.06)


@dataclass(frozen=True)
class Canvas:
    """Where the N painted points lie: at (N, 3) on the template; lips, ears (N,) 0 to 1; eyes (N,) distance from the
    eyes' opening seen from the front, in units; seed of the noise."""

    at: Floats
    lips: Floats
    ears: Floats
    eyes: Floats
    seed: int

    @property
    def x(self) -> Floats:
        """Distance from the plane of symmetry."""
        return np.abs(self.at[:, 0])

    @property
    def y(self) -> Floats:
        return self.at[:, 1]

    @property
    def z(self) -> Floats:
        return self.at[:, 2]

    @property
    def scalp_height(self) -> Floats:
        """Height over the plane that bounds the scalp."""
        return load_template(EMBEDDED / "texture").scalp_height(self.at)

    def noise(self, cells_per_unit: float, layer: int) -> Floats:
        """(N,) fractal noise of about -1 to 1."""
        return fractal_noise(self.at * np.float32(cells_per_unit), self.seed + 101 * layer, 2)


def step(low: float, high: float, values: Floats) -> Floats:
    """0 below low, 1 above high, smooth between; low may exceed high, which turns it round."""
    t = np.clip((values - low) / (high - low), 0, 1)
    return (t * t * (3 - 2 * t)).astype(np.float32)


def blob(canvas: Canvas, x: float, y: float, rx: float, ry: float, soft: float = 0.25, rough: float = 0.0) -> Floats:
    """(N,) an ellipse on both sides of the face's front, soft by a share of its radius, its rim torn by noise."""
    distance = np.hypot((canvas.x - x) / rx, (canvas.y - y) / ry)
    if rough:
        distance = distance + rough * canvas.noise(28, 1)
    return step(1 + soft, 1 - soft, distance) * step(-0.03, 0.06, canvas.z)


def stroke(canvas: Canvas, start: tuple[float, float], end: tuple[float, float], wide: float, tip: float) -> Floats:
    """(N,) a brush stroke on both sides of the face, of half width `wide` at its start and `tip` at its end."""
    a, d = np.array(start), np.array(end) - np.array(start)
    px, py = canvas.x - a[0], canvas.y - a[1]
    t = np.clip((px * d[0] + py * d[1]) / (d @ d), 0, 1)
    width = wide + (tip - wide) * t
    return step(1.25, 0.75, np.hypot(px - t * d[0], py - t * d[1]) / width) * step(-0.03, 0.06, canvas.z)


def cover(rgb: Floats, colour: tuple[float, float, float], opacity: Floats) -> Floats:
    """Colour laid over rgb (N, 3)."""
    return rgb + opacity[:, None] * (np.array(colour, dtype=np.float32) - rgb)


def face_mask(canvas: Canvas, rough: float = 0.0) -> Floats:
    """(N,) the face from hairline to under the chin and to before the ears."""
    tear = rough * canvas.noise(14, 2)
    edge = canvas.scalp_height + 0.04 * tear
    front = step(-0.16, -0.06, canvas.z + 0.05 * tear) * step(0.10, 0.055, edge)
    throat = 0.65 * np.maximum(0.1 - canvas.z, 0)
    return front * step(-0.45, -0.41, canvas.y - throat + 0.02 * tear) * (1 - canvas.ears)


def natural(rgb: Floats, canvas: Canvas, rng: np.random.Generator) -> Floats:
    """A little blush, eyeliner and eyeshadow."""
    rgb = cover(rgb, (0.80, 0.36, 0.34), 0.28 * blob(canvas, 0.17, -0.09, 0.07, 0.05, 0.8))
    rgb = cover(rgb, (0.42, 0.27, 0.22), 0.45 * step(0.028, 0.0, canvas.eyes) * step(0.03, 0.05, canvas.y))
    return cover(rgb, (0.06, 0.04, 0.04), 0.8 * step(0.008, 0.003, canvas.eyes))


def smoky(rgb: Floats, canvas: Canvas, rng: np.random.Generator) -> Floats:
    """Dark lids and rims, a hint of blush."""
    rgb = cover(rgb, (0.75, 0.35, 0.34), 0.2 * blob(canvas, 0.17, -0.09, 0.07, 0.05, 0.8))
    upper = 0.9 * step(0.038, 0.010, canvas.eyes) * step(0.012, 0.045, canvas.y)
    lower = 0.75 * step(0.018, 0.004, canvas.eyes)
    return cover(rgb, (0.07, 0.055, 0.07), np.maximum(upper, lower) * step(0.0, 0.06, canvas.z))


def joker(rgb: Floats, canvas: Canvas, rng: np.random.Generator) -> Floats:
    """White greasepaint, dark eye sockets, a smeared red mouth wider than the lips."""
    streaks = np.clip(0.93 + 0.16 * canvas.noise(22, 3), 0.6, 1.0)
    rgb = cover(rgb, WHITE, face_mask(canvas, 1.0) * streaks)
    sockets = step(0.056, 0.022, canvas.eyes + 0.022 * canvas.noise(20, 4))
    drip = stroke(canvas, (0.125, 0.0), (0.13, -0.115), 0.022, 0.006) * 0.75
    rgb = cover(rgb, BLACK, 0.95 * np.maximum(sockets, drip) * step(0.0, 0.06, canvas.z))
    rise = float(rng.uniform(0.07, 0.11))
    grin = stroke(canvas, (0.075, -0.254), (0.205, -0.254 + rise), 0.026, 0.010)
    mouth = np.maximum(blob(canvas, 0.0, -0.254, 0.112, 0.062, 0.16, 0.12), grin)
    torn = np.clip(0.95 + 0.25 * canvas.noise(30, 5), 0.55, 1.0)
    return cover(rgb, RED, np.maximum(mouth * torn, canvas.lips))


def clown(rgb: Floats, canvas: Canvas, rng: np.random.Generator) -> Floats:
    """White face, red nose and cheeks, coloured eyes, a wide clean mouth."""
    eyes = [(0.10, 0.25, 0.80), (0.10, 0.55, 0.25), (0.95, 0.75, 0.05), (0.50, 0.15, 0.65)][int(rng.integers(4))]
    rgb = cover(rgb, (0.96, 0.95, 0.94), face_mask(canvas) * 0.97)
    if rng.random() < 0.7:
        rgb = cover(rgb, (0.90, 0.20, 0.22), 0.85 * blob(canvas, 0.19, -0.13, 0.055, 0.055, 0.35))
    shadow = blob(canvas, 0.118, 0.075, 0.062, 0.095, 0.12)
    diamond = step(1.1, 0.9, np.abs(canvas.x - 0.118) / 0.05 + np.abs(canvas.y - 0.035) / 0.17) * step(
        0, 0.06, canvas.z
    )
    rgb = cover(rgb, eyes, shadow if rng.random() < 0.5 else diamond)
    rgb = cover(rgb, BLACK, step(0.008, 0.003, canvas.eyes) * step(0.0, 0.06, canvas.z))
    nose = np.linalg.norm(canvas.at - np.array([0.0, -0.115, 0.27], dtype=np.float32), axis=1)
    rgb = cover(rgb, (0.85, 0.05, 0.06), step(0.085, 0.066, nose))
    smile = stroke(canvas, (0.06, -0.262), (0.165, -0.205), 0.045, 0.024)
    mouth = np.maximum(blob(canvas, 0.0, -0.268, 0.12, 0.066, 0.08), smile)
    return cover(rgb, (0.82, 0.05, 0.08), np.maximum(mouth, canvas.lips))


def skull(rgb: Floats, canvas: Canvas, rng: np.random.Generator) -> Floats:
    """Bone white with black sockets, nose, hollow cheeks and teeth."""
    rgb = cover(rgb, (0.90, 0.88, 0.82), face_mask(canvas, 0.4) * 0.97)
    dark = blob(canvas, 0.115, 0.03, 0.082, 0.078, 0.12)
    nose = step(1.15, 0.85, canvas.x / 0.045 + np.abs(canvas.y + 0.115) / 0.07) * step(0.12, 0.16, canvas.z)
    hollow = 0.8 * blob(canvas, 0.215, -0.19, 0.05, 0.10, 0.5)
    teeth = step(0.25, 0.8, np.cos(canvas.x * 2 * np.pi / 0.03)) * step(0.045, 0.03, np.abs(canvas.y + 0.252))
    line = step(0.008, 0.003, np.abs(canvas.y + 0.252 - 0.35 * np.maximum(canvas.x - 0.1, 0)))
    jaws = np.maximum(0.9 * teeth * step(0.15, 0.135, canvas.x), line * step(0.19, 0.16, canvas.x))
    jaws = jaws * step(0.05, 0.12, canvas.z)
    rgb = cover(rgb, (0.90, 0.88, 0.82), canvas.lips)
    return cover(rgb, BLACK, np.maximum.reduce([dark, nose, hollow, jaws]))


def zombie(rgb: Floats, canvas: Canvas, rng: np.random.Generator) -> Floats:
    """Rotten grey-green skin, sunken eyes, blood at the mouth."""
    luminance = rgb.mean(axis=1, keepdims=True)
    rotten = luminance * np.array([0.86, 1.02, 0.72], dtype=np.float32) + np.float32(0.03)
    rgb = rgb + 0.85 * (rotten - rgb)
    rgb = cover(rgb, (0.20, 0.16, 0.15), 0.7 * step(0.15, 0.6, canvas.noise(9, 3)))
    rgb = cover(rgb, (0.13, 0.08, 0.09), 0.85 * step(0.06, 0.01, canvas.eyes + 0.02 * canvas.noise(20, 4)))
    drip = 0.07 * canvas.noise(16, 6) + 0.3 * np.maximum(canvas.x - 0.05, 0)
    blood = step(-0.36, -0.31, canvas.y - drip) * step(-0.20, -0.235, canvas.y) * step(0.14, 0.09, canvas.x)
    return cover(rgb, (0.36, 0.02, 0.02), 0.9 * np.maximum(blood * step(0.05, 0.1, canvas.z), canvas.lips))


_FLAGS = (
    ((0.0, 0.0, 0.0), (0.80, 0.05, 0.08), (0.98, 0.80, 0.08)),
    ((0.05, 0.45, 0.20), (0.95, 0.95, 0.93), (0.80, 0.08, 0.12)),
    ((0.05, 0.15, 0.55), (0.95, 0.95, 0.93), (0.85, 0.08, 0.12)),
    ((0.35, 0.62, 0.90), (0.97, 0.97, 0.96), (0.35, 0.62, 0.90)),
    ((0.98, 0.85, 0.10), (0.10, 0.25, 0.65), (0.85, 0.08, 0.12)),
)


def football(rgb: Floats, canvas: Canvas, rng: np.random.Generator) -> Floats:
    """A flag of three stripes over the whole face or on both cheeks."""
    flag = _FLAGS[int(rng.integers(len(_FLAGS)))]
    if rng.random() < 0.5:
        where = 0.93 * face_mask(canvas)
        along = canvas.at[:, 0] / 0.13 if rng.random() < 0.5 else -(canvas.y + 0.05) / 0.22
    else:
        where = 0.95 * step(1.06, 0.94, np.maximum(np.abs(canvas.x - 0.175) / 0.06, np.abs(canvas.y + 0.12) / 0.055))
        where = where * step(-0.03, 0.06, canvas.z)
        along = -(canvas.y + 0.12) / 0.036
    for colour, low, high in zip(flag, (-9.0, -0.5, 0.5), (-0.5, 0.5, 9.0), strict=True):
        band = step(low - 0.04, low + 0.04, along) * step(high + 0.04, high - 0.04, along)
        rgb = cover(rgb, colour, where * band * (1 - canvas.lips))
    return rgb


def tribal(rgb: Floats, canvas: Canvas, rng: np.random.Generator) -> Floats:
    """War paint: bars on the cheeks, a mask over the eyes or stripes down the face."""
    colour = [(0.88, 0.86, 0.80), (0.62, 0.06, 0.05), (0.05, 0.05, 0.06), (0.12, 0.25, 0.60)][int(rng.integers(4))]
    second = (0.05, 0.05, 0.06) if colour[0] > 0.1 else (0.62, 0.06, 0.05)
    if rng.random() < 0.5:
        band = step(0.045, 0.035, np.abs(canvas.y - 0.03 - 0.05 * canvas.x)) * step(-0.12, -0.06, canvas.z)
        rgb = cover(rgb, colour, 0.93 * band)
    for k in range(3):
        bar = stroke(canvas, (0.10, -0.075 - 0.042 * k), (0.24, -0.045 - 0.042 * k), 0.012, 0.009)
        rgb = cover(rgb, second if k == 1 else colour, 0.93 * bar)
    stripe = step(0.016, 0.011, canvas.x) * step(0.12, 0.2, canvas.z)
    rgb = cover(rgb, colour, 0.93 * stripe * (1 - canvas.lips) * float(rng.random() < 0.6))
    dots = step(0.25, 0.15, np.hypot(np.mod(canvas.x, 0.05) - 0.025, canvas.y - 0.20) / 0.05)
    return cover(rgb, second, 0.9 * dots * step(0.0, 0.06, canvas.z))


def blue_shadow(rgb: Floats, canvas: Canvas, rng: np.random.Generator) -> Floats:
    """Blue lids."""
    lids = step(0.045, 0.012, canvas.eyes) * step(0.025, 0.05, canvas.y)
    rgb = cover(rgb, (0.12, 0.36, 0.80), 0.85 * lids)
    return cover(rgb, (0.06, 0.04, 0.04), 0.8 * step(0.008, 0.003, canvas.eyes))


def glitter(rgb: Floats, canvas: Canvas, rng: np.random.Generator) -> Floats:
    """Pink lids and specks of gold over lids and cheekbones."""
    rgb = cover(rgb, (0.85, 0.45, 0.65), 0.6 * step(0.045, 0.012, canvas.eyes) * step(0.025, 0.05, canvas.y))
    where = np.maximum(step(0.055, 0.02, canvas.eyes), blob(canvas, 0.2, -0.04, 0.075, 0.05, 0.5))
    specks = step(0.35, 0.6, canvas.noise(120, 7))
    return cover(rgb, (0.98, 0.90, 0.62), 0.9 * where * specks)


def goth(rgb: Floats, canvas: Canvas, rng: np.random.Generator) -> Floats:
    """White powder, black lids and lips."""
    rgb = cover(rgb, (0.92, 0.89, 0.88), 0.7 * face_mask(canvas))
    lids = np.maximum(step(0.045, 0.014, canvas.eyes) * step(0.01, 0.04, canvas.y), step(0.02, 0.006, canvas.eyes))
    wing = stroke(canvas, (0.165, 0.04), (0.225, 0.075), 0.010, 0.003)
    rgb = cover(rgb, BLACK, 0.95 * np.maximum(lids, wing) * step(0.0, 0.06, canvas.z))
    return cover(rgb, (0.05, 0.03, 0.04), 0.95 * step(0.25, 0.75, canvas.lips))


def mime(rgb: Floats, canvas: Canvas, rng: np.random.Generator) -> Floats:
    """A white face, black lines through the eyes, small red lips."""
    rgb = cover(rgb, (0.96, 0.95, 0.94), 0.97 * face_mask(canvas))
    up = stroke(canvas, (0.118, 0.06), (0.118, 0.135), 0.011, 0.003)
    down = stroke(canvas, (0.118, 0.005), (0.118, -0.09), 0.011, 0.003)
    rgb = cover(rgb, BLACK, np.maximum.reduce([up, down, step(0.012, 0.005, canvas.eyes) * step(0, 0.06, canvas.z)]))
    return cover(rgb, (0.72, 0.04, 0.07), step(0.25, 0.75, canvas.lips) * step(0.085, 0.065, canvas.x))


def vampire(rgb: Floats, canvas: Canvas, rng: np.random.Generator) -> Floats:
    """Deathly pale, red-rimmed eyes in shadow, dark red lips, a drop of blood at the mouth."""
    rgb = rgb + 0.72 * (np.array((0.90, 0.885, 0.895), dtype=np.float32) - rgb)
    rgb = cover(rgb, (0.36, 0.20, 0.27), 0.6 * step(0.06, 0.01, canvas.eyes) * step(0.0, 0.06, canvas.z))
    rgb = cover(rgb, (0.45, 0.02, 0.05), 0.9 * step(0.25, 0.75, canvas.lips))
    return cover(rgb, (0.50, 0.01, 0.02), 0.95 * stroke(canvas, (0.075, -0.262), (0.080, -0.355), 0.007, 0.005))


def cat(rgb: Floats, canvas: Canvas, rng: np.random.Generator) -> Floats:
    """A white muzzle, a black nose, whiskers and winged eyes."""
    rgb = cover(rgb, WHITE, 0.9 * blob(canvas, 0.055, -0.2, 0.09, 0.055, 0.2))
    rgb = _whiskers(rgb, canvas)
    wing = stroke(canvas, (0.16, 0.045), (0.23, 0.095), 0.014, 0.003)
    return cover(rgb, BLACK, np.maximum(wing, step(0.018, 0.008, canvas.eyes) * step(0.0, 0.06, canvas.z)))


def tiger(rgb: Floats, canvas: Canvas, rng: np.random.Generator) -> Floats:
    """Orange with black stripes, white around mouth and eyes."""
    rgb = cover(rgb, (0.94, 0.50, 0.08), 0.96 * face_mask(canvas))
    white = np.maximum(blob(canvas, 0.06, -0.22, 0.11, 0.08, 0.2), blob(canvas, 0.125, 0.075, 0.07, 0.06, 0.25))
    rgb = cover(rgb, WHITE, 0.95 * white)
    lines = (((0.27, 0.05), (0.20, 0.02)), ((0.29, -0.05), (0.18, -0.05)), ((0.27, -0.14), (0.18, -0.11)),
             ((0.24, -0.24), (0.17, -0.19)), ((0.0, 0.26), (0.0, 0.13)), ((0.10, 0.26), (0.045, 0.16)),
             ((0.20, 0.22), (0.11, 0.17)))  # fmt: skip
    for start, end in lines:
        rgb = cover(rgb, BLACK, 0.95 * stroke(canvas, start, end, 0.016, 0.004))
    return _whiskers(rgb, canvas)


def _whiskers(rgb: Floats, canvas: Canvas) -> Floats:
    nose = step(1.1, 0.9, canvas.x / 0.05 + np.abs(canvas.y + 0.125) / 0.045) * step(0.15, 0.19, canvas.z)
    rgb = cover(rgb, BLACK, np.maximum(nose, step(0.006, 0.003, canvas.x) * blob(canvas, 0, -0.19, 0.03, 0.045)))
    for k in range(3):
        line = stroke(canvas, (0.10, -0.185 - 0.02 * k), (0.235, -0.14 - 0.045 * k), 0.006, 0.003)
        rgb = cover(rgb, BLACK, line)
    return rgb


def _one_side(canvas: Canvas, side: int) -> Floats:
    return step(-0.004, 0.004, canvas.at[:, 0] * side)


def scar(rgb: Floats, canvas: Canvas, where: str, side: int) -> Floats:
    """A pale, pink-rimmed line on one side.

    The painter's teachers have the cheek's scar a little longer than what is drawn over its pictures (marks.json of the
    texture model): by 3 mm, at the end towards the ear.
    """
    lines = {
        "cheek": ((0.12, -0.20), (0.235, -0.055)),
        "eye": ((0.095, 0.15), (0.145, -0.11)),
        "forehead": ((0.04, 0.23), (0.15, 0.145)),
    }
    if where not in lines:
        return rgb
    here = _one_side(canvas, side) * step(0.002, 0.008, canvas.eyes)
    rim = stroke(canvas, *lines[where], 0.017, 0.011) * here
    rgb = rgb + (0.75 * rim)[:, None] * (rgb * np.array((0.82, 0.52, 0.50), dtype=np.float32) - rgb)
    pale = rgb + 0.55 * (np.array((0.93, 0.74, 0.70), dtype=np.float32) - rgb)
    return rgb + (stroke(canvas, *lines[where], 0.007, 0.004) * here)[:, None] * (pale - rgb)


def tattoo(rgb: Floats, canvas: Canvas, where: str, side: int) -> Floats:
    """Blue-black ink: flames on a temple or a cheek, a tear below an eye, or lines down the chin."""
    if where == "none":
        return rgb
    ink = np.zeros(len(rgb), dtype=np.float32)
    if where == "chin":
        for x in (0.0, 0.03, 0.06):
            ink = np.maximum(ink, stroke(canvas, (x, -0.30), (x, -0.405), 0.008, 0.006))
    elif where == "teardrop":
        drop = np.maximum(stroke(canvas, (0.155, -0.055), (0.155, -0.02), 0.012, 0.002),
                          blob(canvas, 0.155, -0.056, 0.012, 0.012, 0.2))  # fmt: skip
        ink = drop * _one_side(canvas, side)
    else:
        x, y = (0.205, 0.13) if where == "temple" else (0.195, -0.13)
        for k in range(4):
            curl = stroke(canvas, (x + 0.04, y - 0.07 + 0.04 * k), (x - 0.07, y + 0.012 * k), 0.013, 0.003)
            ink = np.maximum(ink, curl)
        ink = np.maximum(ink, stroke(canvas, (x + 0.045, y - 0.09), (x + 0.03, y + 0.09), 0.010, 0.004))
        ink = ink * _one_side(canvas, side) * step(0.012, 0.02, canvas.eyes)
    return cover(rgb, (0.06, 0.08, 0.11), 0.88 * ink * (1 - canvas.lips))


def robot_panels(rgb: Floats, canvas: Canvas) -> Floats:
    """Dark seams between panels and a row of rivets along them."""
    paths = (((0.0, 0.30), (0.0, 0.06)), ((0.0, 0.10), (0.27, 0.13)), ((0.10, -0.06), (0.27, -0.03)),
             ((0.10, -0.06), (0.13, -0.30)), ((0.13, -0.30), (0.24, -0.24)), ((0.13, -0.30), (0.1, -0.42)))  # fmt: skip
    for start, end in paths:
        rgb = cover(rgb, (0.12, 0.13, 0.15), 0.95 * stroke(canvas, start, end, 0.0065, 0.0065))
        for t in (0.2, 0.5, 0.8):
            x, y = (a + t * (b - a) for a, b in zip(start, end, strict=True))
            rgb = cover(rgb, (0.22, 0.23, 0.25), blob(canvas, abs(x) + 0.02, y - 0.02, 0.0095, 0.0095, 0.2))
            rgb = cover(rgb, (0.78, 0.80, 0.83), blob(canvas, abs(x) + 0.02, y - 0.02, 0.006, 0.006, 0.2))
    return rgb


MAKE_UPS: dict[str, Callable[[Floats, Canvas, np.random.Generator], Floats]] = {
    "natural": natural,
    "smoky": smoky,
    "blue shadow": blue_shadow,
    "glitter": glitter,
    "goth": goth,
    "mime": mime,
    "vampire": vampire,
    "cat": cat,
    "tiger": tiger,
    "joker": joker,
    "clown": clown,
    "skull": skull,
    "zombie": zombie,
    "football": football,
    "tribal": tribal,
}
