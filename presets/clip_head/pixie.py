import bpy

settings = bpy.context.scene.clip_head

settings.prompt = "a middle-aged woman with a silver pixie cut"
settings.expression = ""
settings.skin = ""
settings.negative = ""
settings.seed = 0
settings.variation = 1.0
