"""The colour of any point of a teacher head: skin, eyes, brows, lips, beard, hair, make-up. No light, no shadow."""

from __future__ import annotations

import numpy as np

from clip_head.core.texture.procedural import fractal_noise, value_noise
from clip_head.core.types import Floats, Ints
from clip_head.training.teacher.appearance import ALIENS, ALIVE, HAIR, IRISES, MATERIALS, TONES, UNDERTONES, Appearance
from clip_head.training.teacher.dataset import LEFT_EYE, MOUTH, RIGHT_EYE, interpolate

from .assets import EYE_STEP, EYE_WINDOW, SkinAssets, bilinear, sample
from .canvas import Canvas, Colour, blend, ellipse, smoothstep, stroke
from .colour import lab_of, to_lab, to_rgb
from .paint import MAKE_UPS, robot_panels, scar, tattoo
from .paint_table import BEARD_OPACITY, LIPSTICKS, MOLES

#: Radius of the iris, as the sine of its angle seen from the eyeball's middle: 5.9 of 12 mm, as in people.
IRIS_SINE = 0.49
#: Weight and frequency (cells of noise per radian around the crown) of the noise that makes locks, strands and single
#: hairs. Chosen by eye on renders.
STRANDS = ((0.45, 9.0), (0.35, 22.0), (0.2, 48.0))
#: Make-up that covers the skin, so that brows and beard are painted over it; all other make-up is painted over them.
GREASEPAINT = ("joker", "clown", "skull", "mime", "vampire", "goth", "cat", "tiger")


def albedo_at(
    assets: SkinAssets,
    appearance: Appearance,
    template_face: Ints,
    template_bary: Floats,
    is_hair: Floats,
    positions: Floats,
) -> Floats:
    """The albedo of surface points: colours without light or shadow.

    assets: textures and the template.
    appearance: the colours of the head, by name and number.
    template_face: (N,) face of the template that each point corresponds to.
    template_bary: (N, 3) barycentric coordinates in it.
    is_hair: (N,) 0 skin to 1 hair; a mask will do.
    positions: (N, 3) of the points on the template, hair included, units, in the frame of the heads. They decide where
        strands run, and are the same for all identities, so that hair does not swim over a head that changes.
    Returns: (N, 3) sRGB, 0 to 1.
    """
    is_hair = np.asarray(is_hair, dtype=np.float32)
    rgb = np.zeros((len(template_face), 3), dtype=np.float32)
    bare, covered = is_hair < 0.999, is_hair > 0.001
    if bare.any():
        rgb[bare] = _head(assets, appearance, template_face[bare], template_bary[bare])
    if covered.any():
        weight = is_hair[covered][:, None]
        rgb[covered] = rgb[covered] * (1 - weight) + weight * hair_colours(assets, appearance, positions[covered])
    if appearance.material != "none" and appearance.material not in ALIVE:
        # A robot's face has its material, and panels on it, already.
        weight = is_hair if appearance.material == "robot" else np.ones_like(is_hair)
        rgb = rgb + weight[:, None] * (_in_material(rgb, appearance, positions) - rgb)
    return np.clip(rgb, 0, 1)


