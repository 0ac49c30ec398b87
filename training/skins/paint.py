"""Make-up, scars, tattoos and a robot's panels, painted with the masks of canvas.py.

Every kind of make-up is a function of
    rgb: (N, 3) sRGB, 0 to 1, of the bare skin,
    canvas: where the N points lie,
    rng: source of what differs from one wearer to the next,
that returns the painted colours (N, 3). The numbers in them are places and lengths in units in the frame of the heads
(x from the plane of symmetry), opacities and sRGB colours, chosen by eye on renders.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from clip_head.core.types import Floats

from .canvas import Canvas, blend, ellipse, face_mask, smoothstep, stroke
from .paint_table import CLOWN_EYES, FLAGS, ROBOT_SEAMS, SCAR_LINES, TIGER_STRIPES, WAR_PAINT

#: Greasepaint and ink, sRGB: no pigment is purely white or black.
WHITE, BLACK, RED = (0.93, 0.92, 0.90), (0.045, 0.04, 0.05), (0.68, 0.03, 0.06)


def natural(rgb: Floats, canvas: Canvas, rng: np.random.Generator) -> Floats:
    """A little blush, eyeliner and eyeshadow."""
    rgb = blend(rgb, (0.80, 0.36, 0.34), 0.28 * ellipse(canvas, 0.17, -0.09, 0.07, 0.05, 0.8))
    rgb = blend(rgb, (0.42, 0.27, 0.22), 0.45 * smoothstep(0.028, 0.0, canvas.eyes) * smoothstep(0.03, 0.05, canvas.y))
    return blend(rgb, (0.06, 0.04, 0.04), 0.8 * smoothstep(0.008, 0.003, canvas.eyes))


def smoky(rgb: Floats, canvas: Canvas, rng: np.random.Generator) -> Floats:
    """Dark lids and rims, a hint of blush."""
    rgb = blend(rgb, (0.75, 0.35, 0.34), 0.2 * ellipse(canvas, 0.17, -0.09, 0.07, 0.05, 0.8))
    upper = 0.9 * smoothstep(0.038, 0.010, canvas.eyes) * smoothstep(0.012, 0.045, canvas.y)
    lower = 0.75 * smoothstep(0.018, 0.004, canvas.eyes)
    return blend(rgb, (0.07, 0.055, 0.07), np.maximum(upper, lower) * smoothstep(0.0, 0.06, canvas.z))


def joker(rgb: Floats, canvas: Canvas, rng: np.random.Generator) -> Floats:
    """White greasepaint, dark eye sockets, a smeared red mouth wider than the lips."""
    streaks = np.clip(0.93 + 0.16 * canvas.noise(22, 3), 0.6, 1.0)
    rgb = blend(rgb, WHITE, face_mask(canvas, 1.0) * streaks)
    sockets = smoothstep(0.056, 0.022, canvas.eyes + 0.022 * canvas.noise(20, 4))
    drip = stroke(canvas, (0.125, 0.0), (0.13, -0.115), 0.022, 0.006) * 0.75
    rgb = blend(rgb, BLACK, 0.95 * np.maximum(sockets, drip) * smoothstep(0.0, 0.06, canvas.z))
    rise = float(rng.uniform(0.07, 0.11))
    grin = stroke(canvas, (0.075, -0.254), (0.205, -0.254 + rise), 0.026, 0.010)
    mouth = np.maximum(ellipse(canvas, 0.0, -0.254, 0.112, 0.062, 0.16, 0.12), grin)
    torn = np.clip(0.95 + 0.25 * canvas.noise(30, 5), 0.55, 1.0)
    return blend(rgb, RED, np.maximum(mouth * torn, canvas.lips))


def clown(rgb: Floats, canvas: Canvas, rng: np.random.Generator) -> Floats:
    """White face, red nose and cheeks, coloured eyes, a wide clean mouth."""
    eyes = CLOWN_EYES[int(rng.integers(len(CLOWN_EYES)))]
    rgb = blend(rgb, (0.96, 0.95, 0.94), face_mask(canvas) * 0.97)
    if rng.random() < 0.7:
        rgb = blend(rgb, (0.90, 0.20, 0.22), 0.85 * ellipse(canvas, 0.19, -0.13, 0.055, 0.055, 0.35))
    shadow = ellipse(canvas, 0.118, 0.075, 0.062, 0.095, 0.12)
    diamond = smoothstep(1.1, 0.9, np.abs(canvas.x - 0.118) / 0.05 + np.abs(canvas.y - 0.035) / 0.17) * smoothstep(
        0, 0.06, canvas.z
    )
    rgb = blend(rgb, eyes, shadow if rng.random() < 0.5 else diamond)
    rgb = blend(rgb, BLACK, smoothstep(0.008, 0.003, canvas.eyes) * smoothstep(0.0, 0.06, canvas.z))
    nose = np.linalg.norm(canvas.positions - np.array([0.0, -0.115, 0.27], dtype=np.float32), axis=1)
    rgb = blend(rgb, (0.85, 0.05, 0.06), smoothstep(0.085, 0.066, nose))
    smile = stroke(canvas, (0.06, -0.262), (0.165, -0.205), 0.045, 0.024)
    mouth = np.maximum(ellipse(canvas, 0.0, -0.268, 0.12, 0.066, 0.08), smile)
    return blend(rgb, (0.82, 0.05, 0.08), np.maximum(mouth, canvas.lips))


def skull(rgb: Floats, canvas: Canvas, rng: np.random.Generator) -> Floats:
    """Bone white with black sockets, nose, hollow cheeks and teeth."""
    rgb = blend(rgb, (0.90, 0.88, 0.82), face_mask(canvas, 0.4) * 0.97)
    dark = ellipse(canvas, 0.115, 0.03, 0.082, 0.078, 0.12)
    nose = smoothstep(1.15, 0.85, canvas.x / 0.045 + np.abs(canvas.y + 0.115) / 0.07) * smoothstep(0.12, 0.16, canvas.z)
    hollow = 0.8 * ellipse(canvas, 0.215, -0.19, 0.05, 0.10, 0.5)
    teeth = smoothstep(0.25, 0.8, np.cos(canvas.x * 2 * np.pi / 0.03)) * smoothstep(
        0.045, 0.03, np.abs(canvas.y + 0.252)
    )
    line = smoothstep(0.008, 0.003, np.abs(canvas.y + 0.252 - 0.35 * np.maximum(canvas.x - 0.1, 0)))
    jaws = np.maximum(0.9 * teeth * smoothstep(0.15, 0.135, canvas.x), line * smoothstep(0.19, 0.16, canvas.x))
    jaws = jaws * smoothstep(0.05, 0.12, canvas.z)
    rgb = blend(rgb, (0.90, 0.88, 0.82), canvas.lips)
    return blend(rgb, BLACK, np.maximum.reduce([dark, nose, hollow, jaws]))


def zombie(rgb: Floats, canvas: Canvas, rng: np.random.Generator) -> Floats:
    """Rotten grey-green skin, sunken eyes, blood at the mouth."""
    luminance = rgb.mean(axis=1, keepdims=True)
    rotten = luminance * np.array([0.86, 1.02, 0.72], dtype=np.float32) + np.float32(0.03)
    rgb = rgb + 0.85 * (rotten - rgb)
    rgb = blend(rgb, (0.20, 0.16, 0.15), 0.7 * smoothstep(0.15, 0.6, canvas.noise(9, 3)))
    rgb = blend(rgb, (0.13, 0.08, 0.09), 0.85 * smoothstep(0.06, 0.01, canvas.eyes + 0.02 * canvas.noise(20, 4)))
    drip = 0.07 * canvas.noise(16, 6) + 0.3 * np.maximum(canvas.x - 0.05, 0)
    blood = (
        smoothstep(-0.36, -0.31, canvas.y - drip)
        * smoothstep(-0.20, -0.235, canvas.y)
        * smoothstep(0.14, 0.09, canvas.x)
    )
    return blend(rgb, (0.36, 0.02, 0.02), 0.9 * np.maximum(blood * smoothstep(0.05, 0.1, canvas.z), canvas.lips))


def football(rgb: Floats, canvas: Canvas, rng: np.random.Generator) -> Floats:
    """A flag of three stripes over the whole face or on both cheeks."""
    flag = FLAGS[int(rng.integers(len(FLAGS)))]
    if rng.random() < 0.5:
        where = 0.93 * face_mask(canvas)
        along = canvas.positions[:, 0] / 0.13 if rng.random() < 0.5 else -(canvas.y + 0.05) / 0.22
    else:
        where = 0.95 * smoothstep(
            1.06, 0.94, np.maximum(np.abs(canvas.x - 0.175) / 0.06, np.abs(canvas.y + 0.12) / 0.055)
        )
        where = where * smoothstep(-0.03, 0.06, canvas.z)
        along = -(canvas.y + 0.12) / 0.036
    for colour, low, high in zip(flag, (-9.0, -0.5, 0.5), (-0.5, 0.5, 9.0), strict=True):
        band = smoothstep(low - 0.04, low + 0.04, along) * smoothstep(high + 0.04, high - 0.04, along)
        rgb = blend(rgb, colour, where * band * (1 - canvas.lips))
    return rgb


def tribal(rgb: Floats, canvas: Canvas, rng: np.random.Generator) -> Floats:
    """War paint: bars on the cheeks, a mask over the eyes or stripes down the face."""
    colour = WAR_PAINT[int(rng.integers(len(WAR_PAINT)))]
    second = (0.05, 0.05, 0.06) if colour[0] > 0.1 else (0.62, 0.06, 0.05)
    if rng.random() < 0.5:
        band = smoothstep(0.045, 0.035, np.abs(canvas.y - 0.03 - 0.05 * canvas.x)) * smoothstep(-0.12, -0.06, canvas.z)
        rgb = blend(rgb, colour, 0.93 * band)
    for k in range(3):
        bar = stroke(canvas, (0.10, -0.075 - 0.042 * k), (0.24, -0.045 - 0.042 * k), 0.012, 0.009)
        rgb = blend(rgb, second if k == 1 else colour, 0.93 * bar)
    stripe = smoothstep(0.016, 0.011, canvas.x) * smoothstep(0.12, 0.2, canvas.z)
    rgb = blend(rgb, colour, 0.93 * stripe * (1 - canvas.lips) * float(rng.random() < 0.6))
    dots = smoothstep(0.25, 0.15, np.hypot(np.mod(canvas.x, 0.05) - 0.025, canvas.y - 0.20) / 0.05)
    return blend(rgb, second, 0.9 * dots * smoothstep(0.0, 0.06, canvas.z))


def blue_shadow(rgb: Floats, canvas: Canvas, rng: np.random.Generator) -> Floats:
    """Blue lids."""
    lids = smoothstep(0.045, 0.012, canvas.eyes) * smoothstep(0.025, 0.05, canvas.y)
    rgb = blend(rgb, (0.12, 0.36, 0.80), 0.85 * lids)
    return blend(rgb, (0.06, 0.04, 0.04), 0.8 * smoothstep(0.008, 0.003, canvas.eyes))


def glitter(rgb: Floats, canvas: Canvas, rng: np.random.Generator) -> Floats:
    """Pink lids and specks of gold over lids and cheekbones."""
    rgb = blend(
        rgb, (0.85, 0.45, 0.65), 0.6 * smoothstep(0.045, 0.012, canvas.eyes) * smoothstep(0.025, 0.05, canvas.y)
    )
    where = np.maximum(smoothstep(0.055, 0.02, canvas.eyes), ellipse(canvas, 0.2, -0.04, 0.075, 0.05, 0.5))
    specks = smoothstep(0.35, 0.6, canvas.noise(120, 7))
    return blend(rgb, (0.98, 0.90, 0.62), 0.9 * where * specks)


def goth(rgb: Floats, canvas: Canvas, rng: np.random.Generator) -> Floats:
    """White powder, black lids and lips."""
    rgb = blend(rgb, (0.92, 0.89, 0.88), 0.7 * face_mask(canvas))
    lids = np.maximum(
        smoothstep(0.045, 0.014, canvas.eyes) * smoothstep(0.01, 0.04, canvas.y), smoothstep(0.02, 0.006, canvas.eyes)
    )
    wing = stroke(canvas, (0.165, 0.04), (0.225, 0.075), 0.010, 0.003)
    rgb = blend(rgb, BLACK, 0.95 * np.maximum(lids, wing) * smoothstep(0.0, 0.06, canvas.z))
    return blend(rgb, (0.05, 0.03, 0.04), 0.95 * smoothstep(0.25, 0.75, canvas.lips))


def mime(rgb: Floats, canvas: Canvas, rng: np.random.Generator) -> Floats:
    """A white face, black lines through the eyes, small red lips."""
    rgb = blend(rgb, (0.96, 0.95, 0.94), 0.97 * face_mask(canvas))
    up = stroke(canvas, (0.118, 0.06), (0.118, 0.135), 0.011, 0.003)
    down = stroke(canvas, (0.118, 0.005), (0.118, -0.09), 0.011, 0.003)
    rgb = blend(
        rgb, BLACK, np.maximum.reduce([up, down, smoothstep(0.012, 0.005, canvas.eyes) * smoothstep(0, 0.06, canvas.z)])
    )
    return blend(rgb, (0.72, 0.04, 0.07), smoothstep(0.25, 0.75, canvas.lips) * smoothstep(0.085, 0.065, canvas.x))


def vampire(rgb: Floats, canvas: Canvas, rng: np.random.Generator) -> Floats:
    """Deathly pale, red-rimmed eyes in shadow, dark red lips, a drop of blood at the mouth."""
    rgb = rgb + 0.72 * (np.array((0.90, 0.885, 0.895), dtype=np.float32) - rgb)
    rgb = blend(rgb, (0.36, 0.20, 0.27), 0.6 * smoothstep(0.06, 0.01, canvas.eyes) * smoothstep(0.0, 0.06, canvas.z))
    rgb = blend(rgb, (0.45, 0.02, 0.05), 0.9 * smoothstep(0.25, 0.75, canvas.lips))
    return blend(rgb, (0.50, 0.01, 0.02), 0.95 * stroke(canvas, (0.075, -0.262), (0.080, -0.355), 0.007, 0.005))


def cat(rgb: Floats, canvas: Canvas, rng: np.random.Generator) -> Floats:
    """A white muzzle, a black nose, whiskers and winged eyes."""
    rgb = blend(rgb, WHITE, 0.9 * ellipse(canvas, 0.055, -0.2, 0.09, 0.055, 0.2))
    rgb = _whiskers(rgb, canvas)
    wing = stroke(canvas, (0.16, 0.045), (0.23, 0.095), 0.014, 0.003)
    return blend(rgb, BLACK, np.maximum(wing, smoothstep(0.018, 0.008, canvas.eyes) * smoothstep(0.0, 0.06, canvas.z)))


def tiger(rgb: Floats, canvas: Canvas, rng: np.random.Generator) -> Floats:
    """Orange with black stripes, white around mouth and eyes."""
    rgb = blend(rgb, (0.94, 0.50, 0.08), 0.96 * face_mask(canvas))
    white = np.maximum(ellipse(canvas, 0.06, -0.22, 0.11, 0.08, 0.2), ellipse(canvas, 0.125, 0.075, 0.07, 0.06, 0.25))
    rgb = blend(rgb, WHITE, 0.95 * white)
    for start, end in TIGER_STRIPES:
        rgb = blend(rgb, BLACK, 0.95 * stroke(canvas, start, end, 0.016, 0.004))
    return _whiskers(rgb, canvas)


def _whiskers(rgb: Floats, canvas: Canvas) -> Floats:
    """A black nose, the line below it and three whiskers on either side."""
    nose = smoothstep(1.1, 0.9, canvas.x / 0.05 + np.abs(canvas.y + 0.125) / 0.045) * smoothstep(0.15, 0.19, canvas.z)
    rgb = blend(
        rgb, BLACK, np.maximum(nose, smoothstep(0.006, 0.003, canvas.x) * ellipse(canvas, 0, -0.19, 0.03, 0.045))
    )
    for k in range(3):
        line = stroke(canvas, (0.10, -0.185 - 0.02 * k), (0.235, -0.14 - 0.045 * k), 0.006, 0.003)
        rgb = blend(rgb, BLACK, line)
    return rgb


def _one_side(canvas: Canvas, side: int) -> Floats:
    """(N,) opacity that keeps one side of the face: 1 the person's left, -1 the right."""
    return smoothstep(-0.004, 0.004, canvas.positions[:, 0] * side)


