"""How an API knows who asks: the ways a map may name. The secrets themselves are in the source's settings."""

from typing import Annotated, Literal

from pydantic import Field

from fulfillment.datamaps.descriptions import Description, Text


class NoAuth(Description):
    """An API that asks for nothing."""

    kind: Literal["none"]


class BearerAuth(Description):
    """A token sent as `Authorization: Bearer`."""

    kind: Literal["bearer"]
    token: Literal["{settings.token}"] = "{settings.token}"  # noqa: S105 - names the setting, holds no secret


class KeyAuth(Description):
    """A key in a header or parameter of the API's own, perhaps behind a word such as `SSWS `."""

    kind: Literal["key"]
    place: Literal["header", "query"] = Field(default="header", alias="in")
    name: Text
    prefix: str = ""


class BasicAuth(Description):
    """User and password. `user` where the API wants a fixed word, as some do beside a key."""

    kind: Literal["basic"]
    user: Text | None = None


class OAuth2(Description):
    """A token fetched with the client's own secret, or with a refresh token that may change at each use.

    `token_url` is a path of the API, or an https address where tokens come from another host.
    """

    kind: Literal["oauth2"]
    grant: Literal["client_credentials", "refresh_token"] = "client_credentials"
    token_url: Annotated[str, Field(pattern=r"^(/|https://)")]
    send: Literal["basic", "body"] = "body"
    scope: Text | None = None
    extra: dict[str, str] = Field(default_factory=dict)


Auth = Annotated[NoAuth | BearerAuth | KeyAuth | BasicAuth | OAuth2, Field(discriminator="kind")]
