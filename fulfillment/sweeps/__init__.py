"""Sweeps: a source gone through from end to end for one person, wherever no map leads.

`engine.py` goes through it, `looker.py` has each row that may hold the person looked at by a child process within
limits, `coverage.py` says what the map finds already, `work.py` does it as a leased row that goes on where it was
cut off, `proposal.py` writes the map's additions, `decide.py` takes what a person makes of each trace. Not here: how a
value is read (`traces`), how a source is opened (`connectors`).
"""
