import bpy

settings = bpy.context.scene.clip_head

settings.prompt = "a young man with a man bun and a full beard"
settings.expression = ""
settings.skin = ""
settings.negative = ""
settings.seed = 0
settings.variation = 1.0
