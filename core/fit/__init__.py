"""The embedded head model laid on a surface that it did not make: what gives quads, parts and keys to such heads.

Nothing is imported here.
"""
