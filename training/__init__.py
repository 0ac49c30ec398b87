"""Training: the teacher heads, the stages that learn from them, and their evaluation. Left out of the built extension."""