def hair_colours(assets: SkinAssets, appearance: Appearance, positions: Floats) -> Floats:
    """Colours of hair in strands that run from the crown downward, darker towards the crown. Frequencies are in cells
    of noise per unit, contrasts in CIE Lab, chosen by eye on renders.

    assets: for the template's crown.
    appearance: hair colour, its shade, curls and the seed of the noise.
    positions: (N, 3) on the template, units, in the frame of the heads.
    Returns: (N, 3) sRGB, 0 to 1.
    """
    crown = assets.template.vertices[assets.template.landmarks["crown"]]
    offset = positions - crown
    x, down, z = offset[:, 0], -offset[:, 1], offset[:, 2]
    wave = 0.05 * fractal_noise(positions * 7, appearance.seed)
    angle = np.arctan2(x, z) + wave
    along = np.hypot(np.hypot(x, z), down)
    strands = np.zeros(len(positions), dtype=np.float32)
    for weight, frequency in STRANDS:
        strand = np.stack([np.cos(angle) * frequency, np.sin(angle) * frequency, along * 5], axis=1).astype(np.float32)
        strands += weight * value_noise(strand, appearance.seed + int(frequency))
    curls = value_noise(positions * 48, appearance.seed + 1) + 0.6 * value_noise(positions * 90, appearance.seed + 2)
    strands = strands * (1 - 0.7 * appearance.curls) + 0.5 * appearance.curls * curls
    patches = fractal_noise(positions * 9, appearance.seed + 3)
    base = lab_of(HAIR[appearance.hair]) + np.array(appearance.hair_shade, dtype=np.float32)
    contrast = 4 + 0.13 * base[0]
    lightness = contrast * (1.3 * strands + 0.5 * patches) - 0.05 * base[0] * smoothstep(0.12, 0.0, along)
    colours = np.tile(base, (len(positions), 1))
    colours[:, 0] += lightness
    colours[:, 1:] *= (1 + 0.12 * patches)[:, None]
    return to_rgb(colours)


def _head(assets: SkinAssets, appearance: Appearance, face: Ints, bary: Floats) -> Floats:
    """Colours of points on the bald head."""
    template = assets.template
    part = template.part[face]
    positions = interpolate(template.vertices, template.faces, face, bary)
    uv = np.einsum("nk,nkc->nc", bary.astype(np.float32), template.uv[face])
    names = ("lips", "ears", "mouth", "nostrils", "trusted")
    values = np.stack([assets.fields[name] for name in names], axis=1)
    field = dict(zip(names, interpolate(values, template.faces, face, bary).T, strict=True))
    canvas = Canvas(positions, field["lips"], field["ears"], _eye_distance(assets, positions), appearance.seed)
    rng = np.random.default_rng(appearance.seed)

    rgb = _skin(assets, appearance, canvas, uv, field["trusted"])
    if appearance.material in ALIVE:
        rgb = _in_material(rgb, appearance, positions)
    if appearance.material == "cartoon":
        rgb = blend(rgb, (0.97, 0.48, 0.46), 0.6 * ellipse(canvas, 0.17, -0.11, 0.065, 0.05, 0.35))
    rgb = _lips(rgb, appearance, canvas)
    rgb = _scalp_stubble(rgb, appearance, canvas)
    make_up = MAKE_UPS.get(appearance.make_up)
    under_brows = appearance.make_up in GREASEPAINT
    if make_up and under_brows:
        rgb = make_up(rgb, canvas, rng)
    if appearance.material not in ALIENS:
        rgb = _brows(rgb, assets, appearance, uv, 0.55 if appearance.make_up in ("joker", "clown", "skull") else 1.0)
    rgb = _beard(rgb, appearance, canvas)
    if make_up and not under_brows:
        rgb = make_up(rgb, canvas, rng)
    rgb = tattoo(scar(rgb, canvas, appearance.scar, appearance.side), canvas, appearance.tattoo, appearance.side)
    rgb = _lashes(rgb, canvas)
    if appearance.material == "robot":
        rgb = robot_panels(_in_material(rgb, appearance, positions), canvas)
    rgb = blend(rgb, (0.20, 0.06, 0.05), 0.55 * field["nostrils"] * smoothstep(0.26, 0.2, canvas.z))

    in_mouth = part == MOUTH
    rgb[in_mouth] = _mouth(positions[in_mouth], field["mouth"][in_mouth], rgb[in_mouth])
    for eye, pupil in ((LEFT_EYE, "left_pupil"), (RIGHT_EYE, "right_pupil")):
        on_eye = part == eye
        if on_eye.any():
            rgb[on_eye] = _eye(assets, appearance, eye, pupil, positions[on_eye], canvas.eyes[on_eye])
    return rgb


