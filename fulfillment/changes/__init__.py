"""Carrying a decision out: what each source is to change, who did it, and whether it holds.

A connector that can change its source will take its tasks up in `hands.py`; until then a person does each of them.
"""
