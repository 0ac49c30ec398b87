"""An asset: the head's quads, and every part within and on it, for one pair of codes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from scipy.spatial import cKDTree

from ..fit.warp import Warp
from ..hair.library import LASHES, GroomLibrary
from ..hair.place import Surface, blended, grooms_of
from ..hair.style import hairstyle_of_code
from ..nphm.embedded_head import EmbeddedHead
from ..types import Asset, AssetPart, Bone, Floats, Groom, Hairstyle, Latents
from .arkit import action_weights
from .bones import along_bones, head_bones, skin_weights, template_joints
from .caruncle import CARUNCLE_RING, caruncle_part
from .eyes import eye_part, fit_sphere
from .hair import beard_part, hair_part
from .head import NeutralHead, PlacedHead, as_keys, neutral_head, place_keys, posed_by
from .lashes import LASH_RINGS, Rims, lash_part, lash_strands
from .tears import tear_part
from .teeth import LIPS, Arch, behind_lips, mouth_map, seated, teeth_part, within_cheeks
from .template import MATERIALS, RIM, AssetTemplate, HeadTemplate, LidRims
from .tongue import tongue_part
from .tooth_style import ToothStyle

#: Eyes: name of the part, bone.
EYES = (("Eye Left", "eye.L"), ("Eye Right", "eye.R"))
#: Part -> beginnings of the names of bones that the skin beside it goes with and it does not.
APART = {
    "Hair": ("jaw", "eyelid"),
    "Tear Line": ("eyelid_upper", "jaw"),
    "Lashes": ("jaw",),
    "Caruncles": ("eyelid", "jaw"),
}
#: Poses in which skin is drawn over the teeth, the neutral one first; and the least distance from teeth to skin in
#: front of them in the others, units (1.5 mm).
STRETCHING: tuple[dict[str, float], ...] = (
    {},
    {"mouthSmileLeft": 1.0, "mouthSmileRight": 1.0},
    {"mouthSmileLeft": 1.0, "mouthSmileRight": 1.0, "jawOpen": 0.55, "mouthUpperUpLeft": 0.6, "mouthUpperUpRight": 0.6},
    {"jawOpen": 1.0},
)
STRETCHED = 0.006
#: Height on the template below which skin is the lower face's, units: the middle of the nose.
LOWER_FACE = -0.05
#: Rings of the lids' edges that are moist, from what touches the eyeball to the rim: the vertex group lid_rim.
LID_RIM = (-1, 0)
#: Least motion of the lids' edges, units (0.01 mm), by which a key moves what hangs on them.
LID_MOTION = 4e-5
#: Bones of the tongue, in order.
TONGUE = ("tongue_01", "tongue_02", "tongue_03")


def build_asset(
    template: AssetTemplate,
    latents: Latents,
    teeth: ToothStyle,
    crown: tuple[float, float, float],
    warp: Warp | None = None,
    hairstyle: Hairstyle | None = None,
    neutral: NeutralHead | None = None,
) -> Asset:
    """The asset of one head: neutral, with every action as a key and the expression as their weights.

    template: the asset model.
    latents: of the head.
    teeth: how the teeth are.
    crown (3,): of the template, about which the UV of hair lies, units.
    warp: what the head has beyond its codes (core/fit); None: nothing.
    hairstyle: what it wears; None: the styles of its code.
    neutral: the template on it, where that was done before.
    """
    hairstyle = hairstyle or hairstyle_of_code(latents.z_id, template.network.config)
    placed = place_keys(template, neutral or neutral_head(template, latents.z_id, warp))
    with torch.inference_mode():
        field = template.network.at(torch.from_numpy(latents.z_id), warp)
        joints = field.place_template(torch.from_numpy(template_joints(template.tensors["hinge"]))).numpy()
    bones = head_bones(joints, placed.eyes, placed.radii)
    head = head_part(template, placed)
    parts = [
        head,
        *eye_parts(template, placed, lash_length(template.grooms, hairstyle)),
        *mouth_parts(template, placed, field, bones, teeth),
    ]
    parts += hair_parts(template, placed, field, head, crown)
    weights = action_weights(latents.z_exp, template.network.actions)
    bound = tuple(bound_to(part, head) for part in parts)
    grooms = head_grooms(template, field, hairstyle, placed.neutral)
    return Asset(bound, weights, bones, template_points=template.head.points, grooms=grooms, hairstyle=hairstyle)


def hair_parts(
    template: AssetTemplate,
    placed: PlacedHead,
    field: EmbeddedHead,
    head: AssetPart,
    crown: tuple[float, float, float],
) -> list[AssetPart]:
    """Hair and beard as closed volumes, those that there are, without weights of bones.

    template: the asset model.
    placed: the template on one person.
    field: that person's.
    head: the same as a part.
    crown (3,): as of `build_asset`.
    """
    closing = placed.neutral - placed.opened
    parts = [hair_part(field, crown), beard_part(field, crown, template.head.points, closing, head.keys)]
    return [part for part in parts if part is not None]


def head_grooms(
    template: AssetTemplate, field: EmbeddedHead, hairstyle: Hairstyle, vertices: Floats
) -> tuple[Groom, ...]:
    """The guides of a head's hair, beard, brows and lashes.

    template: the asset model; without grooms there are none.
    field: the head.
    hairstyle: what it wears.
    vertices (V, 3): of its skin, neutral, units.
    """
    if template.grooms is None:
        return ()
    level = template.head.levels[0]
    surface = Surface(template.head.sheet, level.quads, level.uv, vertices)
    grooms = grooms_of(template.grooms, field, hairstyle, surface)
    return tuple(
        _on_strips(template, groom, hairstyle, vertices) if groom.name == LASHES else groom for groom in grooms
    )


def _on_strips(template: AssetTemplate, groom: Groom, hairstyle: Hairstyle, vertices: Floats) -> Groom:
    """The strands of lashes that go with the strips of `lash_part`: rooted on these, they turn with the edges of the
    lids, which fold where other strands are attached to them.

    template, hairstyle, vertices: as of `head_grooms`.
    groom: of lashes.
    """
    sheet = np.zeros_like(template.network.sheet.vertices)
    sheet[template.head.sheet] = vertices
    centres = np.stack([fit_sphere(contact)[0] for contact in template.rims.contacts(sheet)])
    steps = np.linspace(0.0, 1.0, groom.points.shape[1])
    longer = lash_length(template.grooms, hairstyle)
    points, roots = lash_strands(template.rims.of(LASH_RINGS, sheet), centres, steps, longer)
    return replace(groom, points=points, root_uv=roots)


def lash_length(library: GroomLibrary | None, hairstyle: Hairstyle) -> float:
    """How many times as long as usually the lashes of a hairstyle are.

    library: of the template; None: as usually.
    hairstyle: what is worn.
    """
    worn = blended(library, hairstyle.lashes) if library else None
    if library is None or worn is None:
        return 1.0
    long, usual = (np.ptp(stored.points, axis=1).sum() for stored in (worn, library.grooms[LASHES]))
    return float(long / usual)


def head_part(template: AssetTemplate, placed: PlacedHead) -> AssetPart:
    """The head itself.

    template: of the head model.
    placed: the template on one person.
    """
    head = template.head
    weights = skin_weights(head.points, head.jaw, placed.neutral, placed.keys, placed.eyes)
    groups = {name: mask.astype(np.float32) for name, mask in head.regions.items()}
    moist = np.zeros(len(template.network.sheet.vertices), np.float32)
    moist[np.concatenate([ids.ravel() for ids in template.rims.some(LID_RIM)])] = 1.0
    groups["lid_rim"] = moist[head.sheet]
    return AssetPart("Head", placed.neutral, head.levels, MATERIALS, placed.keys, weights, groups, mirror=head.mirror)


def eye_parts(template: AssetTemplate, placed: PlacedHead, lashes: float = 1.0) -> list[AssetPart]:
    """Both eyeballs, the lashes, the tear line and the caruncles.

    template: the asset model.
    placed: the template on one person.
    lashes: how many times as long as usually these are.
    """
    rims = template.rims
    posed = {name: placed.sheet + placed.sheet_poses[name] for name in lid_keys(rims, placed)}
    parts = []
    for (name, bone), ball in zip(EYES, placed.balls, strict=True):
        eye = eye_part(name, ball)
        parts.append(replace(eye, bone_weights={bone: np.ones(len(eye.vertices), np.float32)}))
    roots = {action: rims.of(LASH_RINGS, sheet) for action, sheet in posed.items()}
    corners = {action: _ring(rims, CARUNCLE_RING, sheet) for action, sheet in posed.items()}
    lower = {action: _lower(_ring(rims, RIM, sheet)) for action, sheet in posed.items()}
    hanging = (
        lash_part(rims.of(LASH_RINGS, placed.sheet), roots, placed.eyes, lashes),
        tear_part(_lower(_ring(rims, RIM, placed.sheet)), lower, placed.eyes, placed.radii),
        caruncle_part(_ring(rims, CARUNCLE_RING, placed.sheet), corners, placed.balls),
    )
    return parts + [replace(part, keys=as_keys(part.keys)) for part in hanging]


def lid_keys(rims: LidRims, placed: PlacedHead) -> list[str]:
    """The names of the keys that move the edges of the lids; rims: of these; placed: the template on one person."""
    edges = np.unique(np.concatenate([ids.ravel() for ids in rims.ids]))
    keys = as_keys({name: pose[edges] for name, pose in placed.sheet_poses.items()})
    return [name for name, key in keys.items() if np.abs(key).max() > LID_MOTION]


def mouth_parts(
    template: AssetTemplate, placed: PlacedHead, field: EmbeddedHead, bones: tuple[Bone, ...], style: ToothStyle
) -> list[AssetPart]:
    """Upper and lower teeth and the tongue, in their places behind the lips.

    template: of the head model.
    placed: the template on one person.
    field: that person's.
    bones: of the head.
    style: how the teeth are.
    """
    tensors = template.tensors
    arches = [Arch(jaw, tensors[f"{jaw}_edge"], tensors[f"{jaw}_gum"]) for jaw in ("upper", "lower")]
    edges = np.concatenate([arch.edge for arch in arches])
    with torch.inference_mode():
        place = mouth_map(edges, field.place_template(torch.from_numpy(edges)).numpy())
    motions = {name: jaw.matrix for name, jaw in placed.jaws.items()}
    on_template = (
        teeth_part("Upper Teeth", arches[0], style),
        teeth_part("Lower Teeth", arches[1], style),
        tongue_part(*(tensors[f"tongue_{name}"] for name in ("vertices", "quads", "uv", "mirror", "out"))),
    )
    place = with_room(template.head, placed, on_template, place, motions)
    upper, lower, tongue = _seated(on_template, place, motions)
    chain = tuple(bone for bone in bones if bone.name in TONGUE)
    return [
        replace(upper, bone_weights={"head": np.ones(len(upper.vertices), np.float32)}),
        replace(lower, bone_weights={"jaw": np.ones(len(lower.vertices), np.float32)}),
        replace(tongue, bone_weights=along_bones(tongue.vertices, chain)),
    ]


def with_room(
    head: HeadTemplate,
    placed: PlacedHead,
    parts: tuple[AssetPart, AssetPart, AssetPart],
    place: Floats,
    motions: dict[str, Floats],
) -> Floats:
    """A map (3, 4) of the mouth's parts into a head, with which teeth stay behind lips and cheeks: narrower and farther
    back where the head is narrow there, or smiles over them.

    head: the head's quads.
    placed: the template on one person.
    parts: upper and lower teeth, and the tongue, on the template.
    place (3, 4): as of teeth.mouth_map.
    motions: ARKit name -> motion (3, 4) of the jaw.
    """
    level = head.levels[0]
    faces = level.quads[level.material == 0][:, [0, 1, 2, 0, 2, 3]].reshape(-1, 3)
    # Skin of the lower face alone: where a mouth is open, what lies farther behind covers nothing.
    faces = faces[head.regions["face"][faces].all(axis=1) & (head.points[faces, 1] < LOWER_FACE).all(axis=1)]
    teeth = _seated(parts, place, motions)[:2]
    width, back = 1.0, 0.0
    for number, pose in enumerate(STRETCHING):
        skin = placed.neutral + posed_by(placed.keys, pose)
        for part in teeth:
            vertices = part.vertices + posed_by(part.keys, pose)
            width = min(width, within_cheeks(vertices, skin, faces))
            back = min(back, behind_lips(vertices, skin, faces, LIPS if number == 0 else STRETCHED))
    roomy = place.copy()
    roomy[0] *= width
    roomy[2, 3] += back
    return roomy


def _seated(
    parts: tuple[AssetPart, AssetPart, AssetPart], place: Floats, motions: dict[str, Floats]
) -> tuple[AssetPart, AssetPart, AssetPart]:
    """Upper and lower teeth and the tongue on a head; the upper teeth hang on the skull."""
    upper, lower, tongue = parts
    return seated(upper, place, {}), seated(lower, place, motions), seated(tongue, place, motions)


def _ring(rims: LidRims, ring: int, sheet: Floats) -> Rims:
    """One ring of the lids (P, 3): of left upper, left lower, right upper and right lower lid, on a sheet (Vs, 3)."""
    a, b, c, d = (places[0] for places in rims.of((ring,), sheet))
    return a, b, c, d


def _lower(lids: Rims) -> tuple[Floats, Floats]:
    """The left and the right lower lid."""
    return lids[1], lids[3]


def bound_to(part: AssetPart, head: AssetPart) -> AssetPart:
    """The part with weights of bones: where it has none yet, those of the nearest vertex of the head, without the bones
    that it does not go with."""
    if part.bone_weights:
        return part
    left_out = APART.get(part.name, ())
    near = cKDTree(head.vertices).query(part.vertices)[1]
    weights = {name: weight[near] for name, weight in head.bone_weights.items() if not name.startswith(left_out)}
    total = np.sum(list(weights.values()), axis=0)
    # What only bones that are left out would move goes with the head.
    weights["head"] = weights["head"] + (total == 0)
    total = np.maximum(total, np.float32(1e-6)) + (total == 0)
    return replace(part, bone_weights={name: weight / total for name, weight in weights.items() if weight.any()})
