"""From the embedding of the words to the two disjoint codes of NPHM."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from ..errors import ModelError
from ..foreign_files import check_regular_file
from ..models import LARGEST_WEIGHTS, RESTORE, ModelFolder, load_tensors, open_model_folder
from ..types import Floats, Ints, ModelCard
from .network import Clip2NPHM, network_from
from .phrases import Phrases, with_phrases

#: Standard deviations at which draws are clipped: heads further off were hardly ever trained on.
FURTHEST = 2.0
#: How far a shape must be mentioned, 0 to 1, to be kept from the seed: less comes of the network's own errors.
LEAST_MENTIONED = 0.3
#: Ridge of the least squares that keeps shapes, which may read each other.
RIDGE = 0.05
#: Standard deviation along the axes of ancestry from which on words leave the ancestry open: between what training
#: gives where they name one (0.05) and where they do not (0.45).
OPEN_ANCESTRY = 0.22
#: Distance of two heads of which one surely wears a style that the other surely does not, in units of z_id.
STYLE_DISTANCE = 10.0
#: Least probability of a style of hair or beard that is drawn, as a fraction of the likeliest style's: less likely ones
#: contradict the words.
ALLOWED = 0.5


@dataclass(frozen=True)
class Readings:
    """What one would see of R shapes, and of which a prompt speaks: the seed must not undo its words.

    values (R, K): how much of each shape one unit along each row of the basis shows.
    rows (R,): the shapes' own rows of the basis.
    mentioned, open (R,): logarithms of the deviations along these rows where a prompt speaks of the shape, and where it
        speaks of nothing near.
    """

    values: Floats
    rows: Ints
    mentioned: Floats
    open: Floats


@dataclass(frozen=True)
class Mapping:
    """MLP_id and MLP_exp, and how identities vary around the mean that MLP_id gives.

    card: its name and licence.
    identity: MLP_id; gives z_id, whose last numbers are scores of the hair styles and then of the beards.
    expression: MLP_exp, of one or several networks; the mean of what they give is z_exp.
    hair_styles, beards: how many scores of each end z_id.
    styles: further networks for these scores, which are averaged with MLP_id's.
    spread: gives, for the same embedding, the logarithm of the standard deviation along each row of basis: small where
        the words decide, large where they are silent. None, as in the official release: deviations are one.
    basis (K, D_id - hair_styles - beards): directions in which identities vary; None: the seed changes nothing.
    readings: keeps what the words ask for whoever the seed draws; None: nothing does.
    sentence: what MLP_exp reads, "{}" standing for the words of expression.
    ancestry_axes: the rows of basis that lead from a mixed ancestry to an African one and to an Asian one; () where the
        model does not tell.
    """

    card: ModelCard
    identity: Clip2NPHM
    expression: tuple[Clip2NPHM, ...]
    hair_styles: int = 0
    beards: int = 0
    spread: Clip2NPHM | None = None
    basis: Floats | None = None
    readings: Readings | None = None
    sentence: str = "{}"
    ancestry_axes: tuple[int, ...] = ()
    styles: tuple[Clip2NPHM, ...] = ()


def load_mapping(folder: Path) -> Mapping:
    """Load the folder of a mapping model: identity and expression as .safetensors, or as the official .pth.

    Raises ModelError when anything is missing, damaged, or not the paper's network.
    """
    opened = open_model_folder(folder, "mapping")
    config = opened.config
    mapping = Mapping(
        opened.card,
        identity=_network(opened, config["identity"]),
        expression=networks_in(opened, config["expression"]),
        hair_styles=config.get("hair_styles", 0),
        beards=config.get("beards", 0),
        spread=_network(opened, config["spread"]) if "spread" in config else None,
        basis=_table(opened, config["basis"], "basis") if "basis" in config else None,
        readings=_readings(opened, config["readings"]) if "readings" in config else None,
        sentence=config.get("sentence", "{}"),
        ancestry_axes=tuple(config.get("ancestry_axes", ())),
        styles=networks_in(opened, config["styles"]) if "styles" in config else (),
    )
    _check_sizes(mapping, folder)
    return mapping


def map_identity(
    mapping: Mapping, embedding: Floats, seed: int, variation: float = 1.0, phrases: Phrases | None = None
) -> Floats:
    """z_id for an embedding: one of the people the words allow, drawn by the seed.

    z_id = MLP_id(e) + variation * exp(spread(e)) * noise @ basis, the noise being normal. Hair and beard are each one
    style, drawn among the likely ones, as a one-hot code.

    mapping: the networks.
    embedding (D,): e, of the words of appearance.
    seed: of the noise and the styles.
    variation: 0 to 1; 0 gives the mean head of the words with the likeliest styles.
    phrases: those of the words that must keep what they say alone; the official release, without a basis, has none.
    Returns (D_id,). Raises ModelError when a model computes NaN.
    """
    code = mean_identity(mapping, embedding, phrases)
    if mapping.basis is None:
        return code
    random = np.random.default_rng(seed)
    mean, hair, beard = np.split(code, np.cumsum([mapping.basis.shape[1], mapping.hair_styles]))
    noise = _draw_noise(mapping, embedding, random, variation, phrases)
    drawn = mean + noise @ mapping.basis
    styles = [draw_style(scores, random, variation) for scores in (hair, beard) if scores.size]
    return np.concatenate([drawn, *styles]).astype(np.float32)


def mean_identity(mapping: Mapping, embedding: Floats, phrases: Phrases | None) -> Floats:
    """The code (D_id,) of the mean head of the words, with scores of styles at its end.

    mapping, embedding, phrases: as of `map_identity`.
    """
    code = _evaluate(mapping, mapping.identity, embedding)
    if mapping.styles:
        scores = len(code) - mapping.hair_styles - mapping.beards
        others = [_evaluate(mapping, network, embedding) for network in mapping.styles]
        code[scores:] = np.mean([code[scores:], *others], axis=0)
    if phrases is None or mapping.basis is None:
        return code
    shape = mapping.basis.shape[1]
    rest, neutral, *alone = (_evaluate(mapping, mapping.identity, row)[:shape] for row in phrases.rows())
    return np.concatenate([with_phrases(code[:shape], rest, np.stack(alone) - neutral), code[shape:]])


def style_scores(mapping: Mapping, embedding: Floats) -> tuple[Floats, Floats]:
    """Scores of the styles of hair (S,), and of beards (B,), for words; none scores 0.

    mapping: the networks.
    embedding (D,): of the words of appearance.
    """
    code = mean_identity(mapping, embedding, None)
    shape = len(code) - mapping.hair_styles - mapping.beards
    hair, beard = np.split(code[shape:], [mapping.hair_styles])
    return hair, beard


def drawn_ancestry(
    mapping: Mapping, embedding: Floats, seed: int, variation: float = 1.0
) -> tuple[float, float, float] | None:
    """The fractions of African, Asian and European ancestry that the seed gives a head whose words leave them open.

    mapping, embedding, seed, variation: as of `map_identity`.
    Returns None where the words settle the ancestry, or the model does not tell.
    """
    if mapping.basis is None or mapping.spread is None or len(mapping.ancestry_axes) != 2:
        return None
    axes = list(mapping.ancestry_axes)
    if np.exp(_evaluate(mapping, mapping.spread, embedding))[axes].min() < OPEN_ANCESTRY:
        return None
    african, asian = _draw_noise(mapping, embedding, np.random.default_rng(seed), variation)[axes].tolist()
    # One unit along an axis leads from equal thirds to one ancestry alone.
    return (
        1 / 3 + (2 * african - asian) / 3,
        1 / 3 + (2 * asian - african) / 3,
        1 / 3 - (african + asian) / 3,
    )


def compared_identities(mapping: Mapping, appearance: Sequence[tuple[Floats, Phrases | None]]) -> Floats:
    """What N embeddings each do to the identity, as rows (N, D) whose distance says how different the heads are: the
    mean z_id with probabilities of styles, times STYLE_DISTANCE, in place of their scores.

    mapping: the networks.
    appearance: N times the embedding of the words for MLP_id and the phrases among them.
    """
    rows = np.stack([mean_identity(mapping, embedding, phrases) for embedding, phrases in appearance])
    styles = mapping.hair_styles + mapping.beards
    shape, hair, beard = np.split(rows, np.cumsum([rows.shape[1] - styles, mapping.hair_styles]), axis=1)
    parts = [shape, *(STYLE_DISTANCE * _probabilities(scores) for scores in (hair, beard))]
    return np.hstack(parts).astype(np.float32)


def _draw_noise(
    mapping: Mapping,
    embedding: Floats,
    random: np.random.Generator,
    variation: float,
    phrases: Phrases | None = None,
) -> Floats:
    """How far a head is from the mean of its words along each row of the basis (K,)."""
    assert mapping.basis is not None
    noise = random.standard_normal(len(mapping.basis)).clip(-FURTHEST, FURTHEST).astype(np.float32)
    noise *= np.float32(variation)
    if mapping.spread is not None:
        deviations = _evaluate(mapping, mapping.spread, embedding)
        if mapping.readings is not None and phrases is not None:
            rows = mapping.readings.rows
            alone = [_evaluate(mapping, mapping.spread, row)[rows] for row in phrases.alone]
            deviations[rows] = np.min([deviations[rows], *alone], axis=0)
        noise *= np.exp(deviations)
        if mapping.readings is not None:
            noise = keep_mentioned(noise, deviations, mapping.readings)
    return noise


def _probabilities(scores: Floats) -> Floats:
    """Softmax (N, S) of scores of styles (N, S), where none scores 0."""
    odds = np.exp(np.append(scores, np.zeros((len(scores), 1), np.float32), axis=1))
    return np.asarray(odds[:, :-1] / odds.sum(axis=1, keepdims=True), np.float32)


def keep_mentioned(noise: Floats, deviations: Floats, readings: Readings) -> Floats:
    """A draw that leaves the shapes of which the words speak as they are, in what is seen of them: a person drawn with
    a small nose has it made larger again where the words ask for a big one.

    noise (K,): what is drawn along each row of the basis.
    deviations (K,): logarithms of its deviations.
    readings: of the shapes.
    Returns (K,).
    """
    mentioned = (readings.open - deviations[readings.rows]) / (readings.open - readings.mentioned)
    kept = np.flatnonzero(mentioned > LEAST_MENTIONED)
    if not len(kept):
        return noise
    values, rows = readings.values[kept].astype(np.float64), readings.rows[kept]
    own = values[:, rows]
    moved = -np.clip(mentioned[kept], 0.0, 1.0) * (values @ noise)
    steady = noise.astype(np.float64)
    steady[rows] += np.linalg.solve(own.T @ own + RIDGE * np.eye(len(kept)), own.T @ moved)
    return steady.astype(np.float32)


def map_expression(mapping: Mapping, embedding: Floats) -> Floats:
    """z_exp (D_exp,) = MLP_exp(e) for an embedding (D,). Raises ModelError when the model computes NaN."""
    codes = [_evaluate(mapping, network, embedding) for network in mapping.expression]
    mean: Floats = np.mean(codes, axis=0, dtype=np.float32)
    return mean


def draw_style(scores: Floats, random: np.random.Generator, variation: float = 1.0) -> Floats:
    """Draw a style of hair or beard by its softmax probability, among those likely enough to be meant.

    scores (S,): of the styles; to have none (bald, clean-shaven) scores 0.
    random: where the draw comes from.
    variation: 0 to 1; 0 takes the likeliest.
    Returns a one-hot code (S,), all zero for none.
    """
    scores = np.append(scores, 0.0)
    likelihood = np.exp(scores - scores.max())
    likelihood[likelihood < 1.0 - (1.0 - ALLOWED) * variation] = 0.0
    code = np.zeros(len(scores), np.float32)
    code[random.choice(len(scores), p=likelihood / likelihood.sum())] = 1.0
    return code[:-1]


@torch.inference_mode()
def _evaluate(mapping: Mapping, network: Clip2NPHM, embedding: Floats) -> Floats:
    """A network's code for an embedding (D,). Raises ModelError for an embedding of another width, and for NaN."""
    if embedding.shape != (network.embedding_width,):
        raise ModelError(
            f"The mapping {mapping.card.name!r} reads embeddings of {network.embedding_width} numbers; "
            f"the text model gives {embedding.size}.",
            "Use the mapping together with the text model it was trained for.",
        )
    code = network(torch.from_numpy(np.ascontiguousarray(embedding, dtype=np.float32)))
    if not bool(torch.isfinite(code).all()):
        raise ModelError(
            f"The mapping {mapping.card.name!r} computed numbers that are not finite.",
            "Restore its folder from the release it came from.",
        )
    return code.numpy()


