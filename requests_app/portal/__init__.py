"""The person's own pages: entered with reference and mailed code, closed by themselves after 20 minutes.

`sessions.py` says what this browser has opened, `story.py` puts a request into the person's words, `forms.py` and
`views*.py` are the doors. What there is to download is shown by other apps through the slots of `panels`.
"""