def _skin(assets: SkinAssets, appearance: Appearance, canvas: Canvas, uv: Floats, trusted: Floats) -> Floats:
    """(N, 3) sRGB of the skin: the mixed skin textures, moved to the tone. On the scalp only their grain is used, since
    they have hair painted on it; below the neck, where trusted (N,) is 0, nothing of them.

    uv: (N, 2) MakeHuman texture coordinates.
    trusted: (N,) as in template_fields.
    """
    lab, grain = np.zeros((len(uv), 3), np.float32), np.zeros((len(uv), 3), np.float32)
    for name, weight in appearance.skins:
        sharp = to_lab(sample(assets.skins[name], uv))
        blurred = to_lab(sample(assets.blurred[name], uv))
        lab += weight * 0.65 * (blurred - assets.face_lab[name])
        grain += weight * (sharp - blurred)
    scalp = smoothstep(0.035, 0.10, canvas.scalp_height) * (1 - canvas.ears)
    # Shading and hair that are painted into the textures are no albedo: tanh keeps only moderate differences.
    lab = np.tanh(lab / 15) * 15 + np.tanh(grain / 25) * 25
    lab += scalp[:, None] * (np.clip(grain, -4, 4) * 0.4 - lab)
    lab *= trusted[:, None] * (0.15 if appearance.material == "cartoon" else 0.5 if appearance.material == "elf" else 1)
    lab += np.array(TONES[appearance.tone], dtype=np.float32) + np.array(appearance.shade, dtype=np.float32)
    lab += np.array(UNDERTONES[appearance.undertone], dtype=np.float32)
    lab[:, 0] += 1.2 * canvas.noise(12, 7)
    lab[:, 1] += 1.0 * canvas.noise(9, 8)
    flush = appearance.flush * np.maximum(
        ellipse(canvas, 0.165, -0.1, 0.085, 0.07, 0.9), 0.6 * ellipse(canvas, 0, -0.11, 0.05, 0.05, 0.9)
    )
    lab += flush[:, None] * np.array([-2.5, 8, 2], dtype=np.float32)
    if appearance.freckles:
        speckles = smoothstep(
            0.42, 0.62, value_noise(canvas.positions * 110, appearance.seed + 11) * 0.75 + 0.25 * canvas.noise(20, 12)
        )
        area = np.maximum(ellipse(canvas, 0.14, -0.07, 0.15, 0.11, 0.7), ellipse(canvas, 0, -0.06, 0.08, 0.08, 0.7))
        area = np.maximum(area, 0.35 * ellipse(canvas, 0, 0.15, 0.2, 0.1, 0.6))
        lab += (appearance.freckles * speckles * area)[:, None] * np.array([-14, 7, 10], dtype=np.float32)
    return to_rgb(lab + _blemishes(appearance, canvas))


def _blemishes(appearance: Appearance, canvas: Canvas) -> Floats:
    """(N, 3) CIE Lab that sunburn, moles, blemishes and age spots add to the skin."""
    lab = np.zeros((len(canvas.positions), 3), dtype=np.float32)
    if appearance.sunburn:
        burnt = np.maximum.reduce([
            ellipse(canvas, 0.15, -0.08, 0.14, 0.13, 0.8), ellipse(canvas, 0, -0.08, 0.08, 0.12, 0.8),
            0.8 * ellipse(canvas, 0, 0.17, 0.24, 0.12, 0.7), 0.6 * ellipse(canvas, 0, -0.37, 0.09, 0.06, 0.8),
        ])  # fmt: skip
        lab += (appearance.sunburn * burnt)[:, None] * np.array([-8, 17, 4], dtype=np.float32)
    front = smoothstep(-0.1, 0.05, canvas.z)
    if appearance.moles:
        for x, y in MOLES:
            mole = smoothstep(0.0105, 0.007, np.hypot(canvas.positions[:, 0] - x, canvas.y - y)) * front
            lab += mole[:, None] * np.array([-22, 4, 3], dtype=np.float32)
    if appearance.blemishes:
        pimples = smoothstep(0.45, 0.68, value_noise(canvas.positions * 52, appearance.seed + 13))
        area = np.maximum.reduce([
            ellipse(canvas, 0.17, -0.14, 0.09, 0.13, 0.6), ellipse(canvas, 0, 0.19, 0.17, 0.09, 0.5),
            ellipse(canvas, 0, -0.37, 0.1, 0.05, 0.5),
        ])  # fmt: skip
        lab += (appearance.blemishes * pimples * area)[:, None] * np.array([-7, 19, 6], dtype=np.float32)
    if appearance.age_spots:
        spots = smoothstep(
            0.42, 0.6, value_noise(canvas.positions * 34, appearance.seed + 14) + 0.2 * canvas.noise(60, 15)
        )
        area = np.maximum(smoothstep(0.08, 0.2, canvas.y), 0.8 * ellipse(canvas, 0.24, -0.05, 0.1, 0.14, 0.6))
        lab += (appearance.age_spots * spots * area)[:, None] * np.array([-10, 5, 9], dtype=np.float32)
    return lab


