"""weights/embedded/splitter: which words of a prompt speak of the person, which of the expression."""