def _network(folder: ModelFolder, name: str) -> Clip2NPHM:
    """The one network in a file of the folder. Raises ModelError where it is damaged or none."""
    return networks_in(folder, name)[0]


def networks_in(folder: ModelFolder, name: str) -> tuple[Clip2NPHM, ...]:
    """The networks in a file of the folder: one, or several whose tensors are named "0....", "1....", and so on.

    Raises ModelError where one is damaged or none.
    """
    path = folder.path / name
    try:
        if path.suffix == ".safetensors":
            tensors = load_tensors(folder, name)
        else:
            check_regular_file(path, LARGEST_WEIGHTS)
            tensors = torch.load(path, map_location="cpu", weights_only=True)
        if not tensors or not all(key[:1].isdigit() for key in tensors):
            return (network_from(tensors),)
        prefixes = [f"{number}." for number in sorted({int(key.partition(".")[0]) for key in tensors})]
        return tuple(
            network_from({key.removeprefix(prefix): tensors[key] for key in tensors if key.startswith(prefix)})
            for prefix in prefixes
        )
    except ModelError:
        raise
    except Exception as error:  # whatever the unpickler, the file system or the state dict find wrong
        raise ModelError(
            f"{path} is not a CLIP-Head mapping network ({type(error).__name__}: {error}).",
            "Choose the file from the official release, or reinstall the embedded model.",
        ) from error


