"""What a model.json may say: for each kind of model one table of entries, with the type and range of each.

A description is checked against its table before anything is loaded or allocated. Entries that are null count as not
given.
"""

from __future__ import annotations

from typing import Any

from .schema import (
    Anything,
    Choice,
    Each,
    Either,
    Grid,
    Inside,
    ListOf,
    Number,
    SchemaError,
    Table,
    Template,
    Text,
    Tuple,
    Type,
    Whole,
    shown,
)

#: A file or folder of the user's own, anywhere on this machine; relative names count from the model's folder.
LOCATION = Text(4096, 1, meaning="the name of a file or folder")
#: Names of styles, actions or regions.
NAMES = ListOf(Text(200, 1, meaning="a name"), 1000)
#: A point in NPHM's frame, units.
POINT = ListOf(Number(-100.0, 100.0), 3, 3)
#: A LoRA with its strength.
LORA = Table({"file": LOCATION}, {"strength": Number(-10.0, 10.0)})

#: A checksum, in hexadecimal digits.
_SHA256 = Text(64, pattern="[0-9a-f]{64}", meaning="a SHA-256 sum")

#: The whole of model.json; notes of the user's own do no harm here.
DESCRIPTION = Table(
    {
        "kind": Text(200, 1, meaning="the kind of model"),
        "name": Text(500, 1, meaning="the model's name"),
        "config": Anything(),
    },
    {
        "licence": Text(2000),
        "source": Text(20000),
        "config_sha256": _SHA256,
        "figures": Anything(),
        "files": Each(Inside(), Table({"bytes": Whole(0, 2**40), "sha256": _SHA256})),
    },
    closed=False,
)

