"""The words by which typing errors are mended."""
