"""Every statement about the chain that can be reached: in our tables, in the files, and what somebody kept."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from pathlib import Path

from requests_app.audit.anchors import shelf
from requests_app.audit.anchors.errors import PlaceAway, StatementBroken
from requests_app.audit.anchors.models import AuditAnchor
from requests_app.audit.anchors.stamped import can_check_stamps, stamped_at
from requests_app.audit.anchors.statement import Kind, Statement, read_statement


@dataclass(frozen=True)
class Checkpoint:
    """A statement, and where it was found."""

    statement: Statement
    where: tuple[str, ...]

    def in_words(self) -> str:
        """As a sentence names it."""
        return f"{self.statement.at:%Y-%m-%d %H:%M} UTC ({', '.join(self.where)})"


@dataclass
class Reached:
    """What was found: the statements that count, those a restore let go, and what is wrong with others."""

    checkpoints: list[Checkpoint] = field(default_factory=list)
    let_go: list[Checkpoint] = field(default_factory=list)
    restores: list[Checkpoint] = field(default_factory=list)
    stamps: int = 0
    flaws: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def reach(given: Iterable[Path] = ()) -> Reached:
    """Read every statement; what cannot be read or was not signed by us is a flaw, a place that is away a warning."""
    reached, found = Reached(), dict[str, tuple[Statement, list[str]]]()
    for where, name, content in _everything(reached, given):
        try:
            statement = read_statement(content)
        except StatementBroken as broken:
            reached.flaws.append(f"{broken.sentence} ({where}: {name})")
            continue
        places = found.setdefault(statement.digest, (statement, []))[1]
        if where not in places:
            places.append(where)
    _sort(reached, [Checkpoint(statement, tuple(where)) for statement, where in found.values()])
    return reached


def _sort(reached: Reached, found: list[Checkpoint]) -> None:
    """Put those aside that an acknowledged restore let go; one that was let go itself lets nothing go."""
    gone: set[str] = set()
    by_age = sorted(found, key=lambda each: (each.statement.at, each.statement.digest))
    for each in reversed(by_age):
        if each.statement.digest not in gone:
            gone.update(each.statement.let_go)
    for each in by_age:
        is_gone = each.statement.digest in gone
        (reached.let_go if is_gone else reached.checkpoints).append(each)
        if each.statement.kind is Kind.RESTORE and not is_gone:
            reached.restores.append(each)


def _everything(reached: Reached, given: Iterable[Path]) -> Iterator[tuple[str, str, bytes]]:
    for position, text in AuditAnchor.objects.order_by("pk").values_list("position", "content"):
        yield "database", str(position), text.encode()
    try:
        files = dict(shelf.kept_files())
    except PlaceAway as away:
        reached.warnings.append(away.sentence)
        files = {}
    for name, content in files.items():
        if name.endswith(".json"):
            yield "file", name, content
    _check_stamps(reached, files)
    for path in given:
        for content in _in_file(path):
            yield "given", path.name, content


def _check_stamps(reached: Reached, files: dict[str, bytes]) -> None:
    stamps = [name for name in files if name.endswith(shelf.TIMESTAMP_ENDING)]
    if stamps and not can_check_stamps():
        reached.warnings.append(
            f"{len(stamps)} timestamps were not checked: TIMESTAMP_CERTIFICATES names no file."
        )
        return
    for name in stamps:
        about = files.get(name.removesuffix(shelf.TIMESTAMP_ENDING), b"")
        try:
            stamped_at(files[name], content=about)
            reached.stamps += 1
        except StatementBroken as broken:
            reached.flaws.append(f"{broken.sentence} ({name})")


def _in_file(path: Path) -> Iterator[bytes]:
    """The statement of a file, or those attached to a mail that was saved."""
    content = path.read_bytes()
    if content.lstrip().startswith(b"{"):
        yield content.strip()
        return
    attached = [
        bytes(part.get_payload(decode=True) or b"")
        for part in message_from_bytes(content, policy=policy.default).walk()
        if part.get_content_type() == "application/json"
    ]
    # What holds none is told of as a statement that cannot be read.
    yield from [each.strip() for each in attached] or [content]
