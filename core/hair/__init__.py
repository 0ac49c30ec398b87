"""Hair as guides: what stands on the template for every style, and how it comes onto every head."""
