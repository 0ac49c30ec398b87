"""The sidebar tab CLIP-Head. Draws; does nothing else."""

from __future__ import annotations

from .sidebar import register, unregister

__all__ = ["register", "unregister"]
