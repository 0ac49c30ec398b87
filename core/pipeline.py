"""The method, in order: words, codes, surface, aligned UV, control image, texture (CLIP-Head, section 2)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from time import perf_counter

import numpy as np

from .errors import MeshError, ModelError
from .mapping import Mapping, load_mapping, map_expression, map_identity
from .models import EMBEDDED
from .nphm import (
    NPHM,
    DecodedHead,
    SurfaceFacts,
    decode_head,
    extract_head,
    find_head,
    find_template_points,
    load_nphm,
    place_template,
    read_surface,
)
from .official import convert_official, is_official
from .request import check_edit, check_request
from .text import Splitter, TextModel, encode_text, load_splitter, load_text_model, split_prompt
from .texture import (
    Canonical,
    Painter,
    Registration,
    SkinDetail,
    Upscaler,
    affirmed,
    derive_maps,
    dress,
    has_skin,
    in_hue_of_material,
    keep_rest,
    load_canonical,
    load_painter,
    load_skin_detail,
    load_upscaler,
    mark_tints,
    match_seam,
    paint_albedo,
    read_marks,
    region_weights,
    register,
    side_of,
    tint_beard,
    upscale,
    with_irises,
)
from .types import (
    Bytes,
    Canvas,
    Edit,
    Floats,
    ForeignMesh,
    Head,
    HeadRequest,
    Latents,
    Progress,
    TextureSet,
    UnwrappedMesh,
    UVMaps,
    no_progress,
)
from .uv import REMEDY, Layout, carry_to_all, corner_uv, draw_uv_maps, load_layout, place, unwrap, vertex_normals

#: What is read where a prompt has no word of appearance, or none of expression.
SOMEBODY, CALM = "a person", "neutral expression"
#: Side of the textures, in texels, that show all of the head model's detail.
_KNOWN = 1024


@dataclass(frozen=True)
class Models:
    """Every model the method needs, loaded once."""

    splitter: Splitter
    text: TextModel
    mapping: Mapping
    nphm: NPHM
    layout: Layout
    painter: Painter
    canonical: Canonical | None = None
    upscaler: Upscaler | None = None
    skin_detail: SkinDetail | None = None

    @cached_property
    def canonical_eyes(self) -> Floats:
        """How far each of the canonical head's vertices (V,) is on an eye; none where there is no such head."""
        if self.canonical is None:
            return np.zeros(0, np.float32)
        return region_weights(self.nphm.network, self.canonical.points, self.canonical.mesh).eyes


def load_models(folder: Path = EMBEDDED, progress: Progress = no_progress) -> Models:
    """Load the models in `folder`: text/, mapping/, nphm/, texture/, splitter/, upscaler/, or the official files,
    converted on first load.

    What is not there is the embedded models' work; text/ and mapping/ go together. The layout is the one that the
    painter was trained in. Raises ModelError naming what is wrong.
    """
    progress("models", 0.0)
    if not folder.is_dir() or not any(folder.iterdir()):
        raise ModelError(f"There are no models in {folder}.", "Name a folder with models, or leave the setting empty.")
    if is_official(folder):
        folder = convert_official(folder)
    words = folder if (folder / "text").is_dir() or (folder / "mapping").is_dir() else EMBEDDED
    text = load_text_model(words / "text")
    mapping = load_mapping(words / "mapping")
    progress("models", 0.4)
    nphm = load_nphm(_folder_of("nphm", folder))
    progress("models", 0.6)
    splitting, painting = _folder_of("splitter", folder), _folder_of("texture", folder)
    # Splitter and painter read the text tower beside which they were trained.
    towers = {folder: text, words: text}
    for beside in {splitting.parent, painting.parent} - set(towers):
        towers[beside] = load_text_model(beside / "text")
    splitter = load_splitter(splitting, towers[splitting.parent])
    painter = load_painter(painting, towers[painting.parent])
    layout = load_layout(painter.layout)
    upscaler = load_upscaler(_folder_of("upscaler", folder))
    progress("models", 1.0)
    canonical, detail = load_canonical(painting), load_skin_detail(painting)
    return Models(splitter, text, mapping, nphm, layout, painter, canonical, upscaler, detail)


