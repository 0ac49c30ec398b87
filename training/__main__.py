"""`python -m training <stage> ...`: one row of STAGES per stage, in the order in which they build on each other."""

from __future__ import annotations

import argparse
import importlib
import os
import sys

# stage: (module with add_arguments(parser) and run(args), what it does)
STAGES = {
    "words_start": ("clip_head.training.words", "the embedded open_clip model before its contrastive training"),
    "words_renders": ("clip_head.training.words_renders", "captioned renders of teacher heads"),
    "words_clip": ("clip_head.training.words_clip", "the embedded open_clip model, on captioned renders"),
    "mapping": ("clip_head.training.mapping", "MLP_id and MLP_exp, on sentences about synthetic people"),
    "teacher": ("clip_head.training.teacher.generate", "synthesise the teacher heads, hair and expressions"),
    "nphm": ("clip_head.training.nphm", "the embedded NPHM, on the teacher's heads"),
    "nphm_hair": ("clip_head.training.nphm_hair", "new hair for an embedded NPHM that is already trained"),
    "texture_vae": ("clip_head.training.texture_vae", "the texture autoencoder, on crops of albedo maps"),
    "texture": ("clip_head.training.texture", "ControlNet_uv: latent diffusion of albedo maps under UV normal maps"),
    "skins": ("clip_head.training.skins.bake", "teacher albedo baked into the aligned UV, with captions"),
    "gallery": ("clip_head.training.gallery", "the pictures of README's gallery, by the embedded models"),
    "skins_sheet": ("clip_head.training.skins.sheet", "a contact sheet of coloured teacher heads, to look at"),
}


def main(arguments: list[str] | None = None) -> None:
    """Run one training stage. Only that stage's module is imported."""
    # Threads that spin while they wait starve each other where a training shares its cores with other work.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    words = sys.argv[1:] if arguments is None else arguments
    listing = "\n".join(f"  {name:<20} {what}" for name, (_, what) in STAGES.items())
    parser = argparse.ArgumentParser(
        prog="python -m training", epilog=f"stages:\n{listing}", formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("stage", choices=STAGES, metavar="stage", help="one of the stages below")
    stage = parser.parse_args(words[:1]).stage
    module = importlib.import_module(STAGES[stage][0])
    options = argparse.ArgumentParser(prog=f"python -m training {stage}", description=STAGES[stage][1])
    module.add_arguments(options)
    module.run(options.parse_args(words[1:]))


if __name__ == "__main__":
    main()
