import bpy

settings = bpy.context.scene.clip_head

settings.prompt = "an old fisherman with a long grey beard and a big nose"
settings.expression = ""
settings.skin = ""
settings.negative = ""
settings.seed = 0
settings.variation = 1.0