def _folder_of(part: str, folder: Path) -> Path:
    return folder / part if (folder / part).is_dir() else EMBEDDED / part


def generate_head(request: HeadRequest, models: Models, progress: Progress = no_progress) -> Head:
    """Make the head that the request asks for.

    Same request and models, same head, bit for bit, on one machine with the same versions of the libraries and the same
    number of threads (OMP_NUM_THREADS). Where one of these differs, sums are rounded in another order: codes agree to
    some 1e-6 of a code's unit, and with them shape and colours to what nobody sees, while vertices may be other points
    of the same surface, in another order.

    Raises RequestError for a request that makes no sense, ModelError when a model computes NaN, MeshError when the
    surface is no head, Cancelled when `progress` says so.
    """
    check_request(request)
    seconds: dict[str, float] = {}

    with _stage("words", seconds, progress):
        latents = read_words(request, models)

    with _stage("geometry", seconds, progress):
        head = decode_head(models.nphm, latents)
        surface = extract_head(head, request.resolution, progress)

    with _stage("unwrap", seconds, progress):
        mesh = unwrap(surface, models.layout)

    maps, textures = _texture(request, mesh, head, None, models, seconds, progress)
    used = (models.splitter.card, models.text.card, models.mapping.card, models.nphm.card, models.painter.card)
    return Head(request, latents, mesh, maps, textures, seconds, used)


def texture_head(request: HeadRequest, canvas: Canvas, models: Models, progress: Progress = no_progress) -> Head:
    """Paint a head that is there already: its geometry stays, its UV too where it has one.

    The request's skin (or its prompt), negative, seed and texture_size count. Same request, canvas and models, same
    bytes. Raises as `generate_head` does.
    """
    check_request(request)
    check_edit(canvas.edit)
    seconds: dict[str, float] = {}

    with _stage("unwrap", seconds, progress):
        if isinstance(canvas.mesh, ForeignMesh):
            mesh, corners = _unwrap_foreign(canvas.mesh, models)
        else:
            mesh, corners = canvas.mesh, None

    head = find_head(models.nphm, canvas.latents, mesh.vertices)
    if head is not None and mesh.template_points is None:
        normals = vertex_normals(mesh.vertices, mesh.faces, mesh.source)
        mesh = replace(mesh, template_points=find_template_points(head, mesh.vertices, normals))
    maps, textures = _texture(request, mesh, head, canvas.edit, models, seconds, progress)
    latents = canvas.latents or Latents(np.zeros(0, np.float32), np.zeros(0, np.float32))
    return Head(request, latents, mesh, maps, textures, seconds, (models.text.card, models.painter.card), corners)


def _unwrap_foreign(foreign: ForeignMesh, models: Models) -> tuple[UnwrappedMesh, Floats]:
    """An artist's head, unwrapped in NPHM's frame, and the UV at the corners of its own polygons (L, 2)."""
    placed = place(foreign)
    try:
        mesh = unwrap(placed, models.layout)
    except MeshError as error:
        raise MeshError(error.cause, REMEDY) from error
    return mesh, corner_uv(foreign, placed.vertices, mesh)


