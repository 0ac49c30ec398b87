"""weights/embedded/texture: autoencoder, UNet and ControlNet_uv, from colourings of the canonical head."""
