"""Guides shorter, longer, curlier, messier, fuller, wetter or parted elsewhere than their style has them, by degrees.

All of it happens on the template, before guides are placed on a head and kept out of its skin.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.spatial import cKDTree

from ..types import Bools, Floats, GroomLook, Hairstyle
from .library import Stored

#: What is left of the length at -1, and how often the length there is at 1.
SHORTEST, LONGEST = 0.4, 1.7
#: How many of its last steps tell where a strand heads, and how far one that goes on beyond its tip turns down with
#: every further step, 0 to 1, where it falls already.
HEADING = 6
SAGGING = 0.3
#: How far the volume at 1 lifts guides from the head, units (13 mm), and about where that is centred: within the skull.
LIFT, CENTRE = 0.052, np.array([0.0, 0.12, -0.2], np.float32)
#: What is left, at a volume of -1, of how far guides go away from the skull beyond their roots.
FLAT = 0.35
#: Radius of the waves at a curl of 1, units (8 mm), of which less curl has its square root; length of strand to one,
#: units (50 mm), and points of a guide to one at least.
WAVE, WAVE_LENGTH, WAVE_POINTS = 0.032, 0.2, 5
#: Curl of the strands themselves at 1: radius, and length of strand to a turn, mm; it sets in at half of it.
CURL, CURL_LENGTH = 4.0, 26.0
#: How far tips stray at a messiness of 1, units (38 mm), as a part of the length at most, and over which distance
#: neighbours stray alike, units.
ASTRAY, STRAY_PART, ALIKE = 0.15, 0.35, 0.09
#: Frizz that comes with it, mm.
FRIZZ = 4.0
#: How far wet strands gather at guides, at least; what is left of their frizz; and how far they lose volume.
WET_CLUMP, WET_FRIZZ, WET_VOLUME = 0.9, 0.25, 0.6
#: x of a part that is at 1, units (30 mm).
PART = 0.12
#: How far beside the middle a style of its own may be parted, units (45 mm).
FARTHEST = 0.18
#: Roots are beside a part down to this height and depth on the template, units; and how far from it one sees it.
TOP, BEHIND, BESIDE = 0.3, -0.35, 0.12
#: How much of the hair beside a line must fall away from it for that to be a part.
PARTED = 0.9
#: Length over which a guide that is taken from the part's other side finds its way there, units (40 mm).
ACROSS = 0.16


def shaped(stored: Stored, style: Hairstyle) -> Stored:
    """The guides of a style as far as words would have it otherwise; the very same where they would not.

    stored: guides on the template.
    style: its degrees count.
    """
    lines, look = stored.points, stored.look
    if style.part is not None:
        lines = parted(lines, style.part * PART)
    if style.length:
        lines = lengthened(lines, length_factor(style.length))
    volume = style.volume - WET_VOLUME * style.wetness
    if volume:
        lines = lifted(lines, volume)
    if style.curl:
        lines = waved(lines, style.curl) if style.curl > 0 else straightened(lines, -style.curl)
        look = curled(look, style.curl)
    if style.messiness:
        lines = strayed(lines, style.messiness)
        look = replace(look, frizz=look.frizz + FRIZZ * style.messiness, clump=look.clump * (1 - style.messiness / 2))
    if style.wetness:
        look = wet(look, style.wetness)
    if lines is stored.points and look is stored.look:
        return stored
    return replace(stored, points=np.asarray(lines, np.float32), look=look)


def length_factor(length: float) -> float:
    """How often its own length a style has at a degree of length, -1 to 1."""
    return float((LONGEST if length > 0 else 1 / SHORTEST) ** length)


def lengthened(lines: Floats, factor: float) -> Floats:
    """Lines (N, K, 3) of a factor's length, as many points on each: cut, or going on beyond their tips, down where they
    fall already.

    lines: units.
    factor: 0 to 2.
    """
    count = lines.shape[1]
    if factor > 1:
        more = int(np.ceil((factor - 1) * (count - 1)))
        length = np.linalg.norm(np.diff(lines, axis=1), axis=2).mean(axis=1)[:, None]
        heading = _unit(lines[:, -1] - lines[:, -1 - HEADING])
        # What stands up goes on standing.
        falling = np.clip(-2 * heading[:, 1:2], 0, 1) * SAGGING
        points = [lines[:, -1]]
        for _ in range(more):
            heading = _unit((1 - falling) * heading + falling * np.array([0, -1, 0], np.float32))
            points.append(points[-1] + length * heading)
        lines = np.concatenate([lines, np.stack(points[1:], axis=1)], axis=1)
    at = factor * np.arange(count)
    low = np.minimum(at.astype(int), lines.shape[1] - 2)
    share = (at - low)[None, :, None]
    return np.asarray(lines[:, low] * (1 - share) + lines[:, low + 1] * share, np.float32)


def lifted(lines: Floats, volume: float) -> Floats:
    """Lines (N, K, 3) that stand farther from the head (volume to 1), or lie closer to it (to -1)."""
    outwards = _unit(lines[:, :1] - CENTRE)
    height = ((lines - lines[:, :1]) * outwards).sum(axis=2, keepdims=True)
    if volume < 0:
        return np.asarray(lines + (1 - FLAT) * volume * np.maximum(height, 0) * outwards, np.float32)
    along = _travelled(lines)[..., None]
    risen = volume * LIFT * (1 - np.exp(-along / LIFT))
    return np.asarray(lines + risen * _unit(lines - CENTRE), np.float32)


def waved(lines: Floats, curl: float) -> Floats:
    """Lines (N, K, 3) that wind in waves, neighbours alike; curl: 0 to 1."""
    along = _travelled(lines)
    phase = 2 * np.pi * _noise(lines[:, 0], 2)[:, None]
    tangent = _unit(np.gradient(lines, axis=1))
    aside = _unit(np.cross(tangent, _unit(lines[:, :1] - CENTRE)))
    up = np.cross(aside, tangent)
    wave = np.maximum(WAVE_LENGTH, WAVE_POINTS * along[:, -1:] / (lines.shape[1] - 1))
    turn = 2 * np.pi * along / wave + phase
    radius = np.sqrt(curl) * WAVE * (1 - np.exp(-along / wave))
    winding = radius[..., None] * (np.cos(turn)[..., None] * aside + 0.5 * np.sin(turn)[..., None] * up)
    return np.asarray(lines + winding - winding[:, :1], np.float32)


def straightened(lines: Floats, straight: float) -> Floats:
    """Lines (N, K, 3) whose small bends are gone as far as straight, 0 to 1, says; their ends stay."""
    smooth = lines.copy()
    for _ in range(2 * lines.shape[1]):
        smooth[:, 1:-1] = (smooth[:, :-2] + 2 * smooth[:, 1:-1] + smooth[:, 2:]) / 4
    return np.asarray(lines + straight * (smooth - lines), np.float32)


def curled(look: GroomLook, curl: float) -> GroomLook:
    """A look with more curl, or less (-1: none, and no frizz to speak of); braids stay as they are."""
    if look.braided:
        return look
    if curl < 0:
        return replace(look, curl=look.curl * (1 + curl), frizz=look.frizz * (1 + 0.7 * curl))
    own = max(0.0, 2 * curl - 1) * CURL
    if own <= look.curl:
        return replace(look, curl=look.curl * (1 + curl))
    return replace(look, curl=own, curl_length=CURL_LENGTH, clump=max(look.clump, 0.5))


def strayed(lines: Floats, messiness: float) -> Floats:
    """Lines (N, K, 3) that stray towards their tips, neighbours nearly alike; messiness: 0 to 1."""
    along = _travelled(lines)
    length = along[:, -1:]
    part = np.divide(along, length, out=np.zeros_like(along), where=length > 0)
    reach = messiness * np.minimum(ASTRAY, STRAY_PART * length) * part**1.3
    way = np.stack([2 * _noise(lines[:, 0], seed) - 1 for seed in range(3, 6)], axis=1)
    single = np.random.default_rng(6).normal(size=way.shape) * 0.35
    return np.asarray(lines + reach[..., None] * (way + single)[:, None], np.float32)


def wet(look: GroomLook, wetness: float) -> GroomLook:
    """A look whose strands stick together; wetness: 0 to 1."""
    clump = look.clump + wetness * max(0.0, WET_CLUMP - look.clump)
    return replace(look, clump=clump, frizz=look.frizz * (1 - wetness * (1 - WET_FRIZZ)))


def part_of(lines: Floats) -> float | None:
    """x of the line from which the hair on top falls to both sides, units; None where there is no such line.

    lines: (N, K, 3) units.
    """
    top = lines[(lines[:, 0, 1] > TOP) & (lines[:, 0, 2] > BEHIND)]
    if len(top) < 20:
        return None
    x, falls = top[:, 0, 0], _fall(top)
    places = np.linspace(-FARTHEST, FARTHEST, 25)
    aside = x - places[:, None]
    left, right = (aside > 0) & (aside < BESIDE), (aside < 0) & (aside > -BESIDE)
    # How much of the hair right beside each line, on the side where that is less, falls away from it.
    shares = np.minimum(
        (left & (falls > 0)).sum(axis=1) / np.maximum(left.sum(axis=1), 1),
        (right & (falls < 0)).sum(axis=1) / np.maximum(right.sum(axis=1), 1),
    )
    return float(places[shares == shares.max()].mean()) if shares.max() >= PARTED else None


def parted(lines: Floats, x: float) -> Floats:
    """Lines (N, K, 3) that fall away from a part at x, units; as they are where they fall from none.

    Hair between the old part and the new takes the way of hair on the old one's other side.

    lines: units.
    """
    old = part_of(lines)
    if old is None:
        return lines
    if old * x < 0:
        # The style's mirror image is nearer to what is wanted; roots stay where they are.
        mirrored = lines * np.array([-1, 1, 1], np.float32)
        lines, old = _as_of(lines, mirrored, np.ones(len(lines), bool)), -old
    root, falls = lines[:, 0, 0], _fall(lines)
    wrong = (falls * (root - x) < 0) & (lines[:, 0, 1] > TOP - BESIDE) & (np.minimum(old, x) < root)
    wrong &= root < np.maximum(old, x)
    other = lines[falls > 0] if x < old else lines[falls < 0]
    return _as_of(lines, other, wrong) if wrong.any() and len(other) else lines


def _as_of(lines: Floats, others: Floats, chosen: Bools) -> Floats:
    """Lines (N, K, 3), of which the chosen ones (N,) go the way of the nearest of others (M, K, 3) from theirs.

    All in units.
    """
    near = others[cKDTree(others[:, 0]).query(lines[chosen, 0])[1]]
    aside = lines[chosen, :1] - near[:, :1]
    # As long as it was where both are hair of the same length; roots differ, and so does the beginning.
    share = np.exp(-_travelled(near) / ACROSS)[..., None]
    result = lines.copy()
    result[chosen] = near + share * aside
    return result


def _fall(lines: Floats) -> Floats:
    """How far lines (N, K, 3) go to the head's left (N,), units, on the first third of their way."""
    return np.asarray(lines[:, lines.shape[1] // 3, 0] - lines[:, 0, 0])


def _travelled(lines: Floats) -> Floats:
    """How far along each line (N, K, 3) its points lie (N, K), units."""
    steps = np.linalg.norm(np.diff(lines, axis=1), axis=2)
    return np.concatenate([np.zeros((len(lines), 1), steps.dtype), steps.cumsum(axis=1)], axis=1)


def _noise(places: Floats, seed: int) -> Floats:
    """A smooth random number (N,), 0 to 1, for each place (N, 3), units: nearly the same within ALIKE."""
    rng = np.random.default_rng(seed)
    ways, phases = rng.normal(size=(8, 3)) / ALIKE, rng.uniform(0, 2 * np.pi, 8)
    waves = np.sin(places @ ways.T + phases).mean(axis=1)
    return np.asarray(np.clip(0.5 + waves, 0, 1), np.float32)


def _unit(vectors: Floats) -> Floats:
    """Vectors (..., 3) at length 1; those without a length stay 0."""
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9), np.float32)
