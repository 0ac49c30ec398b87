"""A head as an asset: clean quads in one vertex order, with eyes, teeth and tongue of their own.

Goes beyond the paper, whose surface is the raw one of marching cubes: everything lies in the template's space once, and
is moved to a head by the head model. Nothing is imported here: arkit.py and arkit_csv.py serve Blender's side, too,
which knows no torch.
"""
