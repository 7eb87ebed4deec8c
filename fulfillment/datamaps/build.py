"""Build the DataMap value from a Dataset whose shape has been checked, and its additions."""

from collections.abc import Iterator, Mapping
from typing import Any

from fulfillment.datamaps.additions import Additions, CollectionAdditions, FieldAdditions
from fulfillment.datamaps.changing import CollectionChanges
from fulfillment.datamaps.datamap import Collection, DataField, DataMap, Reference
from fulfillment.datamaps.document import Document, Path
from fulfillment.datamaps.fides import spelling_of_meta

# Fideslang's categories of what opens an account, in their spelling of today and the one before.
_CREDENTIALS = {"user.authorization.credentials", "user.authorization.password", "user.credentials.password"}


def build_map(raw: Mapping[str, Any], additions: Additions, document: Document, place: Path) -> DataMap:
    """The map of the Dataset that stands at `place` of the document."""
    collections = tuple(
        _collection(each, additions, document, (*place, "collections", number))
        for number, each in enumerate(raw["collections"])
    )
    return DataMap(
        key=str(raw["fides_key"]),
        label=additions.label or str(raw.get("name") or "") or _spoken(str(raw["fides_key"])),
        owner=additions.owner or "",
        description=raw.get("description") or "",
        collections=collections,
        namespace=(raw.get("fides_meta") or {}).get("namespace") or {},
        api=additions.api,
        files=additions.files,
        unmapped=additions.unmapped,
        preset=additions.preset,
        words=additions.words,
        document=raw,
    )


def _collection(raw: Mapping[str, Any], additions: Additions, document: Document, place: Path) -> Collection:
    ours = additions.collections.get(raw["name"], CollectionAdditions())
    inherited = tuple(raw.get("data_categories") or ())
    return Collection(
        name=raw["name"],
        label=ours.label or _spoken(raw["name"]),
        about=ours.about or raw.get("description") or "",
        policy=ours.policy,
        purposes=ours.purposes,
        legal_basis=ours.legal_basis,
        retention=ours.retention,
        recipients=ours.recipients,
        source=ours.source or "",
        rights=ours.rights,
        together=ours.together,
        documents=ours.documents,
        proposed=ours.proposed,
        changes=CollectionChanges(erase=ours.erase, restrict=ours.restrict, suppress=ours.suppress),
        fields=tuple(_fields(raw, ours.fields, inherited, document, place)),
        line=document.line(*place),
    )


def _fields(
    parent: Mapping[str, Any],
    ours: Mapping[str, FieldAdditions],
    inherited: tuple[str, ...],
    document: Document,
    place: Path,
    prefix: str = "",
) -> Iterator[DataField]:
    for number, raw in enumerate(parent.get("fields") or ()):
        here: Path = (*place, "fields", number)
        name = prefix + raw["name"]
        about = ours.get(name, FieldAdditions())
        spelling = spelling_of_meta(raw)
        meta = raw.get(spelling) or {}
        yield DataField(
            name=name,
            label=about.label or _spoken(raw["name"]),
            description=about.about or raw.get("description") or "",
            categories=tuple(raw.get("data_categories") or inherited),
            data_type=meta.get("data_type"),
            primary_key=bool(meta.get("primary_key")),
            identity=meta.get("identity"),
            references=(
                *_references(meta, document, (*here, spelling)),
                *_typed_references(about, name, document, place),
            ),
            secret=_opens_accounts(raw, meta) if about.secret is None else about.secret,
            optional=about.optional,
            channel=about.channel,
            masking=about.erase,
            type_name=about.type,
            proposed=about.proposed,
            fields=tuple(_fields(raw, ours, inherited, document, here, f"{name}.")),
            line=document.line(*here),
        )


def _opens_accounts(raw: Mapping[str, Any], meta: Mapping[str, Any]) -> bool:
    """Whether a field that nobody called a secret is one all the same; keys are needed to read anything."""
    is_key = meta.get("primary_key") or meta.get("identity")
    return not is_key and any(name in _CREDENTIALS for name in raw.get("data_categories") or ())


def _references(meta: Mapping[str, Any], document: Document, place: Path) -> Iterator[Reference]:
    for number, raw in enumerate(meta.get("references") or ()):
        line = document.line(*place, "references", number)
        yield Reference(raw["dataset"], raw["field"], raw.get("direction"), line)


def _typed_references(
    about: FieldAdditions, name: str, document: Document, place: Path
) -> Iterator[Reference]:
    """References of our additions, which hold beside certain values only; `place` lies in the collection."""
    dataset = document.content["dataset"][place[1]]
    collection = dataset["collections"][place[3]]["name"]
    ours: Path = (*place[:2], "meta", "omne", "collections", collection, "fields", name, "references")
    for number, each in enumerate(about.references):
        line = document.line(*ours, number)
        when = tuple(sorted(each.when.items()))
        yield Reference(str(dataset["fides_key"]), each.field, each.direction, line, when)


def _spoken(name: str) -> str:
    """A technical name as words, where nobody gave a label."""
    words = name.replace(".", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]