def _lips(rgb: Floats, appearance: Appearance, canvas: Canvas) -> Floats:
    """The lips in a lipstick, or darker and redder than the skin."""
    opacity = smoothstep(0.25, 0.75, canvas.lips)
    if appearance.lips != "natural":
        return blend(rgb, LIPSTICKS[appearance.lips], 0.9 * opacity)
    lab = to_lab(rgb)
    lightness = TONES[appearance.tone][0]
    lab += opacity[:, None] * np.array([-0.10 * lightness, 0.11 * lightness, 1], dtype=np.float32)
    return to_rgb(lab)


def _scalp_stubble(rgb: Floats, appearance: Appearance, canvas: Canvas) -> Floats:
    """Roots of shaved hair on the scalp."""
    if not appearance.stubble_on_scalp:
        return rgb
    scalp = smoothstep(0.075, 0.12, canvas.scalp_height) * (1 - canvas.ears)
    dots = 0.6 + 0.4 * canvas.noise(90, 9)
    return blend(rgb, HAIR[appearance.own_hair], 0.4 * appearance.stubble_on_scalp * scalp * dots)


def _brows(rgb: Floats, assets: SkinAssets, appearance: Appearance, uv: Floats, strength: float) -> Floats:
    """The eyebrow card, in the colour of the body's hair."""
    if appearance.brows not in assets.brows:
        return rgb
    opacity = sample(assets.brows[appearance.brows], uv)[:, 0] * (1.35 * appearance.brow_weight * strength)
    return blend(rgb, _body_hair(appearance), np.clip(opacity, 0, 0.95))


