"""The ways in which a value packs another one, a family; none knows another.

A member that reads text gives `TextPart`s (`parts_of(text)`); one that reads bytes gives an `Opened` or None
(`opened(data, budget)`). To add one, write its file and name it in `walk.py`, in the place of its turn.
"""
