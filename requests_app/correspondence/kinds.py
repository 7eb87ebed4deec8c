"""The mails and letters of the case as kinds whose words staff may change: what each may name, and what it must."""

from django.utils.translation import gettext_lazy as to_staff

from requests_app import days
from requests_app.correspondence import facts as f
from requests_app.correspondence import sentences as say
from requests_app.correspondence.notices import LETTERS, Notice
from requests_app.correspondence.samples import sample
from requests_app.letters.kinds import Kind, Need, Placeholder, Words, add_kind

N = Notice
_SAFE = to_staff("without it nobody can go on")
LETTER_GROUP, MAIL_GROUP = to_staff("Letters"), to_staff("Mails with a code, a link or a reminder")


_OPENING = to_staff("The first sentence, by what happened")
_LAST_DAY = f.day("last_day", to_staff("The last day for it"), lambda of: of.lapses_on)
_UNTIL = f.day("until", to_staff("The last day for it"), lambda of: of.until)
_VALID = f.fact("valid_until", to_staff("Until when the code works"), lambda of: days.moment(of.expires_at))
_VALID_TODAY = f.fact(
    "valid_until", to_staff("Until when the code works"), lambda of: days.hour(of.expires_at)
)
_ZONE = f.fact("zone", to_staff("The time zone of the hours"), lambda of: of.zone)
_NOTE = f.fact("clock_note", to_staff("That the clock waits, where it does"), say.clock_note)
_CODE_WORKS = f.needed(to_staff("the code"), _SAFE, ("code",))
_SAYS_LAST_DAY = f.needed(to_staff("the last day"), _SAFE, ("last_day",))

R, PAGE, WAYS = f.REFERENCE, f.PAGE_LINK, (f.WAYS, f.APPEAL_UNTIL, f.AUTHORITY)
CONTESTED = (f.WAYS_WHERE_CONTESTED, f.APPEAL_UNTIL, f.AUTHORITY)
Row = tuple[Notice, Words, tuple[Placeholder, ...], tuple[Need, ...]]


def rows() -> tuple[Row, ...]:
    """Every notice with its name for staff, the facts that it has, and what it must say."""
    return (
        *_acknowledging(),
        *_handing_on(),
        *_asking(),
        *_answering(),
        *_in_force(),
        *_codes(),
        *_copies(),
        *_sending(),
        *_deleting(),
    )


def _acknowledging() -> tuple[Row, ...]:
    happens = f.fact("what_happens", to_staff("What happens now"), lambda of: of.arrival)
    before = f.day("before", to_staff("The day it was before"), lambda of: of.moved.before)
    after = f.day("reply_by", to_staff("The day by which we answer"), lambda of: of.moved.after)
    reason = f.fact("reason", to_staff("Why the day moved"), lambda of: of.moved.reason)
    counted = f.fact("how_counted", to_staff("How the day is counted"), lambda of: of.why)
    says_why = f.needed(
        to_staff("why"),
        to_staff("Article 12(3) GDPR and its like: the reasons for the delay"),
        ("reason",),
    )
    return (
        (
            N.RECEIVED,
            to_staff("Acknowledgement"),
            (R, happens, f.REPLY_BY, PAGE),
            (f.SAYS_REFERENCE, f.SAYS_REPLY_BY),
        ),
        (
            N.IDENTITY_CONFIRMED,
            to_staff("Acknowledgement, after the address was confirmed"),
            (R, f.REPLY_BY, PAGE),
            (f.SAYS_REFERENCE, f.SAYS_REPLY_BY),
        ),
        (
            N.DATE_MOVED,
            to_staff("Extension, or another move of the day"),
            (R, before, after, reason, counted, PAGE),
            (f.SAYS_REFERENCE, f.SAYS_REPLY_BY, says_why),
        ),
    )


def _handing_on() -> tuple[Row, ...]:
    return (
        (
            N.JOINED,
            to_staff("Joined with another request"),
            (R, *_joined(), f.OUR_WORDS, PAGE),
            (f.SAYS_REFERENCE,),
        ),
        (
            N.FORWARDED,
            to_staff("Passed on to the controller"),
            (R, PAGE, f.OUR_WORDS, *WAYS),
            (f.SAYS_REFERENCE,),
        ),
    )


def _joined() -> tuple[Placeholder, ...]:
    other = f.fact(
        "other_reference",
        to_staff("The reference of the other request"),
        lambda of: of.subject_request.linked_to.reference,
    )
    due = f.day(
        "reply_by",
        to_staff("The day by which we answer"),
        lambda of: of.subject_request.linked_to.response_due_on,
    )
    return other, due


