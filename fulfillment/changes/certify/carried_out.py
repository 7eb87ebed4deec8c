"""What every certificate says: what each system did, how it was looked at again, receipts, and who was told."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from fulfillment.changes.certificate import CertifiedReceipt
from fulfillment.changes.models import ChangeKind, ChangeState, ChangeTask
from fulfillment.changes.read_backs.shown import ToldLook
from fulfillment.recipients.selectors import Told
from requests_app import days
from requests_app.letters.blocks import Block, Heading, bullets, paragraph, table
from requests_app.lifecycle.models import SubjectRequest


def made_for(subject_request: SubjectRequest, kind: ChangeKind) -> list[ChangeTask]:
    """The last attempt of every change of a kind that was asked for, in the order in which they were asked."""
    tasks = ChangeTask.objects.filter(subject_request=subject_request, kind=kind).select_related("source")
    last = {(task.source_id, task.part): task for task in tasks.order_by("attempt", "created_at")}
    return list(last.values())


def what_was_done(tasks: Iterable[ChangeTask]) -> list[Block]:
    """Where it was carried out, by which hand, when, in how many records; and where it could not be."""
    rows = [_row(task) for task in tasks if task.state in (ChangeState.DONE, ChangeState.COULD_NOT)]
    if not rows:
        return []
    headings = [_("System"), _("What came of it"), _("On"), _("Records")]
    return [Heading(_("Carried out")), table(_("What each system did"), headings, rows)]


def looked_at_again(looks: Iterable[ToldLook]) -> list[Block]:
    """How we saw that it was done."""
    said = [f"{look.source}: {_look(look)}" for look in looks]
    return [Heading(_("Looked at again")), bullets(said)] if said else []


def receipts(found: Iterable[CertifiedReceipt]) -> list[Block]:
    """The files that show what was done, by their hashes."""
    rows = [(each.source, each.sha256) for each in found]
    if not rows:
        return []
    headings = [_("System"), "SHA-256"]
    return [Heading(_("Receipts")), table(_("Files that show what was done"), headings, rows)]


def who_was_told(told: Iterable[Told]) -> list[Block]:
    """Every recipient: told on which day, not told and why not, or not told yet."""
    rows = [
        (each.name, days.day(each.on), each.why_not or ("" if each.on else _("Not told yet")))
        for each in told
    ]
    if not rows:
        return []
    headings = [_("Recipient"), _("Told on"), _("If not, why")]
    return [Heading(_("Whom we told")), table(_("Those who had the data from us"), headings, rows)]


def count(number: int) -> str:
    """A number with its thousands."""
    return f"{number:,}"


def nothing_found() -> list[Block]:
    """That there was nothing to change."""
    return [paragraph(_("We looked in every system and found nothing of yours that this could be done to."))]


def _row(task: ChangeTask) -> tuple[str, str, str, str]:
    source = task.source.label if task.source else _("Privacy team")
    if task.state == ChangeState.COULD_NOT:
        return (
            source,
            f"{_('Could not be done')}: {task.note}" if task.note else _("Could not be done"),
            "",
            "",
        )
    done = _("Done") if task.hand == "connector" else _("Done by hand")
    records = count(task.records_changed) if task.records_changed is not None else ""
    return source, done, days.day(task.ended_at), records


def _look(look: ToldLook) -> str:
    if look.due_at:
        return _("we look again on %(day)s.") % {"day": days.day(look.due_at)}
    if look.because:
        return look.because
    if look.agrees:
        return _("looked at on %(day)s, as decided.") % {"day": days.day(look.looked_at)}
    if look.agrees is None:
        return _("this system cannot show it.")
    return _("looked at on %(day)s; something did not read as decided, and we see to it.") % {
        "day": days.day(look.looked_at)
    }
