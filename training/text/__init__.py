"""weights/embedded/text: the open_clip model, from MiniLM and captioned renders of teacher heads."""
