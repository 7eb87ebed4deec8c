"""Where a map that we bring along comes from: which vendor, described where and when, and what it needs."""

from datetime import date

from pydantic import Field

from fulfillment.datamaps.descriptions import Description, Text


class PresetOrigin(Description):
    """The origin of a preset. `settings` says in words what each setting is; `base_url` may have parts to fill in."""

    vendor: Text
    sort: Text
    base_url: Text
    described: Text
    read_on: date
    settings: dict[Text, Text] = Field(default_factory=dict)
