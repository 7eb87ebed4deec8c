"""The clock of a case: every date its law sets, how each is counted, and what staff can still do about it.

`dates.py` finds the dates, `story.py` puts events and possibilities into words, `forms.py` and `views.py` are the
pages for extending, asking, taking an answer and choosing the law.
"""
