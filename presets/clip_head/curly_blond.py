import bpy

settings = bpy.context.scene.clip_head

settings.prompt = "a young woman with curly blond hair, smirking"
settings.expression = ""
settings.skin = ""
settings.negative = ""
settings.seed = 0
settings.variation = 1.0
