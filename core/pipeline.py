"""The method, in order: words, codes, surface, aligned UV, control image, texture (CLIP-Head, section 2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from .asset.arkit import action_weights
from .asset.assemble import asset_of, facts_by_template, part_images
from .asset.head import neutral_head
from .asset.pictures import TEETH
from .asset.template import AssetTemplate, load_asset, skin_mesh
from .beside import beside
from .errors import MeshError, ModelError
from .fit.head import fit_head
from .fit.template import FitTemplate
from .hair.library import load_grooms
from .hair.read import ask_hair
from .hair.style import with_hairstyle
from .hair.tones import as_painted
from .mapping import (
    Mapping,
    Phrases,
    compared_identities,
    drawn_ancestry,
    load_mapping,
    map_expression,
    map_identity,
    style_scores,
    together,
)
from .mapping.hair import HairMapping, load_hair_mapping
from .models import EMBEDDED
from .normals import angle_weighted_normals
from .nphm import NPHM, decode_head, extract_head, find_head, find_template_points, load_nphm
from .official import convert_official, is_official
from .request import check_edit, check_request
from .stages import stage
from .text import Splitter, SplitWords, TextModel, encode_text, load_splitter, load_text_model, split_prompt, understood
from .text.phrases import expressions_of, features_of
from .text.plain import Reader, load_reader, plain_request, read_as
from .text.skin_tones import added_tone, drawn_tone
from .texture import TextureModels, load_texture_models, texture
from .types import (
    Canvas,
    Floats,
    ForeignMesh,
    Hairstyle,
    Head,
    HeadRequest,
    Latents,
    Progress,
    UnwrappedMesh,
    no_progress,
)
from .uv import REMEDY, Layout, corner_uv, draw_uv_maps, load_layout, place, unwrap

#: The words that stand in where a prompt has none of appearance, or none of expression.
DEFAULT_APPEARANCE, DEFAULT_EXPRESSION = "a person", "neutral expression"


@dataclass(frozen=True)
class Models:
    """Every model the method needs, loaded once.

    reader: mends typing errors, and translates other languages.
    splitter: separates the prompt's words of appearance from those of expression.
    text: the text tower that MLP_id and MLP_exp read.
    mapping: MLP_id and MLP_exp.
    nphm: the head model, which knows a template wherever heads of quads are made.
    layout: the fixed curve of the aligned UV.
    texture: ControlNet_uv with latent diffusion, and what completes its picture.
    asset: quads, parts and bones on the head model's template; None where that has none.
    decoder: the head model whose codes the mapping gives, where that has no template, such as the official: its
        surfaces become heads of quads by laying nphm on them. None: nphm itself.
    fit: what is known of nphm's template for that.
    hair: MLP_hair; None where hair is told by the mapping alone.
    """

    reader: Reader
    splitter: Splitter
    text: TextModel
    mapping: Mapping
    nphm: NPHM
    layout: Layout
    texture: TextureModels
    asset: AssetTemplate | None = None
    decoder: NPHM | None = None
    fit: FitTemplate | None = None
    hair: HairMapping | None = None

    @property
    def coded(self) -> NPHM:
        """The head model whose codes the mapping gives."""
        return self.decoder or self.nphm


def generate_head(request: HeadRequest, models: Models, progress: Progress = no_progress) -> Head:
    """Make the head that the request asks for. Same request and models, same head, bit for bit.

    request: what is asked for.
    models: loaded.
    progress: is told the stages; what it raises ends the work at once.
    Raises RequestError for a request that makes no sense, ModelError when a model computes NaN, MeshError when the
    surface is no head, Cancelled when `progress` says so.
    """
    check_request(request)
    seconds: dict[str, float] = {}
    with stage("words", seconds, progress):
        plain = plain_request(models.reader, request)
        words = split_prompt(models.splitter, plain.prompt)
        hairstyle = read_hairstyle(plain, words, models)
        latents = codes_of(plain, words, models, hairstyle)
        unread = understood.not_understood(word_changes(plain, words, models))
        tone = skin_tone(plain, words, models)
    quads = None if request.surface == "raw" else models.asset
    with beside(quads is not None) as pool:
        with stage("geometry", seconds, progress):
            head = decode_head(models.coded, latents)
            surface = extract_head(head, request.resolution, progress) if quads is None or models.fit else None
            fit = fit_head(models.fit, surface) if quads and surface and models.fit else None
            if fit and quads:
                head, latents = fit.decoded(quads.network), fit.latents
            if quads:
                warp, of_template = fit.warp if fit else None, models.texture.template
                neutral = neutral_head(quads, latents.z_id, warp)
                # Parts, keys and hair are built while the skin, whose vertices and UV are known by now, is painted.
                building = pool.submit(asset_of, plain, latents, quads, of_template, warp, hairstyle, neutral)
        with stage("unwrap", seconds, progress):
            if quads:
                mesh = skin_mesh(quads.head, neutral.vertices)
            elif surface:
                mesh = unwrap(surface, models.layout)
        with stage("maps", seconds, progress):
            maps = draw_uv_maps(mesh, request.texture_size)
        with stage("texture", seconds, progress):
            facts = facts_by_template(head, mesh, maps, quads, hairstyle) if quads else None
            painted = as_painted(plain, tone)
            textures, made = texture(painted, mesh, maps, head, None, models.texture, progress, facts)
            images = part_images(plain, made, textures, facts, maps, models.texture) if facts else {}
            asset = building.result() if quads else None
    read_by = [models.reader.spelling.card, models.splitter.card, models.text.card, models.mapping.card]
    read_by += [models.hair.card] if hairstyle and models.hair else []
    built_by = [models.coded.card] + ([models.nphm.card] if fit else []) + ([quads.card] if quads else [])
    built_by += [quads.grooms.card] if quads and quads.grooms else []
    return Head(
        request,
        latents,
        mesh,
        maps,
        textures,
        seconds,
        (*read_by, *built_by, *made.models),
        read_as=read_as(request, plain),
        not_understood=unread,
        skin_tone=tone,
        asset=asset,
        part_images=images,
        fit_mm=fit.distance_mm if fit else None,
    )


def texture_head(request: HeadRequest, canvas: Canvas, models: Models, progress: Progress = no_progress) -> Head:
    """Paint a head that is there already: its geometry stays, its UV too where it has one.

    Same request, canvas and models, same bytes.

    request: of it the words that are painted (looks, negative), seed and texture_size count.
    canvas: the head.
    models, progress, errors: as of `generate_head`.
    """
    check_request(request)
    check_edit(canvas.edit)
    seconds: dict[str, float] = {}
    with stage("unwrap", seconds, progress):
        if isinstance(canvas.mesh, ForeignMesh):
            mesh, corners = _unwrap_foreign(canvas.mesh, models)
        else:
            mesh, corners = canvas.mesh, None
    head = find_head(models.nphm, canvas.latents, mesh.vertices)
    head = head or find_head(models.coded, canvas.latents, mesh.vertices)
    on_asset = mesh.template_points is not None
    if head is not None and mesh.template_points is None:
        normals = angle_weighted_normals(mesh.vertices, mesh.faces, mesh.source)
        mesh = replace(mesh, template_points=find_template_points(head, mesh.vertices, normals))
    with stage("maps", seconds, progress):
        maps = draw_uv_maps(mesh, request.texture_size)
    with stage("texture", seconds, progress):
        plain = plain_request(models.reader, request)
        tone = added_tone(plain.looks, plain.prompt, plain.seed, canvas.skin_tone)
        painted = as_painted(plain, tone)
        facts = None
        if head and on_asset and models.asset:
            facts = facts_by_template(head, mesh, maps, models.asset, canvas.hairstyle)
        textures, made = texture(painted, mesh, maps, head, canvas.edit, models.texture, progress, facts)
        images = part_images(plain, made, textures, facts, maps, models.texture) if facts else {}
    used = (models.text.card, *made.models)
    return Head(
        request,
        canvas.latents,
        mesh,
        maps,
        textures,
        seconds,
        used,
        corners,
        read_as=read_as(request, plain),
        skin_tone=tone,
        part_images={name: image for name, image in images.items() if name != TEETH},
    )


def raw_surface(latents: Latents, resolution: int, models: Models, progress: Progress = no_progress) -> UnwrappedMesh:
    """The paper's own surface of a head that is there as an asset: extracted, and unwrapped on its own.

    latents: of the head.
    resolution: cells along the height of the extraction's box.
    models, progress, errors: as of `generate_head`.
    """
    seconds: dict[str, float] = {}
    with stage("geometry", seconds, progress):
        surface = extract_head(decode_head(models.nphm, latents), resolution, progress)
    with stage("unwrap", seconds, progress):
        return unwrap(surface, models.layout)


def read_expression(request: HeadRequest, models: Models) -> dict[str, float]:
    """The facial actions that words of expression ask for: ARKit name -> strength, for the keys of an asset.

    request: its `expression` counts, or else what its prompt says of one.
    models: loaded.
    Raises RequestError for words that make no sense, ModelError where the head model knows no such actions, or a model
    computes NaN.
    """
    check_request(request)
    if models.asset is None or models.decoder is not None:
        raise ModelError(
            f"The head model {models.coded.card.name} has no facial actions by name.",
            "Use the embedded models for this.",
        )
    return action_weights(read_words(request, models).z_exp, models.nphm.network.actions)


def read_words(request: HeadRequest, models: Models) -> Latents:
    """From the words of a request, in any language, to the two codes of NPHM (CLIP-Head, section 2.1).

    request: its prompt, expression, seed and variation count.
    models: loaded.
    Raises ModelError when a model computes NaN.
    """
    plain = plain_request(models.reader, request)
    words = split_prompt(models.splitter, plain.prompt)
    return codes_of(plain, words, models, read_hairstyle(plain, words, models))


def read_hairstyle(request: HeadRequest, words: SplitWords, models: Models) -> Hairstyle | None:
    """What hair, beard and brows the words ask for; None where the models know no grooms, or none by words.

    request: in plain English; its prompt, seed and variation count.
    words: of its prompt.
    models: loaded.
    Raises ModelError when a model computes NaN.
    """
    if models.hair is None or models.asset is None or models.asset.grooms is None or models.decoder is not None:
        return None
    known, drawn = frozenset(models.asset.grooms.grooms), (request.seed, request.variation)
    styles = partial(known_styles, models)
    return ask_hair(request.prompt, words.appearance, *drawn, models.hair, models.text, known, styles).hairstyle


def known_styles(models: Models, words: str) -> dict[str, dict[str, float]]:
    """What MLP_id says of words: of "hair" and "beard" -> name of a style -> its score; none scores 0.

    models: loaded, with quads.
    words: of appearance.
    """
    assert models.asset is not None
    hair, beard = style_scores(models.mapping, encode_text(models.text, [words or DEFAULT_APPEARANCE])[0])
    config = models.asset.network.config
    named = {"hair": (config.styles, hair), "beard": (config.beards, beard)}
    return {kind: dict(zip(names, scores.tolist(), strict=True)) for kind, (names, scores) in named.items()}


def codes_of(request: HeadRequest, words: SplitWords, models: Models, hairstyle: Hairstyle | None = None) -> Latents:
    """The same for a request in plain English, whose words are split.

    z_id depends on the words of appearance alone, z_exp on those of expression alone.

    request: its expression, seed and variation count.
    words: of its prompt.
    models: loaded.
    hairstyle: what it wears; None: styles that MLP_id scores.
    Raises ModelError when a model computes NaN.
    """
    appearance = words.appearance or DEFAULT_APPEARANCE
    expression_words = request.expression or words.expression or DEFAULT_EXPRESSION
    expression = models.mapping.sentence.format(expression_words)
    appearance_embedding, expression_embedding = encode_text(models.text, [appearance, expression])
    phrases = embedded_phrases(models.text, appearance)
    z_id = map_identity(models.mapping, appearance_embedding, request.seed, request.variation, phrases)
    latents = Latents(z_id, expression_code(models, expression_words, expression_embedding))
    if hairstyle is None or models.asset is None or models.asset.grooms is None:
        return latents
    return with_hairstyle(latents, hairstyle, models.asset.grooms, models.asset.network.config)


def expression_code(models: Models, words: str, embedding: Floats) -> Floats:
    """z_exp (D_exp,): where there are several phrases, and weights of actions to mix, what they say together.

    models: loaded.
    words: of expression.
    embedding (D,): of them all.
    Raises ModelError when a model computes NaN.
    """
    said, actions = expressions_of(words), models.coded.network.actions
    if len(said.phrases) > 1 and actions:
        rows = encode_text(models.text, [models.mapping.sentence.format(phrase) for phrase in said.phrases])
        alone = np.stack([map_expression(models.mapping, row) for row in rows])
        mixed = together(alone, said.denied, actions)
        if mixed is not None:
            return mixed
    return map_expression(models.mapping, embedding)


def embedded_phrases(text: TextModel, appearance: str) -> Phrases | None:
    """The phrases of a sentence that are about features, embedded; None where there are none.

    text: the text tower.
    appearance: the sentence.
    """
    features = features_of(appearance)
    if not features.phrases:
        return None
    # Without the words of expression: how many texts are encoded together shows in the last bits.
    rows = encode_text(text, [features.rest or DEFAULT_APPEARANCE, DEFAULT_APPEARANCE, *features.phrases])
    return Phrases(rest=rows[0], neutral=rows[1], alone=rows[2:])


def word_changes(request: HeadRequest, words: SplitWords, models: Models) -> dict[str, tuple[float, float]]:
    """How far the codes move without the words of the prompt that training did not teach (core/text/understood.py);
    none for mappings of which it is not known how far counts.

    request: its prompt and expression count.
    words: of its prompt.
    models: loaded.
    """
    if models.mapping.basis is None:
        return {}

    def codes(appearance: Sequence[str], expression: Sequence[str]) -> tuple[Floats, Floats]:
        texts = [text or DEFAULT_APPEARANCE for text in appearance]
        said = [request.expression or text or DEFAULT_EXPRESSION for text in expression]
        rows = zip(encode_text(models.text, texts), texts, strict=True)
        embedded = [(row, embedded_phrases(models.text, text)) for row, text in rows]
        sentences = [models.mapping.sentence.format(text) for text in said]
        z_exp = [expression_code(models, *pair) for pair in zip(said, encode_text(models.text, sentences), strict=True)]
        return compared_identities(models.mapping, embedded), np.stack(z_exp)

    return understood.word_changes(request.prompt, words, codes)


def skin_tone(request: HeadRequest, words: SplitWords, models: Models) -> str:
    """The words for a skin tone that suits the ancestry that the prompt names, or that the seed gave the head; "" where
    the words for the painter leave nothing to add.

    request: its words, seed and variation count.
    words: of its prompt.
    models: loaded.
    """
    embedding = encode_text(models.text, [words.appearance or DEFAULT_APPEARANCE])[0]
    fractions = drawn_ancestry(models.mapping, embedding, request.seed, request.variation)
    drawn = "" if fractions is None else drawn_tone(fractions, request.seed)
    return added_tone(request.looks, request.prompt, request.seed, drawn)


def _unwrap_foreign(foreign: ForeignMesh, models: Models) -> tuple[UnwrappedMesh, Floats]:
    """An artist's head, unwrapped in NPHM's frame, and the UV at the corners of its own polygons (L, 2)."""
    placed = place(foreign)
    try:
        mesh = unwrap(placed, models.layout)
    except MeshError as error:
        raise MeshError(error.cause, REMEDY) from error
    return mesh, corner_uv(foreign, placed.vertices, mesh)


def load_models(folder: Path = EMBEDDED, progress: Progress = no_progress) -> Models:
    """Load every model of the method.

    folder: holds the model folders text/, mapping/, hair/, nphm/, texture/, splitter/, spelling/ and
        upscaler/, or the official files, which are converted on first load. For each that is missing the embedded model
        is taken; text/ and mapping/ go together. The layout is the one that the painter was trained in.
    progress: is told "models" and the fraction that is loaded.
    Raises ModelError naming what is missing, damaged or of another kind.
    """
    progress("models", 0.0)
    if not folder.is_dir() or not any(folder.iterdir()):
        raise ModelError(f"There are no models in {folder}.", "Name a folder with models, or leave the setting empty.")
    if is_official(folder):
        folder = convert_official(folder)
    words_folder = folder if (folder / "text").is_dir() or (folder / "mapping").is_dir() else EMBEDDED
    text = load_text_model(words_folder / "text")
    mapping = load_mapping(words_folder / "mapping")
    progress("models", 0.4)
    coded = load_nphm(_folder_of("nphm", folder))
    # Without a template of its own, a head model's surfaces are what the embedded one is laid on.
    nphm = coded if coded.network.sheet is not None else load_nphm(EMBEDDED / "nphm")
    progress("models", 0.6)
    splitter_folder, texture_folder = _folder_of("splitter", folder), _folder_of("texture", folder)
    # Splitter and painter read words with the text tower that they were trained with: the one in the same release.
    towers = {folder: text, words_folder: text}
    for release in {splitter_folder.parent, texture_folder.parent} - set(towers):
        towers[release] = load_text_model(release / "text")
    reader = load_reader(_folder_of("spelling", folder))
    splitter = load_splitter(splitter_folder, towers[splitter_folder.parent])
    texture_models = load_texture_models(
        texture_folder, _folder_of("upscaler", folder), nphm.network, towers[texture_folder.parent]
    )
    layout = load_layout(texture_models.painter.layout)
    canonical = texture_models.canonical
    # Quads need the canonical head for their UV, which other painters have not.
    asset = load_asset(_folder_of("asset", folder), nphm, canonical.mesh) if canonical else None
    if asset is not None:
        grooms = load_grooms(_folder_of("grooms", folder), asset.network.sheet.vertices)
        asset = replace(asset, grooms=grooms)
    # Read by the text model that it was trained with, like the mapping.
    hair_folder, width = words_folder / "hair", mapping.identity.embedding_width
    hair = load_hair_mapping(hair_folder, width) if asset is not None and hair_folder.is_dir() else None
    models = Models(reader, splitter, text, mapping, nphm, layout, texture_models, asset, hair=hair)
    if coded is not nphm:
        models = _with_decoder(models, coded)
    progress("models", 1.0)
    return models


def _with_decoder(models: Models, decoder: NPHM) -> Models:
    """The models with a head model that has no template; without quads that one alone counts."""
    axes = load_mapping(EMBEDDED / "mapping").basis
    if models.asset is None or axes is None:
        return replace(models, nphm=decoder)
    return replace(models, decoder=decoder, fit=FitTemplate.of(models.asset.network, axes))


def _folder_of(part: str, folder: Path) -> Path:
    """The folder of one model, such as "nphm": the user's where there is one, else the embedded model's."""
    return folder / part if (folder / part).is_dir() else EMBEDDED / part
