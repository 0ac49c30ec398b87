"""`python -m training.evaluate <model> ...`: measure an embedded model; the figures go into its model.json."""

from __future__ import annotations

from clip_head.training.engine.stages import dispatch

# model: (module of clip_head.training with add_arguments(parser) and run(args), what it measures)
MODELS = {
    "nphm": ("nphm.evaluate", "surface and expression error on heads held out of training"),
    "asset": ("asset.evaluate", "heads of quads: distance to the raw surface, folds, gaps, what crosses or pierces"),
    "words": ("mapping.evaluate", "what mapped heads show of the words; unseen phrasings"),
    "hair": ("mapping.evaluate_hair", "hair, beards and brows in unseen words; degrees in order"),
    "obedience": (
        "prompt_adherence.evaluate",
        "what heads do, in millimetres, for words no training saw",
    ),
    "understood": (
        "prompt_adherence.understood",
        "which words are told to be not understood; the best thresholds for that",
    ),
    "languages": (
        "prompt_adherence.evaluate_languages",
        "whether prompts of other languages and with typing errors are understood as in English",
    ),
    "page": ("report.page", "one HTML page of all that was measured, with plots and renders"),
    "clip": (
        "report.clip_score",
        "CLIP score and retrieval of finished heads, by any open_clip model",
    ),
    "placement": (
        "texture.evaluate_placement",
        "where paint lies on the geometry, in millimetres; the seam",
    ),
    "texture_curve": (
        "texture.evaluate_steps",
        "the same over steps, guidance and noise; seconds a picture",
    ),
    "texture": ("texture.evaluate", "albedo kept, and words obeyed, on heads held out of training"),
}


def main(arguments: list[str] | None = None) -> None:
    """Run one evaluation."""
    dispatch("python -m training.evaluate", "model", MODELS, arguments)


if __name__ == "__main__":
    main()
