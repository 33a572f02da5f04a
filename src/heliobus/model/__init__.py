"""The unified model: what every device says, in one set of names, units and signs.

Every power is positive when it flows into the house bus (grid + is import, battery + is discharge, pv + is
production); loads are positive when they consume.  Unknown is ``None``, never 0.  Standard library only.
"""
