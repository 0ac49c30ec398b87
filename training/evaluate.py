"""`python -m training.evaluate <model> ...`: measure an embedded model; the figures go into its model.json."""

from __future__ import annotations

import argparse
import importlib
import sys

# model: (module with add_arguments(parser) and run(args), what it measures)
MODELS = {
    "nphm": ("clip_head.training.nphm_evaluate", "surface and expression error on heads held out of training"),
    "words": ("clip_head.training.words_evaluate", "what mapped heads show of the words; unseen phrasings"),
    "texture": ("clip_head.training.texture_evaluate", "albedo kept, and words obeyed, on heads held out of training"),
}


def main(arguments: list[str] | None = None) -> None:
    """Run one evaluation. Only that model's module is imported."""
    words = sys.argv[1:] if arguments is None else arguments
    listing = "\n".join(f"  {name:<10} {what}" for name, (_, what) in MODELS.items())
    parser = argparse.ArgumentParser(
        prog="python -m training.evaluate",
        epilog=f"models:\n{listing}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("model", choices=MODELS, metavar="model", help="one of the models below")
    model = parser.parse_args(words[:1]).model
    module = importlib.import_module(MODELS[model][0])
    options = argparse.ArgumentParser(prog=f"python -m training.evaluate {model}", description=MODELS[model][1])
    module.add_arguments(options)
    module.run(options.parse_args(words[1:]))


if __name__ == "__main__":
    main()
