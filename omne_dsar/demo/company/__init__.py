"""The demo company's records, made from a seed: people first, then the tables, the help desk and the event files about them.

Nothing here reads a clock or shared chance: the same seed and the same `as_of` give the same rows, byte for byte.
"""
