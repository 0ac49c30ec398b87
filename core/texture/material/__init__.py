"""Derive: the maps of the material that follow from albedo and geometry."""
