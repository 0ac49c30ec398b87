"""weights/embedded/mapping and pairs: MLP_id and MLP_exp, from captions and codes of synthetic people."""
