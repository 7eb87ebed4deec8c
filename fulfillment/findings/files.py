"""Original files among the findings: sealed each for itself, and opened for whoever reviews or builds the copy."""

import hashlib
import re
from collections.abc import Iterator

from fulfillment.connectors.base import Document
from fulfillment.connectors.errors import Fatal
from fulfillment.findings.models import Finding, FoundFile
from fulfillment.findings.store import FindingsLost
from fulfillment.runs.models import SourceTask
from requests_app.encryption.errors import StoredFileMissing
from requests_app.encryption.files import create_sealed, open_sealed, wrapped_file_key
from requests_app.encryption.store import current_store, new_name

# As `001.pdf`: no folder, no second dot, nothing that Windows gives to a device, the same in capitals and without.
_NAME = re.compile(r"(?!(?:con|prn|aux|nul|com\d|lpt\d)\.)[a-z0-9][a-z0-9_-]{0,30}\.[a-z0-9]{1,8}")


def sealed_file(task: SourceTask, document: Document) -> FoundFile:
    """Seal a file and give its row, not yet saved; a file that no row names is removed after a day.

    Raises Fatal for a name that some system of the person's could not unpack, or would unpack elsewhere.
    """
    if not _NAME.fullmatch(document.name):
        raise Fatal("The connector gave an original file a name that is not fit for every system.")
    name = new_name()
    key = wrapped_file_key(name=name)
    with create_sealed(current_store(), name=name, wrapped_key=key) as sink:
        sink.write(document.content)
    return FoundFile(
        task=task,
        collection=document.collection,
        name=document.name,
        media_type=document.media_type,
        size=len(document.content),
        sha256=hashlib.sha256(document.content).hexdigest(),
        store_name=name,
        wrapped_key=key,
    )


def files_of(finding: Finding) -> list[FoundFile]:
    """The original files of a finding, in order."""
    return list(FoundFile.objects.filter(task_id=finding.task_id, collection=finding.collection))


def file_chunks(file: FoundFile) -> Iterator[bytes]:
    """A file, opened. Raises FindingsLost when it was forgotten or is gone."""
    if not file.store_name:
        raise FindingsLost("This file was deleted with the request. That it was there is kept.")
    try:
        with open_sealed(
            current_store(), name=file.store_name, wrapped_key=bytes(file.wrapped_key)
        ) as opened:
            yield from opened.chunks()
    except StoredFileMissing as missing:
        raise FindingsLost("This file is no longer in the file store. Search the source again.") from missing
