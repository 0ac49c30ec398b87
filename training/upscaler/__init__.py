"""weights/embedded/upscaler: canonical pictures of 512 pixels made 1024, from colourings at both sizes."""
