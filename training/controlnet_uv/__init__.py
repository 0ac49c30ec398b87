"""A ControlNet_uv of the user's own: textured scans as pairs, and its training for any Stable Diffusion."""