def _beard(rgb: Floats, appearance: Appearance, canvas: Canvas) -> Floats:
    """Hair around the mouth and along the jaw. Numbers are lengths in units, chosen by eye on renders."""
    if appearance.beard == "none":
        return rgb
    ragged = 0.012 * canvas.noise(35, 21)
    moustache = np.maximum(
        ellipse(canvas, 0.0, -0.19, 0.085, 0.026, 0.35), stroke(canvas, (0.05, -0.19), (0.108, -0.262), 0.022, 0.010)
    )
    chin = np.maximum(
        ellipse(canvas, 0.0, -0.385, 0.095, 0.062, 0.3), stroke(canvas, (0.115, -0.25), (0.085, -0.37), 0.016, 0.03)
    )
    chin = chin * smoothstep(-0.44, -0.41, canvas.y) * smoothstep(0.08, 0.14, canvas.z)
    chin = np.maximum(chin, 0.8 * ellipse(canvas, 0.0, -0.33, 0.022, 0.02, 0.5))
    # The upper border rises from the moustache's end to the sideburns; the lower one lies where the throat begins.
    cheek_line = np.interp(canvas.x, [0.0, 0.09, 0.13, 0.2, 0.245, 0.27], [-0.34, -0.25, -0.235, -0.185, -0.10, 0.02])
    jaw = smoothstep(0.025, -0.02, canvas.y - cheek_line + ragged) * smoothstep(
        -0.45, -0.41, canvas.y + ragged - canvas.jaw_rise
    )
    jaw = jaw * smoothstep(-0.17, -0.13, canvas.z) * (1 - canvas.ears)
    area = {
        "stubble": np.maximum(moustache, jaw),
        "moustache": moustache,
        "goatee": np.maximum(moustache, chin),
        "full": np.maximum.reduce([moustache, chin, jaw]),
        "long": np.maximum.reduce(
            [moustache, chin, jaw, smoothstep(-0.33, -0.36, canvas.y) * smoothstep(-0.1, 0.0, canvas.z)]
        ),
    }[appearance.beard]
    stretched = canvas.positions * np.array([95, 28, 70], dtype=np.float32)
    hairs = 0.78 + 0.34 * fractal_noise(stretched, appearance.seed + 22, 2)
    opacity = BEARD_OPACITY[appearance.beard] * area * hairs * (1 - smoothstep(0.3, 0.8, canvas.lips))
    colours = lab_of(_body_hair(appearance))[None] + np.outer(14 * (hairs - 0.78), [1, 0, 0])
    return rgb + np.clip(opacity, 0, 1)[:, None] * (to_rgb(colours) - rgb)


def _lashes(rgb: Floats, canvas: Canvas) -> Floats:
    """A dark line on the upper lid's rim, a faint one on the lower."""
    rim = smoothstep(0.0075, 0.0025, canvas.eyes) * smoothstep(0.02, 0.08, canvas.z)
    upper = smoothstep(0.015, 0.035, canvas.y)
    return blend(rgb, (0.06, 0.04, 0.035), rim * (0.3 + 0.55 * upper))


def _eye(assets: SkinAssets, appearance: Appearance, part: int, pupil: str, points: Floats, opening: Floats) -> Floats:
    """(N, 3) colours of an eyeball that looks forward.

    part: LEFT_EYE or RIGHT_EYE.
    pupil: the name of its landmark.
    points: (N, 3) on it, units.
    opening: (N,) signed distance from the eye's opening, units, negative inside.
    """
    template = assets.template
    ball = template.vertices[np.unique(template.faces[template.part == part])]
    centre = (ball.min(axis=0) + ball.max(axis=0)) / 2
    axis = template.vertices[template.landmarks[pupil]] - centre
    axis = axis / np.linalg.norm(axis)
    right = np.cross([0.0, 1.0, 0.0], axis)
    right /= np.linalg.norm(right)
    up = np.cross(axis, right)
    ray = (points - centre) / np.maximum(np.linalg.norm(points - centre, axis=1, keepdims=True), 1e-9)
    # In the plane of the iris, whose rim has radius 1.
    x, y, front = ray @ right / IRIS_SINE, ray @ up / IRIS_SINE, ray @ axis
    radius = np.hypot(x, y)
    sclera = np.tile(np.array([0.90, 0.87, 0.845], dtype=np.float32), (len(points), 1))
    sclera = blend(sclera, (0.80, 0.56, 0.52), 0.4 * smoothstep(1.35, 2.0, radius))
    if appearance.material in ALIENS:
        sclera[:] = (0.04, 0.04, 0.05)
    source, colour = IRISES[appearance.eyes]
    iris = assets.irises[source]
    size = iris.shape[0]
    texture = bilinear(iris, (0.5 + 0.48 * x) * size - 0.5, (0.5 - 0.48 * y) * size - 0.5)
    ring = (radius > 0.45) & (radius < 0.9)
    grain = texture.mean(axis=1) / max(float(np.median(texture[ring].mean(axis=1))) if ring.any() else 0.3, 0.05)
    tinted = np.array(colour, dtype=np.float32) * np.clip(0.35 + 0.65 * grain, 0.5, 1.35)[:, None]
    texture = blend(
        np.clip(tinted, 0, 1),
        (0.45 * colour[0], 0.45 * colour[1], 0.45 * colour[2]),
        0.7 * smoothstep(0.82, 1.0, radius),
    )
    texture = blend(texture, (0.015, 0.012, 0.012), smoothstep(0.40, 0.33, radius))
    rgb = sclera + (smoothstep(1.02, 0.94, radius) * (front > 0))[:, None] * (texture - sclera)
    return blend(rgb, (0.25, 0.13, 0.11), 0.55 * smoothstep(-0.008, 0.002, opening))


