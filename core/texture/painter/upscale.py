"""From the painter's picture to one of twice its side or more: the embedded upscaler, or one that the user has.

The embedded one is small and knows one picture only, that of the canonical head: everything in it has its place, so
that besides the colours it reads a learnt map of places, by which it tells lashes, brows, irises and lips from skin.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ...compat import prepare_torchvision
from ...errors import ModelError
from ...models import ModelFolder, load_tensors, open_model_folder
from ...types import Bytes, ModelCard

#: File of an embedded upscaler's folder that holds its tensors.
WEIGHTS = "upscaler.safetensors"
#: How many times larger the embedded upscaler's pictures are.
SCALE = 2
#: A window of the picture: top, left, bottom, right, as fractions of its side.
Window = tuple[float, float, float, float]
#: The window that shows all of the picture.
_WHOLE: Window = (0.0, 0.0, 1.0, 1.0)
#: Side of the tiles in which a model of the user's works, and the margin that it sees around each so that no edges
#: show, pixels: such models may be large, and a tile bounds their memory.
_TILE, _MARGIN = 128, 16


@dataclass(frozen=True)
class Upscaler:
    """A super-resolution model.

    card: its name and licence.
    scale: how many times larger its pictures are.
    enlarge: takes (1, 3, H, W) in [0, 1] to (1, 3, scale * H, scale * W).
    """

    card: ModelCard
    scale: int
    enlarge: Callable[[Tensor], Tensor]


class PlaceUpscaler(nn.Module):
    """The embedded upscaler: bicubic enlargement, and what it adds to that by the colours and by where they lie.

    width: channels of the hidden layers.
    blocks: number of residual blocks.
    places: channels of the learnt map of places.
    side: of that map, which covers the whole picture.
    """

    def __init__(self, width: int = 24, blocks: int = 3, places: int = 8, side: int = 64) -> None:
        super().__init__()
        self.places = nn.Parameter(torch.zeros(1, places, side, side))
        self.start = nn.Conv2d(3 + places, width, 3, padding=1)
        self.blocks = nn.ModuleList(
            nn.Sequential(nn.Conv2d(width, width, 3, padding=1), nn.SiLU(), nn.Conv2d(width, width, 3, padding=1))
            for _ in range(blocks)
        )
        self.end = nn.Conv2d(width, 3 * SCALE**2, 3, padding=1)
        nn.init.zeros_(self.end.weight)
        nn.init.zeros_(self.end.bias)  # type: ignore[arg-type]

    def forward(self, picture: Tensor, windows: list[Window] | None = None) -> Tensor:
        """Enlarged pictures (N, 3, SCALE * h, SCALE * w).

        picture (N, 3, h, w): in [0, 1].
        windows: of the whole that these N show; None: all of them show all of it.
        """
        size = picture.shape[-2:]
        places = torch.cat([self._places_in(window, size) for window in windows or [_WHOLE] * len(picture)])
        hidden = self.start(torch.cat([2 * picture - 1, places], dim=1))
        for block in self.blocks:
            hidden = hidden + block(hidden)
        residual = F.pixel_shuffle(self.end(F.silu(hidden)), SCALE)
        return F.interpolate(picture, scale_factor=SCALE, mode="bicubic", align_corners=False) + residual

    def _places_in(self, window: Window, size: torch.Size) -> Tensor:
        """The map of places (1, places, h, w) as a window of h x w pixels shows it."""
        top, left, bottom, right = window
        (rows, columns), device = size, self.places.device
        y = 2 * (top + (bottom - top) * (torch.arange(rows, device=device) + 0.5) / rows) - 1
        x = 2 * (left + (right - left) * (torch.arange(columns, device=device) + 0.5) / columns) - 1
        grid = torch.stack(torch.meshgrid(x, y, indexing="xy"), dim=-1)[None]
        return F.grid_sample(self.places, grid, mode="bilinear", padding_mode="border", align_corners=False)


def load_upscaler(folder: Path) -> Upscaler | None:
    """The upscaler in `folder`, None where there is no such folder.

    Its model.json names the architecture of an embedded one, or, as config's "file", the weights of any
    super-resolution model that spandrel knows (Real-ESRGAN, SwinIR, ...): safetensors, or a PyTorch file of nothing but
    numbers. Raises ModelError when anything is missing, damaged, of another kind or not finite.
    """
    if not folder.is_dir():
        return None
    opened = open_model_folder(folder, "upscaler")
    if "file" in opened.config:
        return _load_foreign(opened)
    try:
        network = PlaceUpscaler(**opened.config)
        network.load_state_dict(load_tensors(opened, WEIGHTS))
    except (TypeError, RuntimeError) as error:
        raise ModelError(
            f"The upscaler in {folder} is not what its model.json says ({error}).",
            "Restore the folder from the release it came from.",
        ) from error
    network.eval().requires_grad_(False)
    return Upscaler(opened.card, SCALE, network)


@torch.inference_mode()
def upscale(upscaler: Upscaler | None, picture: Bytes, size: int) -> Bytes:
    """The picture enlarged by the upscaler's scale, where the texture is larger than the picture; else the picture.

    upscaler: None: the picture stays.
    picture (S, S, 3): sRGB bytes.
    size: side of the texture, pixels.
    Raises ModelError when the upscaler fails or computes NaN.
    """
    if upscaler is None or size <= len(picture):
        return picture
    small = torch.from_numpy(np.ascontiguousarray(picture)).permute(2, 0, 1)[None].float() / 255
    try:
        large = upscaler.enlarge(small)
    except (RuntimeError, ValueError) as error:  # shapes that do not fit together, out of memory
        raise ModelError(
            f"The upscaler {upscaler.card.name!r} failed ({error}).",
            "Choose another upscaler, or a texture of 512 pixels.",
        ) from error
    if not bool(torch.isfinite(large).all()):
        raise ModelError(
            f"The upscaler {upscaler.card.name!r} computed numbers that are not finite.",
            "Choose another upscaler, or a texture of 512 pixels.",
        )
    return large[0].permute(1, 2, 0).mul(255).round().clamp(0, 255).byte().numpy()


def _load_foreign(folder: ModelFolder) -> Upscaler:
    """An upscaler of the user's, on the graphics card where there is one."""
    path = folder.path / Path(str(folder.config["file"])).expanduser()
    if not path.is_file():
        raise ModelError(f"There is no {path}.", "Copy the upscaler's weights there, or correct 'file' in model.json.")
    prepare_torchvision()
    try:
        from spandrel import ImageModelDescriptor, ModelLoader, UnsupportedModelError
    except ImportError as error:
        raise ModelError("An upscaler of your own needs the package spandrel.", "Install spandrel==0.4.2.") from error
    try:
        model = ModelLoader("cpu").load_from_state_dict(_read_state_dict(path))
    except UnsupportedModelError as error:
        raise ModelError(
            f"{path} is no model that spandrel knows.", "Choose weights of Real-ESRGAN, SwinIR or another of its list."
        ) from error
    except Exception as error:  # spandrel raises whatever its readers of state dicts raise
        raise ModelError(f"{path} cannot be loaded ({type(error).__name__}: {error}).", "Download it again.") from error
    if not isinstance(model, ImageModelDescriptor) or model.purpose != "SR" or model.scale < 2:
        raise ModelError(f"{path} does not enlarge pictures.", "Choose the weights of a super-resolution model.")
    if (model.input_channels, model.output_channels) != (3, 3):
        raise ModelError(f"{path} is not made for colour pictures.", "Choose a model for RGB pictures.")
    if not all(bool(torch.isfinite(p).all()) for p in model.model.parameters()):
        raise ModelError(f"{path} holds numbers that are not finite.", "Download it again.")
    device = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
    model.to(torch.device(device)).eval()
    return Upscaler(folder.card, model.scale, lambda picture: _in_tiles(model, picture, model.scale, device))


