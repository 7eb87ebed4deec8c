"""The names of what this app records, each with the sentence a reader sees."""

SENTENCES = {
    "run.started": "Run {run} started in: {sources}.",
    "source.connected": "A source was connected: {source}.",
    "source.map_loaded": "Map {number} of {source} was loaded.",
    "source.look_asked": "A look at {source} was asked for, to propose its map.",
    "source.settings_changed": "The settings of {source} were changed.",
    "source.searched": "{source} was searched: {rows} records in {collections} collections.",
    "source.failed": "{source} could not be searched: {why}",
    "source.retried": "{source} was tried again by hand.",
    "source.excluded": "{source} was left out, with a reason.",
    "finding.opened": "{collection} of {source} was opened.",
    "finding.withheld": "{collection} of {source} was withheld: {reason}.",
    "finding.included": "{collection} of {source} was included again.",
    "finding.forgotten": "What was found was deleted: {files} sealed files.",
    "change.asked": "{kind}: asked of {sources}.",
    "change.taken": "{kind} in {source} was taken on by somebody.",
    "change.done": "{kind} in {source} was done: {records} records.",
    "change.could_not": "{kind} in {source} could not be done.",
    "change.receipt_kept": "{kind} in {source}: a file was kept as receipt (SHA-256 {sha256}).",
    "change.receipt_seen": "{kind} in {source}: the file of the receipt was looked at.",
    "change.cancelled": "{count} changes are no longer wanted.",
    "change.person_shown": "{source}: whom the change concerns was shown to a member of staff.",
    "bundle.built": "The copy was built: {parts} files, {rows} records.",
    "bundle.failed": "The copy could not be built: {why}",
    "bundle.retried": "Putting the copy together was tried again by hand.",
    "bundle.discarded": "A copy that was not released was discarded.",
    "bundle.fetched": "The copy was downloaded.",
    "bundle.expired": "The copy expired and was deleted.",
    "bundle.revoked": "The copy was revoked.",
}

# Whoever decides what goes into an answer has prepared it.
PREPARING = ("finding.withheld", "finding.included")
