"""Django's index of this app's models; each is written in the folder that owns it."""

from fulfillment.bundles.models import Bundle, BundleFetch
from fulfillment.changes.by_connector.models import SourceChange
from fulfillment.changes.models import ChangeHold, ChangeTask, ReceiptFile
from fulfillment.changes.read_backs.models import ReadBackWork
from fulfillment.changes.record_holds.models import RecordHold
from fulfillment.changes.rehearsals.models import Rehearsal
from fulfillment.findings.decisions.models import ReviewDecision
from fulfillment.findings.models import Finding, FoundFile
from fulfillment.findings.suggestions.models import Suggestion, SuggestionScan
from fulfillment.identities.models import KnownIdentity
from fulfillment.introspection.models import MapProposal
from fulfillment.owners.models import OwnerMail, OwnerTask, OwnerUpload
from fulfillment.recipients.models import Recipient, RecipientLetter, RecipientNotice
from fulfillment.runs.models import FulfillmentRun, SourceTask
from fulfillment.sources.models import (
    DataMapVersion,
    DataSource,
    SourceAnswer,
    SourceBudget,
    SourcePlace,
    SourceSlot,
)
from fulfillment.sweeps.models import Sweep, Trace
from fulfillment.transmissions.models import Sending, Transmission

__all__ = [
    "Bundle",
    "BundleFetch",
    "ChangeHold",
    "ChangeTask",
    "DataMapVersion",
    "DataSource",
    "Finding",
    "FoundFile",
    "FulfillmentRun",
    "KnownIdentity",
    "MapProposal",
    "OwnerMail",
    "OwnerTask",
    "OwnerUpload",
    "ReadBackWork",
    "ReceiptFile",
    "Recipient",
    "RecipientLetter",
    "RecipientNotice",
    "RecordHold",
    "Rehearsal",
    "ReviewDecision",
    "Sending",
    "SourceAnswer",
    "SourceBudget",
    "SourceChange",
    "SourcePlace",
    "SourceSlot",
    "SourceTask",
    "Suggestion",
    "SuggestionScan",
    "Sweep",
    "Trace",
    "Transmission",
]
