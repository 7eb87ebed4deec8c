"""What the page parts under `templates/components/` are drawn from.

`parts.py` holds the values a part takes, `forms.py` the form every page builds on, `context.py` what every
page knows. A part is included with explicit arguments only:
`{% include "components/note.html" with kind="good" icon="ring-done" text=… only %}`.
The page that shows every part in every state is in `requests_app/gallery`.
"""
