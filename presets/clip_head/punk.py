import bpy

settings = bpy.context.scene.clip_head

settings.prompt = "a woman with a green mohawk, angry"
settings.expression = ""
settings.skin = ""
settings.negative = ""
settings.seed = 0
settings.variation = 1.0
