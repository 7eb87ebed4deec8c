"""What a source told us between two steps, such as answers called back and the journal of a change half made."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from fulfillment.changes.models import ChangeState, ChangeTask
from fulfillment.connectors.api_auth import SLOT as TOKEN
from fulfillment.connectors.order_names import slots_of_order
from fulfillment.sources.models import SourceAnswer, SourceSlot
from requests_app.encryption.doomed import doom
from requests_app.lifecycle.models import SubjectRequest
from requests_app.policy.company import COMPANY
from requests_app.retention.base import Found, Kept, OwnDay, Stage


def _slots(at: datetime) -> QuerySet[SourceSlot]:
    """Not the tokens of sources; not the journal of a change that is still to be done, which must not be made twice."""
    open_changes = ChangeTask.objects.filter(state=ChangeState.OPEN).values_list("pk", flat=True)
    found = SourceSlot.objects.filter(changed_at__lte=_before(at)).exclude(key=TOKEN)
    return found.exclude(key__in=_names_of(open_changes))


def _names_of(changes: Iterable[UUID]) -> list[str]:
    return [name for change in changes for name in slots_of_order(str(change))]


def _answers(at: datetime) -> QuerySet[SourceAnswer]:
    return SourceAnswer.objects.filter(received_at__lte=_before(at))


def _before(at: datetime) -> datetime:
    return at - timedelta(days=COMPANY.keeping.memory_days)


def _due(at: datetime) -> Found:
    return Found(_slots(at).count() + _answers(at).count())


def _forget(at: datetime) -> int:
    with transaction.atomic():
        answers = list(_answers(at).select_for_update())
        doom(row.store_name for row in answers)
        _answers(at).filter(pk__in=[row.pk for row in answers]).delete()
        slots, _by_model = _slots(at).delete()
    return slots + len(answers)


def _journals(subject_request: SubjectRequest, _at: datetime) -> int:
    changes = ChangeTask.objects.filter(subject_request=subject_request).values_list("pk", flat=True)
    return SourceSlot.objects.filter(key__in=_names_of(changes)).delete()[0]


KEPT = Kept(
    label=_("What sources told us between two steps"),
    goes=_("Deleted, with the files of answers that were called back."),
    stage=Stage.RECORD,
    first=(_journals,),
    own_day=OwnDay(_("Some weeks after the last word"), _due, _forget, models=(SourceSlot, SourceAnswer)),
)
