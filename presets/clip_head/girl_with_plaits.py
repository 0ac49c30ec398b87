import bpy

settings = bpy.context.scene.clip_head

settings.prompt = "a little girl with two red plaits, surprised"
settings.expression = ""
settings.skin = ""
settings.negative = ""
settings.seed = 0
settings.variation = 1.0
