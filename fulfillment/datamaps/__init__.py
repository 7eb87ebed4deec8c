"""Data maps: where a source holds personal data, how its collections hang together, and what each one is for.

A map is fideslang Dataset YAML, one file per source, with our additions under the Dataset's `meta.omne`.
`read.py` turns text into a `DataMap` and a list of problems, each with its line; `traversal.py` says by which
ways each collection is reached from what we know of a person; `export.py` writes the map back without loss.
Everything that knows fideslang is in `fides.py`.
"""
