import bpy

settings = bpy.context.scene.clip_head

settings.prompt = "a viking with a braided beard and long red hair, furious"
settings.expression = ""
settings.skin = ""
settings.negative = ""
settings.seed = 0
settings.variation = 1.0
