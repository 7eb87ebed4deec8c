"""All guesses about the columns of a schema, before it is known which tables are reached."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from fulfillment.introspection.categories import category_of
from fulfillment.introspection.guess import LEAST, Guess
from fulfillment.introspection.identities import identity_of, secret_of
from fulfillment.introspection.inside_json import Inside
from fulfillment.introspection.samples import Samples
from fulfillment.introspection.schema import Column, Family, Schema
from fulfillment.introspection.tables import View, object_view
from fulfillment.introspection.values import signs_of


@dataclass(frozen=True, slots=True)
class Judged:
    """What a column seems to hold."""

    category: Guess | None = None
    identity: Guess | None = None
    secret: Guess | None = None

    @property
    def is_personal(self) -> bool:
        """Whether it seems to hold people's data."""
        sure = self.category is not None and self.category.confidence >= LEAST
        return sure and self.category is not None and self.category.value.startswith("user.")

    @property
    def leads_to_person(self) -> bool:
        """Whether a person can be searched by it."""
        return self.identity is not None and not self.identity.kept_out and self.identity.confidence >= LEAST


Verdicts = Mapping[str, Mapping[str, Judged]]


def judge(
    schema: Schema, views: Mapping[str, View], samples: Samples, nested: Mapping[str, Inside], *, year: int
) -> Verdicts:
    """A verdict on every column and every path inside JSON, by table and name."""
    verdicts: dict[str, dict[str, Judged]] = {}
    for table in schema.tables:
        view = views[table.name]
        judged = verdicts[table.name] = {}
        if table.kind.is_copy:
            continue
        for column in table.columns:
            judged[column.name] = _judged(column, view, samples.of(table.name, column.name), year)
        inside = nested.get(table.name, Inside()).values
        for path, values in inside.items():
            place, _, name = path.rpartition(".")
            beside = [each.rpartition(".")[2] for each in inside if each.rpartition(".")[0] == place]
            key = Column(name, Family.TEXT, "json")
            judged[path] = _judged(key, view, list(values), year, object_view(view, beside))
    return verdicts


def _judged(column: Column, view: View, values: list[str], year: int, around: View | None = None) -> Judged:
    """`around` is what is known of the object in which a value stands, where that is not the row itself."""
    if column.family is Family.BYTES and values:
        # Only what is written as UTF-8 through and through was sampled of bytes.
        column = replace(column, family=Family.TEXT)
    looked = values if column.family in (Family.TEXT, Family.DATE, Family.UUID) else []
    if column.is_array:
        looked = [part.strip('" ') for each in values for part in each.strip("{}").split(",")]
    signs = signs_of(looked, year=year)
    secret = secret_of(column, view, signs)
    if secret is not None:
        return Judged(secret=secret)
    category = category_of(column, around or view, signs)
    return Judged(category, identity_of(column, view, category, signs))
