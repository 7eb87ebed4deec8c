"""The mailbox's pages: plain HTML in which nothing of a mail is anything but text."""

import html
import re
from pathlib import Path
from string import Template
from urllib.parse import quote, urlencode

from omne_dsar.demo.mailbox.folder import Mail

FOLDER = Path(__file__).parent
STYLE = (FOLDER / "mailbox.css").read_text(encoding="utf-8")
PAGE = Template((FOLDER / "page.html").read_text(encoding="utf-8"))
LINK = re.compile(r"https?://[^\s<>\"']+")
TRAILING = ".,;:!?)]"


def list_page(mails: list[Mail], to: str) -> str:
    """All mails, or those for one address."""
    rows = "".join(_row(mail) for mail in mails)
    body = (
        f"<ol class=mails>{rows}</ol>"
        if rows
        else "<p class=none>No mail yet. What the product sends turns up here.</p>"
    )
    return _page("Mailbox", _search(to) + body)


def mail_page(mail: Mail) -> str:
    """One mail, its text as text."""
    facts = "".join(
        f"<dt>{name}</dt><dd>{html.escape(value)}</dd>"
        for name, value in (("From", mail.sender), ("To", ", ".join(mail.to)), ("Arrived", _spoken(mail.at)))
    )
    ways = [f'<a href="/mail/{quote(mail.id)}/source">Raw source</a>']
    if mail.html:
        ways.insert(0, f'<a href="/mail/{quote(mail.id)}/html">As the HTML mail looks</a>')
    return _page(
        mail.subject,
        f'<p><a href="/">All mail</a></p><h1 dir=auto>{html.escape(mail.subject)}</h1><dl>{facts}</dl>'
        f"<div class=text dir=auto>{with_links(mail.text or 'This mail has no text part.')}</div>"
        f"<p class=ways>{' · '.join(ways)}</p>",
    )


def missing_page() -> str:
    """For an address where nothing is."""
    return _page("Not here", '<h1>There is no such mail</h1><p><a href="/">All mail</a></p>')


def with_links(text: str) -> str:
    """Escape a text and make its web addresses links."""
    parts: list[str] = []
    end = 0
    for found in LINK.finditer(text):
        address = found[0].rstrip(TRAILING)
        parts += [
            html.escape(text[end : found.start()]),
            f'<a href="{html.escape(address)}" rel="noreferrer">{html.escape(address)}</a>',
        ]
        end = found.start() + len(address)
    return "".join([*parts, html.escape(text[end:])])


def links_in(text: str) -> list[str]:
    """The web addresses of a text, in order."""
    return [found.rstrip(TRAILING) for found in LINK.findall(text)]


def _page(title: str, body: str) -> str:
    return PAGE.substitute(title=html.escape(title), body=body)


def _search(to: str) -> str:
    all_mail = ' <a href="/">All mail</a>' if to else ""
    return (
        "<h1>Mailbox</h1><p>Everything the demo sends is kept here and goes no further.</p>"
        '<form action="/"><label for=to>Only mail to</label> '
        f'<input id=to name=to type=email value="{html.escape(to)}"> <button>Show</button>{all_mail}</form>'
    )


def _row(mail: Mail) -> str:
    to = mail.to[0] if mail.to else ""
    only = urlencode({"to": to})
    return (
        f'<li><a class=subject dir=auto href="/mail/{quote(mail.id)}">{html.escape(mail.subject)}</a>'
        f'<span class=to>to <a href="/?{html.escape(only)}">{html.escape(to)}</a></span>'
        f"<time>{_spoken(mail.at)}</time></li>"
    )


def _spoken(at: str) -> str:
    return f"{at.replace('T', ' ')[:19]} UTC"
