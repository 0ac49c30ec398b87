"""Paint: ControlNet_uv with latent diffusion, embedded, Stable Diffusion or the official release's."""
