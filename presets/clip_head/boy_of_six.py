import bpy

settings = bpy.context.scene.clip_head

settings.prompt = "a boy of six with short brown hair, smiling"
settings.expression = ""
settings.skin = ""
settings.negative = ""
settings.seed = 0
settings.variation = 1.0
