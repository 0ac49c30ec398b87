"""`python -m training <stage> ...`: one row of STAGES per stage, in the order in which they build on each other."""

from __future__ import annotations

from clip_head.training.dispatch import dispatch

# stage: (module with add_arguments(parser) and run(args), what it does)
STAGES = {
    "words_start": ("clip_head.training.words", "the embedded open_clip model before its contrastive training"),
    "words_renders": ("clip_head.training.words_renders", "captioned renders of teacher heads"),
    "words_clip": ("clip_head.training.words_clip", "the embedded open_clip model, on captioned renders"),
    "splitter": ("clip_head.training.splitter", "which words of a prompt are about shape, expression, looks"),
    "pairs": ("clip_head.training.pairs", "captions and codes of synthetic people, which are shipped"),
    "mapping": ("clip_head.training.mapping", "MLP_id and MLP_exp, on these pairs"),
    "refit": ("clip_head.training.refit", "both for another open_clip model, from the shipped pairs"),
    "teacher": ("clip_head.training.teacher.generate", "synthesise the teacher heads, hair and expressions"),
    "nphm": ("clip_head.training.nphm", "the embedded NPHM, on the teacher's heads"),
    "nphm_hair": ("clip_head.training.nphm_hair", "new hair for an embedded NPHM that is already trained"),
    "canonical": ("clip_head.training.skins.canonical_head", "the head in whose UV the painter paints all people"),
    "scans": ("clip_head.training.scans", "textured head scans as pairs of albedo and UV normal map, with captions"),
    "controlnet_uv": ("clip_head.training.controlnet_uv", "ControlNet_uv for Stable Diffusion, on such pairs"),
    "skins": ("clip_head.training.skins.bake", "teacher albedo baked into the canonical UV, with captions"),
    "texture_vae": ("clip_head.training.texture_vae", "the texture autoencoder, on crops of albedo maps"),
    "texture": ("clip_head.training.texture", "ControlNet_uv: latent diffusion of albedo maps under UV normal maps"),
    "texture_upscale": ("clip_head.training.texture_upscale", "the upscaler of canonical pictures, 512 to 1024 px"),
    "skin_detail": ("clip_head.training.skin_detail", "pores, fine lines and brow hairs for textures of 1024 px on"),
    "contact_sheet": ("clip_head.training.contact_sheet", "48 prompts, and 23 expressions on two people, to look at"),
    "close_ups": ("clip_head.training.close_ups", "24 faces that fill the picture, to look at"),
    "gallery": ("clip_head.training.gallery", "the pictures of README's gallery, by the embedded models"),
    "skins_sheet": ("clip_head.training.skins.sheet", "a contact sheet of coloured teacher heads, to look at"),
}


def main(arguments: list[str] | None = None) -> None:
    """Run one training stage."""
    dispatch("python -m training", "stage", STAGES, arguments)


if __name__ == "__main__":
    main()
