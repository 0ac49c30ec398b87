"""Prompts of seven languages in English, by books of words and phrases about faces."""

from .book import Phrasebook, load_phrasebooks
from .translate import is_all_known, language_of, translate

__all__ = ["Phrasebook", "is_all_known", "language_of", "load_phrasebooks", "translate"]
