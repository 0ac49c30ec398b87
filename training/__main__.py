"""`python -m training <stage> ...`: one row of STAGES per stage, in the order in which they build on each other."""

from __future__ import annotations

from clip_head.training.engine.stages import dispatch

# stage: (module of clip_head.training with add_arguments(parser) and run(args), what it does)
STAGES = {
    "all": ("recipe", "every stage of the embedded models in order, from nothing to OUT/weights"),
    "words_start": (
        "text.initialise",
        "the embedded open_clip model before its contrastive training",
    ),
    "words_renders": ("text.renders", "captioned renders of teacher heads"),
    "words_clip": ("text.contrastive", "the embedded open_clip model, on captioned renders"),
    "splitter": ("splitter.train", "which words of a prompt are about shape, expression, looks"),
    "pairs": ("mapping.pairs", "captions and codes of synthetic people, which are shipped"),
    "mapping": ("mapping.train", "MLP_id and MLP_exp, on these pairs"),
    "hair": ("mapping.hair", "MLP_hair: grooms and degrees, from what is said of hair, beard and brows"),
    "refit": ("mapping.refit", "both for another open_clip model, from the shipped pairs"),
    "teacher": ("teacher.generate", "synthesise the teacher heads, hair and expressions"),
    "nphm": ("nphm.train", "the embedded NPHM, on the teacher's heads"),
    "canonical": ("texture.canonical_head", "the head in whose UV the painter paints all people"),
    "scans": (
        "controlnet_uv.scans",
        "textured head scans as pairs of albedo and UV normal map, with captions",
    ),
    "controlnet_uv": ("controlnet_uv.train", "ControlNet_uv for Stable Diffusion, on such pairs"),
    "skins": ("skins.bake", "teacher albedo baked into the canonical UV, with captions"),
    "texture_vae": ("texture.autoencoder", "the texture autoencoder, on crops of albedo maps"),
    "texture": (
        "texture.train",
        "ControlNet_uv: latent diffusion of albedo maps under UV normal maps",
    ),
    "texture_upscale": ("upscaler.train", "the upscaler of canonical pictures, 512 to 1024 px"),
    "skin_detail": (
        "skin_detail.train",
        "pores, fine lines and brow hairs for textures of 1024 px on",
    ),
    "asset": ("asset.train", "what quads, teeth and bones need of the base mesh"),
    "grooms": ("grooms.train", "guides of every hair style and beard, of brows and lashes"),
    "cards": ("grooms.atlas", "the pictures of hair cards, of the grooms' own strands"),
    "spelling": ("spelling.train", "the words by which typing errors are mended"),
    "contact_sheet": (
        "report.contact_sheet",
        "48 prompts, and 23 expressions on two people, to look at",
    ),
    "faces_sheet": (
        "report.faces_sheet",
        "heads in clay, of the models and of scans, shuffled, to look at",
    ),
    "registration_sheet": (
        "report.registration_sheet",
        "the base mesh beside the scans' mean head that it was laid onto, to look at",
    ),
    "asset_sheet": (
        "report.asset_sheet",
        "eight assets: their quads, their parts, rendered, to look at",
    ),
    "hair_sheet": (
        "report.hair_sheet",
        "every style of hair and every beard by words, to look at",
    ),
    "pose_previews": (
        "report.pose_previews",
        "the thumbnails of the pose library, which are shipped",
    ),
    "close_ups": ("report.close_ups", "24 faces that fill the picture, to look at"),
    "gallery": ("report.gallery", "the pictures of docs/gallery.md, by the embedded models"),
    "skins_sheet": ("report.skins_sheet", "a contact sheet of coloured teacher heads, to look at"),
}


def main(arguments: list[str] | None = None) -> None:
    """Run one training stage."""
    dispatch("python -m training", "stage", STAGES, arguments)


if __name__ == "__main__":
    main()