def _texture(
    request: HeadRequest,
    mesh: UnwrappedMesh,
    head: DecodedHead | None,
    edit: Edit | None,
    models: Models,
    seconds: dict[str, float],
    progress: Progress,
) -> tuple[UVMaps, TextureSet]:
    """The second half of the method: maps and textures of an unwrapped head. head: what its model knows of it."""
    with _stage("maps", seconds, progress):
        maps = draw_uv_maps(mesh, request.texture_size)

    with _stage("texture", seconds, progress):
        wrinkles = marks = laid = None
        facts = SurfaceFacts(maps.normal[maps.mask]) if head is None else _read_chart(head, maps)
        placed = None if head is None or models.canonical is None else place_template(head, models.canonical.points)
        if models.canonical is None or placed is None:
            painted = _paint(
                request, draw_uv_maps(mesh, models.painter.size), edit, request.texture_size, models, progress
            )
        else:
            laid = register(models.canonical, mesh, request.texture_size)
            control = models.canonical.control(placed, models.painter.size)
            moved = None if edit is None else laid.edit_to_canonical(edit, facts.hair, models.painter.size)
            painted = _paint(request, control, moved, models.painter.size, models, progress)
            picture = in_hue_of_material(painted, request.skin or request.prompt)
            large = upscale(models.upscaler, picture, request.texture_size)
            large = with_irises(large, models.canonical, models.canonical_eyes)
            detail = models.skin_detail if has_skin(request.skin, request.prompt) else None
            if detail is not None and head is not None:
                wrinkles = laid.to_head(detail.wrinkled(head.z_id.numpy())[..., None], order=1)[:, 0]
                marks = _marks(request, laid, detail, models.painter)
            painted = dress(models.canonical, large, laid, facts.hair, detail, wrinkles, marks, facts.frizz)
        points = maps.position[maps.mask] if laid is None else laid.points
        matched = match_seam(tint_beard(painted, maps.mask, facts.hair, facts.beard, points), mesh)
        albedo = matched if edit is None else keep_rest(matched, edit, maps.mask, request.texture_size)
        regions = region_weights(models.nphm.network, None if head is None else mesh.template_points, mesh)
        textures = derive_maps(albedo, mesh, maps, facts, regions, (request.skin, request.prompt), wrinkles=wrinkles)

    return maps, textures


def _read_chart(head: DecodedHead, maps: UVMaps) -> SurfaceFacts:
    """What the head's model knows of all texels of its chart, which is nothing finer than a chart of _KNOWN shows."""
    step = max(1, len(maps.mask) // _KNOWN)
    facts = read_surface(head, maps.position[::step, ::step][maps.mask[::step, ::step]])
    normals = carry_to_all(facts.normals, maps.mask, step)
    hair, beard = (
        None if told is None else carry_to_all(told[:, None], maps.mask, step)[:, 0]
        for told in (facts.hair, facts.beard)
    )
    return replace(facts, normals=normals / np.linalg.norm(normals, axis=1, keepdims=True), hair=hair, beard=beard)


def _marks(request: HeadRequest, laid: Registration, detail: SkinDetail, painter: Painter) -> Floats | None:
    """What freckles and other marks leave of the skin's colours (N, 3), None where the words ask for none."""
    if painter.embed is None:
        return None
    words = request.skin or request.prompt
    asked = read_marks(detail.marking, painter.embed(affirmed(words))[0].numpy())
    if not asked.any():
        return None
    bare = laid.to_head(detail.bare[..., None], order=1)
    return np.asarray(1 - bare * (1 - mark_tints(laid.points, asked, request.seed, side_of(words))), np.float32)


def _paint(
    request: HeadRequest, control: UVMaps, edit: Edit | None, size: int, models: Models, progress: Progress
) -> Bytes:
    """The painter's picture (size, size, 3) over the control image, before anything corrects it."""
    looks = request.skin or request.prompt
    return paint_albedo(models.painter, control, looks, request.seed, size, progress, request.negative, edit)


def read_words(request: HeadRequest, models: Models) -> Latents:
    """The two codes of a request. z_id is decided by the words of appearance alone, z_exp by those of expression."""
    words = split_prompt(models.splitter, request.prompt)
    felt = models.mapping.sentence.format(request.expression or words.expression or CALM)
    appearance, expression = encode_text(models.text, [words.appearance or SOMEBODY, felt])
    z_id = map_identity(models.mapping, appearance, request.seed, request.variation)
    return Latents(z_id, map_expression(models.mapping, expression))


@contextmanager
def _stage(name: str, seconds: dict[str, float], progress: Progress) -> Iterator[None]:
    progress(name, 0.0)
    start = perf_counter()
    yield
    seconds[name] = perf_counter() - start
    progress(name, 1.0)
