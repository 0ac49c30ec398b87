import bpy

settings = bpy.context.scene.clip_head

settings.prompt = "an old woman with a grey bun, laughing"
settings.expression = ""
settings.skin = ""
settings.negative = ""
settings.seed = 0
settings.variation = 1.0
