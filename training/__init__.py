"""The teacher heads, the stages that learn from them, their evaluation. Left out of the built extension."""
