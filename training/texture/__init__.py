"""weights/embedded/texture: autoencoder, UNet and ControlNet_uv, from colourings of the canonical head."""

from clip_head.core.compat import prepare_torchvision

# Before any module of this folder imports diffusers.
prepare_torchvision()
