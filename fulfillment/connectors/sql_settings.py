"""How databases are reached: an address or a file, passwords apart, and how long they may take."""

from pydantic import Field, SecretStr, field_validator
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from fulfillment.connectors.base import ConnectorSettings


class SqlLimits(ConnectorSettings):
    """How long a database may take."""

    statement_timeout_seconds: int = Field(default=300, ge=1, le=3600)
    connect_timeout_seconds: int = Field(default=10, ge=1, le=120)


class SqlSettings(SqlLimits):
    """How a server is reached; the password may stand apart, as it is, where a URL needs it escaped."""

    url: SecretStr
    password: SecretStr | None = None

    @field_validator("url")
    @classmethod
    def _is_an_address(cls, url: SecretStr) -> SecretStr:
        try:
            make_url(url.get_secret_value())
        except (ArgumentError, ValueError):
            raise ValueError(
                "it is not an address such as postgresql://user:password@host:5432/name"
            ) from None
        return url