def _table(folder: ModelFolder, file: str, name: str) -> Floats:
    """A table of two dimensions in a file of the folder. Raises ModelError where there is none."""
    tensors = load_tensors(folder, file)
    if name not in tensors or tensors[name].dim() != 2:
        raise ModelError(f"{folder.path / file} holds no table named {name!r}.", RESTORE)
    return np.asarray(tensors[name].numpy(), np.float32)


def _readings(folder: ModelFolder, file: str) -> Readings:
    """The readings in a file of the folder. Raises ModelError where they do not fit each other."""
    tensors = load_tensors(folder, file)
    values = _table(folder, file, "values")
    try:
        rows = tensors["rows"].numpy().astype(np.int32)
        mentioned, open_ = (tensors[name].numpy().astype(np.float32) for name in ("mentioned", "open"))
    except KeyError as error:
        raise ModelError(f"{folder.path / file} holds no tensor named {error}.", RESTORE) from error
    fits = rows.shape == mentioned.shape == open_.shape == values.shape[:1] and (mentioned < open_).all()
    if not fits or rows.min(initial=0) < 0 or rows.max(initial=0) >= values.shape[1]:
        raise ModelError(f"{folder.path / file} holds readings that do not fit each other.", RESTORE)
    return Readings(values, rows, mentioned, open_)


