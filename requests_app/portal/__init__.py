"""The person's own pages: entered with reference and mailed code, closed by themselves after 20 minutes.

`sessions.py` says what this browser has opened, `story.py` puts a request into the person's words,
`views_entry.py` holds the ways in, `views.py` the pages behind them. What there is to download is shown by
other apps through the slots of `panels`.
"""