def _asking() -> tuple[Row, ...]:
    price = f.fact("price", to_staff("The fee"), lambda of: of.asked.price)
    why = f.fact("why", to_staff("Why it cannot be used"), lambda of: of.why)
    asked_on = f.day("asked_on", to_staff("The day of our question"), lambda of: of.until)
    says_price = f.needed(to_staff("the fee"), _SAFE, ("price",))
    basic = (f.SAYS_REFERENCE, f.SAYS_PAGE)
    return (
        (N.QUESTION_ASKED, to_staff("Clarification"), (R, PAGE, _NOTE), basic),
        (N.FEE_ASKED, to_staff("A fee"), (R, price, PAGE, _NOTE), (*basic, says_price)),
        (N.QUESTION_REMINDER, to_staff("Reminder of our question"), (R, asked_on, PAGE), basic),
        (
            N.PROOF_NEEDED,
            to_staff("One more proof is needed"),
            (R, PAGE, _LAST_DAY),
            (*basic, _SAYS_LAST_DAY),
        ),
        (
            N.PROOF_REJECTED,
            to_staff("A proof cannot be used"),
            (R, why, PAGE, _LAST_DAY),
            (*basic, _SAYS_LAST_DAY),
        ),
    )


def _answering() -> tuple[Row, ...]:
    opening = f.fact("opening", _OPENING, say.refused_opening)
    reason = f.fact("reason", to_staff("The reason with the article"), say.refused_reason)
    says_reason = f.needed(
        to_staff("the reason with the article"),
        to_staff("Article 12(4) GDPR and its like"),
        ("reason",),
        ("ground", "article"),
    )
    says_parts = f.needed(
        to_staff("what was decided of each part"), to_staff("a partial answer says which"), ("parts",)
    )
    says_answer = f.needed(to_staff("what came of it"), _SAFE, ("answer",))
    instead = f.block("instead", to_staff("What can be had without a proof"), say.instead)
    return (
        (
            N.REFUSED,
            to_staff("Refusal"),
            (R, opening, reason, f.GROUND, f.ARTICLE, f.OUR_WORDS, *WAYS, PAGE),
            (
                f.needed(to_staff("the reference"), _SAFE, ("reference",), ("opening",)),
                says_reason,
                f.SAYS_WAYS,
            ),
        ),
        (
            N.ANSWERED,
            to_staff("Answer, in full or in part"),
            (R, f.ANSWER, f.PARTS, f.OUR_WORDS, *CONTESTED, PAGE),
            (f.SAYS_REFERENCE, says_answer, says_parts, f.SAYS_WAYS),
        ),
        (N.LESSENED, to_staff("The lesser answer is given"), (R, f.REPLY_BY, PAGE), (f.SAYS_REFERENCE,)),
        (
            N.LAPSED,
            to_staff("Never confirmed, closed"),
            (R, instead, *WAYS, PAGE),
            (f.SAYS_REFERENCE, f.SAYS_WAYS),
        ),
        (N.WITHDRAWN, to_staff("Taken back by the person"), (R,), (f.SAYS_REFERENCE,)),
    )


def _in_force() -> tuple[Row, ...]:
    ends = f.day("not_before", to_staff("The first day on which it may end"), lambda of: of.waits_until)
    says_day = f.needed(to_staff("the day"), to_staff("Article 18(3) GDPR: told beforehand"), ("not_before",))
    return (
        (N.IN_FORCE, to_staff("Restriction in force"), (R, f.ANSWER, PAGE), (f.SAYS_REFERENCE,)),
        (
            N.LIFTING_ANNOUNCED,
            to_staff("Restriction will end"),
            (R, ends, f.REASON_WORDS, PAGE),
            (f.SAYS_REFERENCE, says_day),
        ),
        (
            N.KEPT_IN_FORCE,
            to_staff("Restriction stays in force"),
            (R, f.REASON_WORDS),
            (f.SAYS_REFERENCE,),
        ),
        (N.LIFTED, to_staff("Restriction has ended"), (R, f.OUR_WORDS, *WAYS, PAGE), (f.SAYS_REFERENCE,)),
    )


