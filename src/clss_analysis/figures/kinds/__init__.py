"""Kinds of figures that need more than a geometry, a module each: its `draw` gives the drawing of one.

Charts stand on the axes of matplotlib; sociogenograms are HTML as well, for a page that can be steered.
"""
