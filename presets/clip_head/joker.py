import bpy

settings = bpy.context.scene.clip_head

settings.prompt = "face of a man smiling with joker makeup"
settings.expression = ""
settings.skin = ""
settings.negative = ""
settings.seed = 0
settings.variation = 1.0