def _check_sizes(mapping: Mapping, folder: Path) -> None:
    """Raise ModelError unless code, basis and spread have room for each other."""
    if mapping.basis is None:
        return
    size, (rows, columns) = mapping.identity.output_linear.out_features, mapping.basis.shape
    if columns + mapping.hair_styles + mapping.beards != size:
        raise ModelError(
            f"{folder / 'model.json'} does not fit its files: MLP_id gives {size} numbers, which are not the "
            f"{columns} of the basis, {mapping.hair_styles} 'hair_styles' and {mapping.beards} 'beards'.",
            RESTORE,
        )
    scores = mapping.hair_styles + mapping.beards
    if any(network.output_linear.out_features != scores for network in mapping.styles):
        raise ModelError(
            f"{folder / 'model.json'} does not fit its files: the networks for styles do not give {scores} scores.",
            RESTORE,
        )
    if mapping.spread is not None and mapping.spread.output_linear.out_features != rows:
        raise ModelError(
            f"{folder / 'model.json'} does not fit its files: the spread gives "
            f"{mapping.spread.output_linear.out_features} numbers, the basis has {rows} rows.",
            RESTORE,
        )
    if mapping.readings is not None and mapping.readings.values.shape[1] != rows:
        raise ModelError(
            f"{folder / 'model.json'} does not fit its files: the readings are of {mapping.readings.values.shape[1]} "
            f"rows, the basis has {rows}.",
            RESTORE,
        )
