"""The prompts of all reports, in prompts.json, so that pictures of different times show the same heads."""

from __future__ import annotations

from pathlib import Path

from clip_head.training.engine.tables import load_table

#: Report -> its prompts.
PROMPTS_OF: dict[str, tuple[str, ...]] = load_table(
    Path(__file__).with_name("prompts.json"),
    (
        "contact_sheet",
        "contact_sheet_people",
        "asset_sheet",
        "hair_sheet",
        "beard_sheet",
        "pose_previews",
        "close_ups",
        "gallery",
        "clip_score",
    ),
)
