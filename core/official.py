"""The official NPHM and CLIP-Head files as model folders: converted once, inside the folder that the user names.

What is read (see the releases SimonGiebenhain/NPHM and raipranav384/CLIP-Head): the checkpoints of the identity and the
expression space, anchors_39.npy, the two clip2nphm networks, the weights of open_clip's ViT-H-14, which stay where they
are, and, where it is there, nphm_lat_std.npy, along which seeds differ. Pickles are opened for their weights only:
nothing in them runs.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from .errors import ModelError
from .foreign_files import check_regular_file
from .models import LARGEST_WEIGHTS, write_model_json
from .types import Floats, ModelCard

if TYPE_CHECKING:
    import torch

    Tensors = dict[str, torch.Tensor]

#: The folder, inside the user's, that the converted models go to.
CONVERTED = "clip_head_models"
#: The text model of the official release, by open_clip's name.
ARCHITECTURE = "ViT-H-14"
#: The two official releases.
_NPHM, _CLIP_HEAD = "github.com/SimonGiebenhain/NPHM", "github.com/raipranav384/CLIP-Head"
#: Files that are looked for anywhere beneath the user's folder, as glob patterns -> where each can be had.
_SOURCES = {
    "nphm_identity*/checkpoints/checkpoint_epoch_*.tar": _NPHM,
    "nphm_expression*/checkpoints/checkpoint_epoch_*.tar": _NPHM,
    "anchors_39.npy": _NPHM,
    "clip2nphm_model_0.pth": _CLIP_HEAD,
    "clip2nphm_model_exp*.pth": _CLIP_HEAD,
    "open_clip_*": f"open_clip ({ARCHITECTURE}, laion2b_s32b_b79k)",
}
#: File with the standard deviations of NPHM's identity codes (1344,), and the fraction of them by which seeds differ
#: from MLP_id's code; the fraction was chosen, not measured.
_DEVIATIONS, _DEVIATION_FRACTION = "nphm_lat_std.npy", 0.25
#: Largest of the official arrays, bytes (1 MB): they have 117 and 1,344 numbers.
_LARGEST_ARRAY = 1024**2
#: The paper's template, which the official MLP_exp was trained on.
_SENTENCE = "A face of a person, {}"
#: What the converted models' cards say of licences: the releases forbid passing the weights on.
_LICENCE = "as its publisher states; not to be passed on"


def is_official(folder: Path) -> bool:
    """Whether a folder holds the official files rather than model folders of ours."""
    return not (folder / "nphm" / "model.json").is_file() and any(folder.rglob(next(iter(_SOURCES))))


def convert_official(folder: Path) -> Path:
    """The official files as model folders text/, mapping/ and nphm/: converted now if that was not done before.

    folder: holds the official files, anywhere beneath it.
    Returns the folder of the model folders, inside `folder`.
    Raises ModelError naming what is missing, damaged, of other shapes, or unsafe to open.
    """
    converted = folder / CONVERTED
    if converted.is_dir():
        return converted
    files = [_find(folder, pattern, source) for pattern, source in _SOURCES.items()]
    identity, expression, anchors, mlp_id, mlp_exp, clip = files
    try:
        unfinished = Path(tempfile.mkdtemp(dir=folder, prefix=f".{CONVERTED}-"))
        try:
            _write_nphm(unfinished / "nphm", identity, expression, anchors)
            _write_mapping(unfinished / "mapping", mlp_id, mlp_exp, next(folder.rglob(_DEVIATIONS), None))
            _write_text(unfinished / "text", clip)
            unfinished.rename(converted)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    except OSError as error:
        raise ModelError(
            f"The official models in {folder} could not be converted ({error}).",
            "Copy them to a folder that may be written to, on a disk with 100 MB of free space.",
        ) from error
    return converted


def _find(folder: Path, pattern: str, source: str) -> Path:
    """The file that matches a pattern. Of several checkpoints the one of the latest epoch: its name is the longest or,
    of equal length, the last in the alphabet. Raises ModelError where none matches."""
    files = [path for path in folder.rglob(pattern) if path.is_file() and CONVERTED not in path.parts]
    if not files:
        raise ModelError(
            f"The official models in {folder} are not complete: there is no {pattern}.",
            f"Add the file from {source}; mind its licence.",
        )
    return max(files, key=lambda path: (len(path.name), path.name))


def _write_nphm(out: Path, identity: Path, expression: Path, anchors: Path) -> None:
    """Write the head model's folder from the two checkpoints and the mean anchors (39, 3)."""
    from safetensors.torch import save_file

    from .nphm.embedded_network import ANCHORS
    from .nphm.model import WEIGHTS
    from .nphm.official import OfficialNPHM

    positions = _read_array(anchors, 3 * ANCHORS).reshape(ANCHORS, 3)
    network = OfficialNPHM(_tensor(positions))
    for part, path in ((network.identity, identity), (network.expression, expression)):
        try:
            part.load_state_dict(_read_pickle(path)["decoder_state_dict"])
        except (RuntimeError, TypeError, KeyError) as error:
            raise _unfit(path, error) from error
    out.mkdir()
    tensors = {name: tensor.contiguous() for name, tensor in network.state_dict().items()}
    save_file(tensors | {"mean_anchors": _tensor(positions)}, out / WEIGHTS)
    _describe(out, "nphm", "NPHM, official", _NPHM, {"architecture": "official"}, [WEIGHTS])


