"""Smooth random fields, those that the application itself draws strands with."""

from clip_head.core.texture.noise import fractal_noise, value_noise

__all__ = ["fractal_noise", "value_noise"]