def scar(rgb: Floats, canvas: Canvas, where: str, side: int) -> Floats:
    """A pale, pink-rimmed line on one side.

    The painter's teachers have the cheek's scar a little longer than what is drawn over its pictures (marks.json of the
    texture model): by 3 mm, at the end towards the ear.

    rgb: (N, 3) sRGB of the skin.
    canvas: the points.
    where: one of appearance.SCARS.
    side: 1 on the person's left, -1 on the right.
    Returns: (N, 3) sRGB.
    """
    if where not in SCAR_LINES:
        return rgb
    here = _one_side(canvas, side) * smoothstep(0.002, 0.008, canvas.eyes)
    rim = stroke(canvas, *SCAR_LINES[where], 0.017, 0.011) * here
    rgb = rgb + (0.75 * rim)[:, None] * (rgb * np.array((0.82, 0.52, 0.50), dtype=np.float32) - rgb)
    pale = rgb + 0.55 * (np.array((0.93, 0.74, 0.70), dtype=np.float32) - rgb)
    return rgb + (stroke(canvas, *SCAR_LINES[where], 0.007, 0.004) * here)[:, None] * (pale - rgb)


def tattoo(rgb: Floats, canvas: Canvas, where: str, side: int) -> Floats:
    """Blue-black ink: flames on a temple or a cheek, a tear below an eye, or lines down the chin.

    rgb: (N, 3) sRGB of the skin.
    canvas: the points.
    where: one of appearance.TATTOOS.
    side: 1 on the person's left, -1 on the right.
    Returns: (N, 3) sRGB.
    """
    if where == "none":
        return rgb
    ink = np.zeros(len(rgb), dtype=np.float32)
    if where == "chin":
        for x in (0.0, 0.03, 0.06):
            ink = np.maximum(ink, stroke(canvas, (x, -0.30), (x, -0.405), 0.008, 0.006))
    elif where == "teardrop":
        drop = np.maximum(stroke(canvas, (0.155, -0.055), (0.155, -0.02), 0.012, 0.002),
                          ellipse(canvas, 0.155, -0.056, 0.012, 0.012, 0.2))  # fmt: skip
        ink = drop * _one_side(canvas, side)
    else:
        x, y = (0.205, 0.13) if where == "temple" else (0.195, -0.13)
        for k in range(4):
            curl = stroke(canvas, (x + 0.04, y - 0.07 + 0.04 * k), (x - 0.07, y + 0.012 * k), 0.013, 0.003)
            ink = np.maximum(ink, curl)
        ink = np.maximum(ink, stroke(canvas, (x + 0.045, y - 0.09), (x + 0.03, y + 0.09), 0.010, 0.004))
        ink = ink * _one_side(canvas, side) * smoothstep(0.012, 0.02, canvas.eyes)
    return blend(rgb, (0.06, 0.08, 0.11), 0.88 * ink * (1 - canvas.lips))


def robot_panels(rgb: Floats, canvas: Canvas) -> Floats:
    """Dark seams between panels and a row of rivets along them.

    rgb: (N, 3) sRGB of the metal.
    canvas: the points.
    Returns: (N, 3) sRGB.
    """
    for start, end in ROBOT_SEAMS:
        rgb = blend(rgb, (0.12, 0.13, 0.15), 0.95 * stroke(canvas, start, end, 0.0065, 0.0065))
        for t in (0.2, 0.5, 0.8):
            x, y = (a + t * (b - a) for a, b in zip(start, end, strict=True))
            rgb = blend(rgb, (0.22, 0.23, 0.25), ellipse(canvas, abs(x) + 0.02, y - 0.02, 0.0095, 0.0095, 0.2))
            rgb = blend(rgb, (0.78, 0.80, 0.83), ellipse(canvas, abs(x) + 0.02, y - 0.02, 0.006, 0.006, 0.2))
    return rgb


#: Name of a make-up, of appearance.MAKE_UP, -> what paints it.
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
