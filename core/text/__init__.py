"""Words and pictures as embeddings: any open_clip model, the embedded one included."""

from .encode import encode_images, encode_text, encode_tokens
from .model import TextModel, load_text_model
from .split import Splitter, SplitWords, load_splitter, split_prompt

__all__ = [
    "SplitWords",
    "Splitter",
    "TextModel",
    "encode_images",
    "encode_text",
    "encode_tokens",
    "load_splitter",
    "load_text_model",
    "split_prompt",
]
