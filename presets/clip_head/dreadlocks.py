import bpy

settings = bpy.context.scene.clip_head

settings.prompt = "an african man with dreadlocks, laughing"
settings.expression = ""
settings.skin = ""
settings.negative = ""
settings.seed = 0
settings.variation = 1.0