def _codes() -> tuple[Row, ...]:
    opening = f.fact("opening", _OPENING, say.confirm_opening)
    link = f.fact("confirm_link", to_staff("The address of the page to confirm"), lambda of: of.link)
    says_link = f.needed(to_staff("where to confirm"), _SAFE, ("confirm_link",))
    object_link = f.fact(
        "objection_link", to_staff("The address of the page to object"), lambda of: of.objection_url
    )
    what = f.fact("what", to_staff("What was asked for"), lambda of: of.right)
    brand = f.fact("brand", to_staff("Our name"), lambda of: of.company.brand)
    works = f.needed(to_staff("until when it works"), _SAFE, ("valid_until",))
    basic = (f.SAYS_REFERENCE, f.SAYS_PAGE)
    says_objection = f.needed(to_staff("where to object"), _SAFE, ("objection_link",))
    return (
        (
            N.CONFIRM_IDENTITY,
            to_staff("Please confirm"),
            (R, opening, link, f.CODE, PAGE, _VALID, _ZONE),
            (
                f.needed(to_staff("what came"), _SAFE, ("opening",)),
                says_link,
                _CODE_WORKS,
                f.SAYS_PAGE,
                works,
            ),
        ),
        (N.CONFIRM_REMINDER, to_staff("Reminder to confirm"), (R, _UNTIL, PAGE), basic),
        (
            N.PORTAL_CODE,
            to_staff("A code for the page"),
            (R, f.CODE, PAGE, _VALID, _ZONE),
            (_CODE_WORKS, works),
        ),
        (
            N.DOWNLOAD_CODE,
            to_staff("A code to download"),
            (R, f.CODE, _VALID_TODAY, _ZONE),
            (_CODE_WORKS, works),
        ),
        (N.GUARDIAN_ASKED, to_staff("To a young person"), (what, object_link, brand), (says_objection,)),
    )


def _copies() -> tuple[Row, ...]:
    kept_for = f.fact("kept_for", to_staff("How long it stays there"), say.kept_for)
    basic = (f.SAYS_REFERENCE, f.SAYS_PAGE)
    return (
        (
            N.COPY_READY,
            to_staff("The copy is ready"),
            (R, PAGE, kept_for),
            (*basic, f.needed(to_staff("how long"), _SAFE, ("kept_for",))),
        ),
        (N.COPY_EXPIRED, to_staff("The copy was not fetched"), (R, PAGE, *CONTESTED), basic),
        (N.COPY_TAKEN_BACK, to_staff("The copy was taken back"), (R, PAGE), basic),
    )


def _sending() -> tuple[Row, ...]:
    result = f.fact("opening", _OPENING, say.transmission_result)
    onwards = f.fact("what_is_there", to_staff("What the page holds then"), say.transmission_next)
    says_result = f.needed(to_staff("what came of it"), _SAFE, ("opening",))
    works = f.needed(to_staff("until when it works"), _SAFE, ("valid_until",))
    return (
        (
            N.TRANSMISSION_CODE,
            to_staff("A code to have a copy sent to another service"),
            (R, f.CODE, _VALID_TODAY, _ZONE),
            (f.SAYS_REFERENCE, _CODE_WORKS, works),
        ),
        (
            N.TRANSMISSION_ENDED,
            to_staff("A copy for another service"),
            (R, result, onwards, PAGE),
            (says_result, f.SAYS_PAGE),
        ),
    )


def _deleting() -> tuple[Row, ...]:
    what = f.fact("what_is_deleted", to_staff("How much is deleted, and what stays"), say.what_is_deleted)
    stopping = f.block("stopping", to_staff("From when, and how to stop it"), say.stopping)
    result = f.fact("opening", _OPENING, say.deletion_result)
    must = (
        f.needed(to_staff("how much is deleted"), _SAFE, ("what_is_deleted",)),
        f.needed(to_staff("how to stop it"), _SAFE, ("stopping",)),
    )
    says_result = f.needed(to_staff("what came of it"), _SAFE, ("opening",))
    return (
        (N.DELETION_PLANNED, to_staff("A deletion is coming"), (R, what, stopping, PAGE), must),
        (N.DELETION_DONE, to_staff("A deletion is over"), (R, result, PAGE), (says_result, f.SAYS_PAGE)),
    )


def add_notices() -> None:
    """Make every notice known as a kind of letter; called once, at start-up."""
    for notice, label, placeholders, needs in rows():
        group = LETTER_GROUP if notice in LETTERS else MAIL_GROUP
        add_kind(Kind(notice.value, label, group, placeholders, needs, sample))
