"""Teacher heads: synthetic people with known shape, hair, expression and words, to train the embedded models on."""
