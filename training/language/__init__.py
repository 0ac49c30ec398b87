"""How people speak of heads: tables of phrases and the sentences, captions and asides drawn from them."""
