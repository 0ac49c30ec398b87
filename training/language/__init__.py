"""How people speak of heads: phrases, in JSON files, and the sentences and captions drawn from them."""
