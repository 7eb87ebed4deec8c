"""The demo company's records, made from a seed: people first, then tables, help desk and event files.

Nothing here reads a clock or shared chance: the same seed and `as_of` give the same rows, byte for byte.
"""
