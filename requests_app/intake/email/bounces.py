"""Bounces that keep to no standard: known by who sends them and what they say, read for whom they are about."""

import re
from collections.abc import Iterator, Sequence

from requests_app.intake.email.header_words import raw_text
from requests_app.intake.email.headers import Headers
from requests_app.intake.email.parsed import FailedRecipient, Report

MOST_READ = 20_000
MOST_RECIPIENTS = 100
# Names that no person writes under. Whoever sends with an empty return path is a machine too.
MACHINE = re.compile(
    r"^(?:mailer-?daemon|mdaemon|postmaster\\?|mail\.delivery\.system|mail[._-]?(?:delivery|system|administrator)|"
    r"\"?system administrator\"?|microsoftexchange\w*|\w*smtp_\w*)@",
    re.IGNORECASE,
)
# What a machine says when mail did not arrive, in the languages in which the large services say it.
FAILED = re.compile(
    r"undeliver|non-?deliver|not (?:been |be )?(?:delivered|deliverable)|delivery (?:status|failure|problem|has failed|"
    r"failed|notification|report|error|warning|incomplete)|(?:failure|failed) (?:delivery|notice|mail)|mail "
    r"(?:delivery )?(?:failed|failure|system error)|returned (?:mail|to sender)|returning message|unable to deliver|"
    r"deliver(?:y|ing)[^\n]{0,60}(?:failed|error|impossible|problem)|message has not|delayed|processing error|"
    r"user (?:is )?unknown|unknown (?:user|recipient|local)|no such (?:user|account|recipient)|does not exist|"
    r"(?:mailbox|quota)[^\n]{0,40}(?:full|exceeded|unavailable)|permanent (?:delivery )?(?:failure|error)|"
    r"unzustellbar|nicht (?:zugestellt|zustellbar)|non (?:remis|recensé|distribu)|no se (?:pudo|ha podido) entregar|"
    r"não (?:foi|pôde ser) entregue|impossibile (?:recapitare|consegnare)|mancato recapito|nie (?:można|udało)|"
    r"niet (?:worden )?(?:bezorgd|afgeleverd)|kunde inte levereras|teslim edilemedi|配信(?:できません|不能|エラー)|"
    r"не (?:доставлено|может быть доставлено)|退信|投递失败|تعذر",
    re.IGNORECASE,
)
DELAYED = re.compile(
    r"delay|warning|still being|will (?:continue|keep|retry)|not yet been|verzögert|retardé|retrasad|ritardo",
    re.IGNORECASE,
)
# Below such a line stands what had been sent; its addresses failed nowhere.
ORIGINAL = re.compile(
    r"^(?:[-=*_> ]{0,40}(?:original|unsent|returned|undelivered|failed|below this line|this is a copy|copy of|start of|"
    r"the (?:header|following|body|text|first|attached)[^\n]{0,40}(?:message|header|mail)|included|message header|"
    r"your (?:original )?message (?:follows|reads)|transcript of session|---- (?:message|headers)|the headers of)"
    r"[^\n]{0,120}|"
    r"(?:return-path|received|mime-version|x-[a-z-]+): .*)$",
    re.IGNORECASE | re.MULTILINE,
)
OPENS_WITH_NOTHING = re.compile(r"transcript of session|failed|undelivered|the following", re.IGNORECASE)
NAMES_THEM = re.compile(r"(?:did not reach|following (?:recipient|address|user))[^\n]*\n", re.IGNORECASE)
ADDRESS = re.compile(
    r"(?<![\w.+/-])[a-z0-9_][a-z0-9._%+~'-]{0,63}@(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}(?![\w@-])",
    re.IGNORECASE,
)
FINAL = re.compile(
    r"^(?:final|original)-recipient:\s*(?:[a-z0-9-]+\s*;)?\s*(\S+@\S+?)\s*$", re.IGNORECASE | re.MULTILINE
)
STATUS = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
MESSAGE_ID = re.compile(r"^message-id:\s*(<[^<>\s]{1,500}>)", re.IGNORECASE | re.MULTILINE)
NO_PERSON = re.compile(
    r"^(?:postmaster|mailer-daemon|abuse|support|helpdesk|help|admin|webmaster|hostmaster)@", re.IGNORECASE
)


def read_bounce(headers: Headers, sender: str, text: str) -> Report | None:
    """Return what a bounce says that is no multipart/report; None of a mail that a person may have written."""
    is_ours = headers.raw("return-path").replace(" ", "") == "<>" or bool(MACHINE.match(sender))
    failed = headers.raw("x-failed-recipients")
    read = text[:MOST_READ]
    if not (is_ours or failed) or not FAILED.search(f"{headers.text('subject')}\n{read[:4000]}"):
        return None
    found = _addresses(failed) or _told(read, _own(headers, sender))
    if not found:
        return None
    is_delayed = bool(DELAYED.search(f"{headers.text('subject')}\n{read[:500]}"))
    return Report(
        kind="delivery",
        recipients=tuple(_recipients(found, read, is_delayed=is_delayed)),
        original_message_id=next(iter(MESSAGE_ID.findall(read)), ""),
    )


def _told(text: str, own: set[str]) -> Sequence[str]:
    final = [each for each in FINAL.findall(text) if each.lower() not in own]
    if final:
        return tuple(dict.fromkeys(final))
    above = _above_original(text)
    named = NAMES_THEM.search(above)
    for part in (above[named.end() :] if named else "", above, text):
        found = [each for each in _addresses(part) if each.lower() not in own and not NO_PERSON.match(each)]
        if found:
            return found
    return ()


def _above_original(text: str) -> str:
    """What the machine says itself; a line that only opens its list of addresses ends nothing."""
    for found in ORIGINAL.finditer(text):
        if not OPENS_WITH_NOTHING.search(found[0]) and text[: found.start()].strip():
            return text[: found.start()]
    return text


def _addresses(text: str) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for each in ADDRESS.findall(text):
        found.setdefault(each.lower(), each)
    return tuple(found.values())[:MOST_RECIPIENTS]


def _own(headers: Headers, sender: str) -> set[str]:
    """Whom it was sent to and who sends it: they are named often and did not fail."""
    names = {
        "to",
        "cc",
        "from",
        "sender",
        "reply-to",
        "delivered-to",
        "x-original-to",
        "envelope-to",
        "x-rcpt-to",
    }
    values = " ".join(raw_text(value) for name, value in headers.fields if name in names)
    return {sender.lower(), *(each.lower() for each in _addresses(values))}


def _recipients(found: Sequence[str], text: str, *, is_delayed: bool) -> Iterator[FailedRecipient]:
    lines = text.split("\n")
    for address in found:
        at = next((number for number, line in enumerate(lines) if address.lower() in line.lower()), 0)
        said = " ".join(" ".join(lines[at : at + 4]).split())[:500]
        status = STATUS.search(said) or STATUS.search(text)
        yield FailedRecipient(
            address=address,
            action="delayed" if is_delayed else "failed",
            status=status[0] if status else "",
            diagnostic=said,
        )
