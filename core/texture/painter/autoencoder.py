"""A small autoencoder for albedo maps that fits diffusers' latent diffusion pipelines.

One latent stands for a patch of 32 x 32 pixels. The first and last step is a pixel (un)shuffle by 4, so that no
convolution ever runs at full resolution, and 2 x 2 codes are folded into one latent, so that the diffusion runs on few
places with many channels: that is what makes both quick on a CPU. All maps share one layout, so the
latents are whitened at each place of it: the diffusion starts from an average face and learns only what differs.
"""

from __future__ import annotations

from typing import Any

import torch
from diffusers.configuration_utils import ConfigMixin, register_to_config
from diffusers.models.autoencoders.vae import DecoderOutput, DiagonalGaussianDistribution
from diffusers.models.modeling_outputs import AutoencoderKLOutput
from diffusers.models.modeling_utils import ModelMixin
from torch import Tensor, nn

#: Side, pixels, of the patches that the first and last step (un)shuffles into channels.
PATCH = 4
#: Side, codes, of the squares that are folded into one latent.
FOLD = 2


class ResidualBlock(nn.Module):
    """x + conv(silu(conv(silu(x)))), without normalisation: colours must not depend on the rest of the image."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        first = nn.Conv2d(channels, channels, 3, padding=1)
        last = nn.Conv2d(channels, channels, 3, padding=1)
        nn.init.zeros_(last.weight)
        self.layers = nn.Sequential(nn.SiLU(), first, nn.SiLU(), last)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.layers(x)


class PatchAutoencoder(ModelMixin, ConfigMixin):
    """Images (N, 3, H, W) in [-1, 1] to latents (N, C, H / 32, W / 32) and back; H and W are multiples of 32.

    The interface is AutoencoderKL's (encode(x).latent_dist, decode(z).sample, config.scaling_factor).

    latent_channels: C.
    block_out_channels: widths at 1, 1/2, 1/4, 1/8, 1/16 and 1/32 of the resolution. diffusers reads the stride from the
        number of entries; the first two stand for the pixel shuffle, the last for the fold: no convolution runs there.
    encoder_blocks, decoder_blocks: residual blocks at each resolution.
    sample_size: side of the training maps, pixels.
    noise_rank: number of noise's directions.
    scaling_factor, force_upcast: as AutoencoderKL's, which diffusers' pipelines ask for.

    latent_mean, latent_std (C, s, s): statistics of the training maps' latents, s being sample_size / 32; encode gives
        and decode takes latents whitened by them.
    noise_basis (noise_rank, C, s, s): directions in which whole maps vary, scaled by how much.
    noise_rest (C, s, s): standard deviation of what varies independently beside that.
    """

    latent_mean: Tensor
    latent_std: Tensor
    noise_basis: Tensor
    noise_rest: Tensor

    @register_to_config
    def __init__(
        self,
        latent_channels: int = 64,
        block_out_channels: tuple[int, ...] = (48, 48, 96, 128, 192, 64),
        encoder_blocks: int = 1,
        decoder_blocks: int = 2,
        sample_size: int = 512,
        noise_rank: int = 256,
        scaling_factor: float = 1.0,
        force_upcast: bool = False,
    ) -> None:
        super().__init__()
        patch = 3 * PATCH * PATCH
        side = sample_size // (16 * FOLD)
        codes = latent_channels // FOLD**2
        self.register_buffer("latent_mean", torch.zeros(latent_channels, side, side))
        self.register_buffer("latent_std", torch.ones(latent_channels, side, side))
        high, middle, low = block_out_channels[2:5]
        self.register_buffer("noise_basis", torch.zeros(noise_rank, latent_channels, side, side))
        self.register_buffer("noise_rest", torch.ones(latent_channels, side, side))
        self.encoder = nn.Sequential(
            nn.PixelUnshuffle(PATCH),
            nn.Conv2d(patch, high, 3, padding=1),
            *(ResidualBlock(high) for _ in range(encoder_blocks)),
            nn.Conv2d(high, middle, 4, stride=2, padding=1),
            *(ResidualBlock(middle) for _ in range(encoder_blocks)),
            nn.Conv2d(middle, low, 4, stride=2, padding=1),
            *(ResidualBlock(low) for _ in range(encoder_blocks)),
            nn.SiLU(),
            nn.Conv2d(low, 2 * codes, 3, padding=1),
        )
        self.decoder = nn.Sequential(
            nn.Conv2d(codes, low, 3, padding=1),
            *(ResidualBlock(low) for _ in range(decoder_blocks)),
            nn.Conv2d(low, 4 * middle, 1),
            nn.PixelShuffle(2),
            *(ResidualBlock(middle) for _ in range(decoder_blocks)),
            nn.Conv2d(middle, 4 * high, 1),
            nn.PixelShuffle(2),
            *(ResidualBlock(high) for _ in range(decoder_blocks)),
            nn.SiLU(),
            nn.Conv2d(high, patch, 3, padding=1),
            nn.PixelShuffle(PATCH),
        )

    def encode(self, x: Tensor, return_dict: bool = True) -> AutoencoderKLOutput | tuple[Any]:
        """The latents' distribution for images (N, 3, H, W) in [-1, 1]."""
        mean, logvar = (nn.functional.pixel_unshuffle(part, FOLD) for part in self.encoder(x).chunk(2, dim=1))
        centre, spread = self._statistics(mean)
        distribution = DiagonalGaussianDistribution(
            torch.cat([(mean - centre) / spread, logvar - 2 * spread.log()], dim=1)
        )
        return AutoencoderKLOutput(latent_dist=distribution) if return_dict else (distribution,)

    def decode(
        self, z: Tensor, return_dict: bool = True, generator: torch.Generator | None = None
    ) -> DecoderOutput | tuple[Tensor]:
        """Images for latents (N, latent_channels, h, w). The generator is part of the interface and not used."""
        centre, spread = self._statistics(z)
        image = self.decoder(nn.functional.pixel_shuffle(z * spread + centre, FOLD))
        return DecoderOutput(sample=image) if return_dict else (image,)

    def draw_noise(self, count: int, generator: torch.Generator) -> Tensor:
        """Gaussian noise (count, C, s, s) that varies as the maps themselves do: along noise_basis, and independently
        at every place by noise_rest. From such noise a whole region takes one colour, where independent noise lets
        every place choose its own.

        generator: of the CPU.
        """
        shared = torch.randn(count, len(self.noise_basis), generator=generator).to(self.noise_basis)
        independent = torch.randn(count, *self.noise_rest.shape, generator=generator).to(self.noise_rest)
        return torch.einsum("nk,kchw->nchw", shared, self.noise_basis) + independent * self.noise_rest

    def _statistics(self, latents: Tensor) -> tuple[Tensor, Tensor]:
        """latent_mean and latent_std at the latents' own size: (1, C, h, w) each."""
        statistics = torch.stack([self.latent_mean, self.latent_std])
        if statistics.shape[-2:] != latents.shape[-2:]:
            statistics = nn.functional.interpolate(statistics, latents.shape[-2:], mode="bilinear")
        return statistics[:1], statistics[1:]
