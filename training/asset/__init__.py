"""What the parts of a head of quads are made from: arrays that are read once from the base mesh."""
