"""The public form: one question a page, answers kept on the server, works without script.

`places.py` and `forms.py` say what is asked, `flow.py` in which order and how far the visitor is,
`sending.py` what becomes of it; `views.py` draws it.
"""
