"""weights/embedded/nphm: the neural head, from the teacher's heads."""
