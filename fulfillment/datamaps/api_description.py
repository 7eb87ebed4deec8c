"""How a web API is asked: the `api` part of a map's additions, validated."""

from typing import Literal, Self

from pydantic import Field, model_validator

from fulfillment.datamaps.api_auth import Auth
from fulfillment.datamaps.api_changes import EndpointChanges
from fulfillment.datamaps.api_paging import NoPaging, Paging
from fulfillment.datamaps.api_question import ApiVerdict, Path, Question
from fulfillment.datamaps.descriptions import Description, Text


class Rate(Description):
    """How many calls the source allows all of us together; each that is given is kept."""

    per_second: int | None = Field(default=None, ge=1, le=1_000)
    per_minute: int | None = Field(default=None, ge=1, le=60_000)
    per_hour: int | None = Field(default=None, ge=1, le=1_000_000)
    per_day: int | None = Field(default=None, ge=1, le=10_000_000)

    @property
    def limits(self) -> tuple[tuple[int, int], ...]:
        """Pairs of (calls, seconds)."""
        given = (
            (self.per_second, 1),
            (self.per_minute, 60),
            (self.per_hour, 3600),
            (self.per_day, 86_400),
        )
        return tuple((calls, seconds) for calls, seconds in given if calls is not None)


class JobResult(Description):
    """Where a finished export lies, and how it is written.

    `path` is one of the API's own; `url` names the value of the answer that holds its address, which must be on
    the API's own host or one of `hosts` (`*.example.com` for its sub-domains), and is asked without credentials.
    """

    path: Path | None = None
    url: Text | None = None
    hosts: tuple[Text, ...] = ()
    format: Literal["json", "jsonl", "csv"] = "json"
    packed: Literal["none", "zip", "gzip"] = "none"

    @model_validator(mode="after")
    def _is_somewhere(self) -> Self:
        if (self.path is None) == (self.url is None):
            raise ValueError("the result of a job has either a path or a url")
        return self


class Job(Description):
    """An export that takes its time: started once, asked after until it is done, then fetched.

    The endpoint's own call starts it; `{job.id}` stands for the number it gives in every later path.
    """

    id: Text
    status: Path
    state: Text
    done: tuple[str, ...] = Field(min_length=1)
    failed: tuple[str, ...] = Field(min_length=1)
    result: JobResult
    first_wait_seconds: float = Field(default=2, gt=0, le=600)
    longest_wait_seconds: float = Field(default=300, gt=0, le=3600)
    deadline_seconds: float = Field(default=86_400, gt=0, le=30 * 86_400)


class Listing(Question):
    """A call that is answered with records, and where the answer has them.

    `missing_is_none` says that 404 means no record, `absent_is_none` the same of an answer without the list.
    `single` when the answer is one record; `each` when a record lies inside each element of the list.
    """

    method: Literal["GET", "POST"] = "GET"
    records: Text | None = None
    each: Text | None = None
    single: bool = False
    paging: Paging = NoPaging()
    total: Text | None = None
    missing_is_none: bool = False
    absent_is_none: bool = False


class Endpoint(Listing):
    """Where a collection is read for a person.

    `others` says what a search that is not exact may bring besides the person: refused, or left out one by one.
    `every` is the call that lists all records whoever they are about, by which the collection can be swept.
    """

    others: Literal["refuse", "leave_out"] = "refuse"
    verdict: ApiVerdict | None = None
    job: Job | None = None
    changes: EndpointChanges = EndpointChanges()
    every: Listing | None = None


class ApiDescription(Description):
    """An HTTP source; `headers` go with every call.

    `once_header` names the header by which the API knows a change that is sent again for the same one.
    """

    auth: Auth
    headers: dict[str, str] = Field(default_factory=dict)
    once_header: Text | None = None
    rate: Rate | None = None
    timeout_seconds: float = Field(default=20, gt=0, le=300)
    verdict: ApiVerdict | None = None
    collections: dict[str, Endpoint]