def _write_mapping(out: Path, mlp_id: Path, mlp_exp: Path, deviations: Path | None) -> None:
    """Write the mapping's folder; without the file of deviations all seeds give one head."""
    from safetensors.torch import save_file

    from .mapping.network import network_from
    from .nphm.official import EXP_SIZE, ID_SIZE

    out.mkdir()
    files = {"identity": (mlp_id, ID_SIZE), "expression": (mlp_exp, EXP_SIZE)}
    for name, (path, size) in files.items():
        try:
            network = network_from(_read_pickle(path))
        except (RuntimeError, KeyError, AttributeError, IndexError) as error:
            raise _unfit(path, error) from error
        if network.output_linear.out_features != size:
            raise _unfit(path, f"it gives codes of {network.output_linear.out_features} numbers instead of {size}")
        save_file(network.state_dict(), out / f"{name}.safetensors")
    networks = {name: f"{name}.safetensors" for name in files}
    if deviations is not None:
        deviation = _DEVIATION_FRACTION * _read_array(deviations, ID_SIZE)
        networks["basis"] = "basis.safetensors"
        save_file({"basis": _tensor(np.diag(deviation))}, out / networks["basis"])
    config = networks | {"sentence": _SENTENCE}
    _describe(out, "mapping", "MLP_id and MLP_exp, official", _CLIP_HEAD, config, list(networks.values()))


def _write_text(out: Path, weights: Path) -> None:
    """Write the text model's folder, which refers to open_clip's weights where they are."""
    out.mkdir()
    config = {"open_clip": ARCHITECTURE, "weights": str(weights.absolute())}
    _describe(out, "text", f"open_clip {ARCHITECTURE}", "open_clip, laion2b_s32b_b79k", config, [])


def _describe(out: Path, kind: str, name: str, source: str, config: dict[str, Any], files: list[str]) -> None:
    write_model_json(out, ModelCard(kind, name, _LICENCE, f"converted from {source}"), config, {}, files)


def _read_pickle(path: Path) -> dict[str, Any]:
    """The named tensors of a PyTorch file, without running anything in it."""
    import torch

    try:
        check_regular_file(path, LARGEST_WEIGHTS)
        content = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # whatever the unpickler and the file system find wrong
        raise ModelError(
            f"{path} cannot be opened safely as weights: it is damaged, or it carries code that would run on opening "
            f"({type(error).__name__}: {str(error).splitlines()[0] if str(error) else 'no details'}).",
            "Do not use the file; fetch it again from its publisher.",
        ) from error
    if not isinstance(content, dict):
        raise _unfit(path, f"it holds a {type(content).__name__}, not named tensors")
    return content


def _read_array(path: Path, size: int) -> Floats:
    """The numbers (size,) of a .npy file. Raises ModelError unless there are so many, all finite."""
    try:
        check_regular_file(path, _LARGEST_ARRAY)
        # Mapped, so that a header that promises terabytes allocates nothing.
        values = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError) as error:
        raise _unfit(path, error) from error
    if not isinstance(values, np.ndarray) or values.dtype.kind not in "fiu":
        raise _unfit(path, "it holds no numbers")
    if values.size != size or not np.isfinite(values).all():
        raise _unfit(path, f"{values.size} numbers, or some not finite, instead of {size}")
    return np.array(values, np.float32).ravel()


def _tensor(values: Floats) -> torch.Tensor:
    import torch

    return torch.from_numpy(values)


def _unfit(path: Path, why: object) -> ModelError:
    return ModelError(f"{path} is not the official file of that name ({why}).", "Fetch it again from its publisher.")