def _read_state_dict(path: Path) -> dict[str, Any]:
    """The state dict of a file of weights, read without running anything in it."""
    from spandrel import canonicalize_state_dict

    if path.suffix == ".safetensors":
        from safetensors.torch import load_file

        return canonicalize_state_dict(load_file(path))
    return canonicalize_state_dict(torch.load(path, map_location="cpu", weights_only=True))


def _in_tiles(model: Callable[[Tensor], Tensor], picture: Tensor, scale: int, device: str) -> Tensor:
    """The picture (N, 3, H, W) enlarged `scale` times, tile by tile; of every tile the model sees a margin too."""
    rows, columns = picture.shape[-2:]
    large = torch.zeros(*picture.shape[:2], scale * rows, scale * columns)
    for top in range(0, rows, _TILE):
        for left in range(0, columns, _TILE):
            first_row, first_column = max(top - _MARGIN, 0), max(left - _MARGIN, 0)
            seen = picture[..., first_row : top + _TILE + _MARGIN, first_column : left + _TILE + _MARGIN]
            enlarged = model(seen.to(device)).float().cpu()
            tile = enlarged[..., scale * (top - first_row) :, scale * (left - first_column) :]
            tile = tile[..., : scale * _TILE, : scale * _TILE]
            height, width = min(tile.shape[-2], scale * (rows - top)), min(tile.shape[-1], scale * (columns - left))
            place = (..., slice(scale * top, scale * top + height), slice(scale * left, scale * left + width))
            large[place] = tile[..., :height, :width]
    return large
