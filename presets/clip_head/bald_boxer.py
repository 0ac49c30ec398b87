import bpy

settings = bpy.context.scene.clip_head

settings.prompt = "a bald man with a broken nose and a strong jaw, angry"
settings.expression = ""
settings.skin = ""
settings.negative = ""
settings.seed = 0
settings.variation = 1.0
