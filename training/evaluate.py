"""`python -m training.evaluate <model> ...`: measure an embedded model; the figures go into its model.json."""

from __future__ import annotations

from clip_head.training.dispatch import dispatch

# model: (module with add_arguments(parser) and run(args), what it measures)
MODELS = {
    "nphm": ("clip_head.training.nphm_evaluate", "surface and expression error on heads held out of training"),
    "words": ("clip_head.training.words_evaluate", "what mapped heads show of the words; unseen phrasings"),
    "obedience": (
        "clip_head.training.obedience",
        "what heads do, in millimetres, for words no training saw",
    ),
    "page": ("clip_head.training.page", "one HTML page of all that was measured, with plots and renders"),
    "clip": ("clip_head.training.clip_score", "CLIP score and retrieval of finished heads, by any open_clip model"),
    "placement": ("clip_head.training.texture_geometry", "where paint lies on the geometry, in millimetres; the seam"),
    "texture_curve": ("clip_head.training.texture_curve", "the same over steps, guidance and noise; seconds a picture"),
    "texture": ("clip_head.training.texture_evaluate", "albedo kept, and words obeyed, on heads held out of training"),
}


def main(arguments: list[str] | None = None) -> None:
    """Run one evaluation."""
    dispatch("python -m training.evaluate", "model", MODELS, arguments)


if __name__ == "__main__":
    main()
