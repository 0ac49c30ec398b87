"""weights/embedded/upscaler: canonical pictures of 512 pixels made 1024, from colourings at both sizes."""

from clip_head.core.compat import prepare_torchvision

# Before any module of this folder imports diffusers.
prepare_torchvision()
