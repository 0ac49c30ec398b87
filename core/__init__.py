"""The paper's pipeline on plain arrays. Nothing here imports bpy."""
