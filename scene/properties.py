"""Custom properties of a head in Blender: where it came from, and what its skin can be painted anew with."""

from __future__ import annotations

import json
from dataclasses import asdict

import bpy

from ..core.types import Floats, Head
from .hairstyle import write_hairstyle


def describe(head: Head, collection: bpy.types.Collection, obj: bpy.types.Object, origin: Floats) -> None:
    """Write them.

    Collection and object get the fields of the request, and `models`: the models' kinds, names, licences and sources as
    JSON. The object also gets z_id and z_exp, its codes, hairstyle, origin and skin_tone.

    head: that was made.
    collection: the head's own.
    obj: its mesh.
    origin (3,): where the object's origin lies in NPHM's frame, units.
    """
    for owner in (collection, obj):
        for key, value in asdict(head.request).items():
            owner[key] = value
        owner["models"] = json.dumps([asdict(card) for card in head.models], ensure_ascii=False)
    if head.latents is not None:
        obj["z_id"], obj["z_exp"] = head.latents.z_id.tolist(), head.latents.z_exp.tolist()
    write_hairstyle(obj, head.asset.hairstyle if head.asset is not None else None)
    obj["origin"], obj["skin_tone"] = origin.tolist(), head.skin_tone
