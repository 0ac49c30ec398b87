"""Words and pictures as embeddings: any open_clip model, the embedded one included."""

from .encode import encode_images, encode_text, encode_tokens
from .model import TextModel, load_text_model

__all__ = ["TextModel", "encode_images", "encode_text", "encode_tokens", "load_text_model"]
