"""Compose: what was painted on the canonical head becomes the albedo of a head."""