#: How any painter is run (see Painter in core/texture/painter/paint.py).
PAINTER_SETTINGS: dict[str, Type] = {
    "steps": Whole(1, 1000),
    "guidance": Number(0.0, 50.0),
    "control_scale": Number(0.0, 10.0),
    "temperature": Number(0.0, 10.0),
    "prompt": Text(),
    "negative": Text(),
    "control": Choice(("unit", "official")),
    "layout": LOCATION,
    "procedure": Choice(("one pass", "official")),
}
#: A painter in a folder as diffusers saves it.
PAINTER = Table(optional=PAINTER_SETTINGS)
#: A painter put together from a base model and a ControlNet (see Recipe in core/texture/painter/stable_diffusion.py).
LARGE_PAINTER = Table(
    {"base": LOCATION, "controlnet": LOCATION},
    {
        **PAINTER_SETTINGS,
        "inpaint": LOCATION,
        "architecture": LOCATION,
        "lora": Either((LOCATION, LORA, ListOf(Either((LOCATION, LORA)), 32))),
        "scheduler": Choice(
            ("unipc", "dpm++", "ddim", "ddim trailing", "euler", "euler trailing", "euler a", "lcm", "tcd")
        ),
        "prediction": Choice(("epsilon", "v_prediction")),
        "size": Whole(8, 4096),
        "precision": Choice(("auto", "float16", "float32")),
        "slicing": Choice(("auto", True, False)),
    },
)
#: The embedded upscaler: the arguments of PlaceUpscaler in core/texture/painter/upscale.py.
UPSCALER = Table(
    optional={"width": Whole(1, 1024), "blocks": Whole(0, 256), "places": Whole(0, 256), "side": Whole(1, 1024)}
)
#: An upscaler of the user's own.
FOREIGN_UPSCALER = Table({"file": LOCATION})
#: The official NPHM, whose sizes are fixed.
OFFICIAL_NPHM = Table({"architecture": Choice(("official",))})
#: EmbeddedConfig in core/nphm/embedded.py.
EMBEDDED_NPHM = Table(
    {
        "architecture": Choice(("embedded", "official")),
        "global_size": Whole(1, 4096),
        "local_size": Whole(1, 4096),
        "width": Whole(1, 4096),
        "grid_shape": Grid(),
        "grid_origin": POINT,
        "grid_spacing": Number(1e-6, 100.0),
        "hair_shape": Grid(),
        "hair_origin": POINT,
        "hair_spacing": Number(1e-6, 100.0),
        "styles": NAMES,
        "actions": NAMES,
        "regions": NAMES,
        "sheet_vertices": Whole(0, 10**7),
        "sheet_faces": Whole(0, 10**7),
        "sheet_entries": Whole(0, 10**8),
    },
    {
        "frizzy_styles": NAMES,
        "beards": NAMES,
        "beard_shape": Grid(),
        "beard_origin": POINT,
        "beard_spacing": Number(1e-6, 100.0),
        "detail_shapes": ListOf(Grid(), 64),
        "detail_origins": ListOf(POINT, 64),
    },
)
#: MLP_id and MLP_exp: files of the networks, and fields of Mapping in core/mapping/mapping.py.
MAPPING = Table(
    {"identity": Inside(), "expression": Inside()},
    {
        "spread": Inside(),
        "styles": Inside(),
        "basis": Inside(),
        "readings": Inside(),
        "hair_styles": Whole(0, 1000),
        "beards": Whole(0, 1000),
        "sentence": Template(),
        "ancestry_axes": ListOf(Whole(0, 1000), 2, 2),
    },
)
#: MLP_hair: its file, names of grooms in the order of their scores, and region -> those that hide it.
HAIR = Table(
    {
        "scores": Inside(),
        "hair": ListOf(Text(200, 1, meaning="a name"), 1000),
        "beard": ListOf(Text(200, 1, meaning="a name"), 1000),
        "brows": ListOf(Text(200, 1, meaning="a name"), 1000),
        "hiding": Each(Text(200, 1, meaning="a name"), ListOf(Text(200, 1, meaning="a name"), 1000)),
    }
)
#: The text model: see load_text_model in core/text/model.py.
TEXT = Table(
    {"open_clip": Text(200, 1, r"[\w.-]+", "'local-dir', or the name of one of open_clip's architectures")},
    {"weights": LOCATION, "context_length": Whole(1, 100_000)},
)
#: The pairs of words and codes that the mapping is trained on.
PAIRS = Table(
    optional={
        "styles": NAMES,
        "beards": NAMES,
        "ends": ListOf(Tuple((Text(200, 1, meaning="a name"), Whole(-1, 1))), 10_000),
        "ways": NAMES,
    }
)
#: Slots of the atlas of hair cards (core/hair/atlas.py), and the grey of its shade that leaves a colour as it is.
CARDS = Table(
    {
        "slots": ListOf(
            Table({"kind": Text(50, 1)} | {side: Number(0.0, 1.0) for side in ("left", "low", "right", "high")}),
            1000,
            1,
        ),
        "neutral": Whole(1, 255),
    }
)
#: Guides of hair by name: how many, what they are hair of (core/hair/library.py), and the fields of GroomLook in
#: core/types.py.
GROOMS = Table(
    {
        "grooms": Each(
            Text(200, 1, meaning="a name"),
            Table(
                {"guides": Whole(0, 10**6)},
                {
                    "kind": Choice(("hair", "beard", "brows", "lashes", "nose", "ears")),
                    "volume": Text(200),
                    "look": Table(
                        optional={
                            "strands": Whole(0, 10**7),
                            "radius": Number(0.0, 10.0),
                            "clump": Number(0.0, 1.0),
                            "curl": Number(0.0, 100.0),
                            "curl_length": Number(0.1, 1000.0),
                            "frizz": Number(0.0, 100.0),
                            "braided": Choice((True, False)),
                        }
                    ),
                },
            ),
        )
    }
)
#: Kind of model -> table of its config, for the kinds that have one alone.
_TABLES = {
    "splitter": Table(),
    "spelling": Table(),
    "text": TEXT,
    "mapping": MAPPING,
    "hair": HAIR,
    "nphm": EMBEDDED_NPHM,
    "pairs": PAIRS,
    "asset": Table(),
    "grooms": GROOMS,
    "cards": CARDS,
}


def config_table(kind: str, config: dict[str, Any]) -> Table:
    """The table for the config of a model of this kind. Raises SchemaError for a kind that there is not."""
    if kind == "texture":
        return LARGE_PAINTER if "base" in config else PAINTER
    if kind == "upscaler":
        return FOREIGN_UPSCALER if "file" in config else UPSCALER
    if kind == "nphm" and config.get("architecture") == "official":
        return OFFICIAL_NPHM
    if kind not in _TABLES:
        raise SchemaError(
            f"says {shown(kind)} for 'kind'.", f"Known are {', '.join([*_TABLES, 'texture', 'upscaler'])}."
        )
    return _TABLES[kind]