def _mouth(points: Floats, weight: Floats, rgb: Floats) -> Floats:
    """(N, 3) colours of the mouth's membrane: dark red, darker inward.

    points: (N, 3) on it, units.
    weight: (N,) how far a point is part of the membrane, 0 at the lips to 1.
    rgb: (N, 3) the lips' colours, which it fades into.
    """
    inside = blend(np.full_like(rgb, 0.0), (0.34, 0.09, 0.08), np.full(len(points), 1.0, dtype=np.float32))
    inside = blend(inside, (0.13, 0.02, 0.02), smoothstep(0.20, 0.13, points[:, 2]))
    return rgb + smoothstep(0.35, 0.8, weight)[:, None] * (inside - rgb)


def _in_material(rgb: Floats, appearance: Appearance, positions: Floats) -> Floats:
    """Colours (N, 3) in the appearance's material, with some of their own contrast and the material's grain."""
    lab = to_lab(rgb)
    material = lab_of(MATERIALS[appearance.material])
    alive = appearance.material in ALIVE
    result = np.tile(material, (len(rgb), 1))
    result[:, 0] += (0.75 if alive else 0.22) * np.clip(lab[:, 0] - np.median(lab[:, 0]), -40, 40)
    if alive:
        result[:, 1:] = result[:, 1:] * 0.85 + 0.3 * (lab[:, 1:] - np.median(lab[:, 1:], axis=0))
    if appearance.material == "cartoon":
        result[:, :] = material + 0.2 * (lab - np.median(lab, axis=0))
    noise = fractal_noise(positions * (5 if appearance.material == "marble" else 14), appearance.seed + 31)
    if appearance.material == "wood":
        rings = np.hypot(positions[:, 0] + 0.25, positions[:, 2] + 0.4) * 60 + 3 * noise
        noise = np.sin(rings) + 0.5 * value_noise(positions * np.array([160, 9, 160]), appearance.seed + 32)
    elif appearance.material == "stone":
        noise = noise + 0.9 * value_noise(positions * 90, appearance.seed + 32)
    elif appearance.material in ("porcelain", "wax", "robot", "cartoon", "elf", "gold", "silver"):
        noise = 0.2 * noise
    veins = 0.6 * smoothstep(0.05, 0.0, np.abs(noise)) if appearance.material == "marble" else 0.5 * noise
    result[:, 0] -= (2.0 if alive else 9.0) * veins
    return to_rgb(result)


def _eye_distance(assets: SkinAssets, points: Floats) -> Floats:
    """(N,) signed distance of points (N, 3) from the eyes' opening seen from the front, units; 1, which is far away,
    for what lies behind the face."""
    left, _, bottom, _ = EYE_WINDOW
    grid = assets.eye_opening
    column = np.clip((points[:, 0] - left) / EYE_STEP, 0, grid.shape[1] - 1).astype(np.int32)
    row = np.clip((points[:, 1] - bottom) / EYE_STEP, 0, grid.shape[0] - 1).astype(np.int32)
    return np.where(points[:, 2] > 0.0, grid[row, column], 1.0).astype(np.float32)


def _body_hair(appearance: Appearance) -> Colour:
    """Colour of brows and beard, which are darker than fair hair on the head."""
    red, green, blue = (0.72 * c if max(HAIR[appearance.own_hair]) > 0.5 else c for c in HAIR[appearance.own_hair])
    return red, green, blue
