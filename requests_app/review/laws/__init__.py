"""The laws as pages for staff and counsel: every figure, where it stands, and whether somebody has read it there.

`words.py` puts the codes of law files into words, `statements.py` and `dates.py` lay a law out as sections of
facts, `doubts.py` picks the facts that counsel should look at, `views.py` draws the three pages.
"""
