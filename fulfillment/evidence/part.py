"""What every part of the evidence is: a value that never changes, and has just the fields that its shape names."""

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """A part of `evidence.json`."""

    model_config = ConfigDict(extra="forbid", frozen=True)
