"""The clock of a case: every date its law sets, how each is counted, and what staff can still do about it.

`dates.py` finds the dates, `story.py` puts events and possibilities into words; `views.py` has the pages of the clock,
of more time and of the law, `views_asking.py` those of a question and its answer, `forms.py` what is typed there.
"""
