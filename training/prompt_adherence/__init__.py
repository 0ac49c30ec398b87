"""Prompt adherence: what heads do, in millimetres, for words that no training has seen."""
