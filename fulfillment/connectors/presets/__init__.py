"""Data maps of systems that companies really use, to start from: one YAML file each, named by its key.

To add one, write `<name>.yaml` with `meta.omne.preset`, and beside the others in `tests/vendors` a server that
enforces what the vendor's published description says. A preset is text: nothing in it is ever run.
"""

import json
from dataclasses import dataclass
from importlib.resources import files

from fulfillment.datamaps.preset import PresetOrigin
from fulfillment.datamaps.read import load_map
from requests_app.registry import NotRegistered

_FOLDER = files(__name__)
KIND = "rest_api"


@dataclass(frozen=True, slots=True)
class Preset:
    """A map as text, and where it comes from."""

    name: str
    text: str
    origin: PresetOrigin

    @property
    def is_complete(self) -> bool:
        """Whether its address can be used as it is; others have a part in capitals to fill in."""
        return self.origin.base_url == self.origin.base_url.lower()

    def settings_text(self) -> str:
        """What the settings of such a source look like, as JSON to fill in."""
        named = {"base_url": self.origin.base_url} | dict(self.origin.settings)
        return json.dumps(named, indent=2, ensure_ascii=False)


def preset_names() -> tuple[str, ...]:
    """Every preset, in alphabetical order."""
    return tuple(
        sorted(each.name.removesuffix(".yaml") for each in _FOLDER.iterdir() if each.name.endswith(".yaml"))
    )


def preset(name: str) -> Preset:
    """The preset of this name. Raises NotRegistered."""
    if name not in preset_names():
        raise NotRegistered(f"There is no preset called “{name}”. There are: {', '.join(preset_names())}.")
    text = _FOLDER.joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    origin = load_map(text, name).preset
    if origin is None:
        raise NotRegistered(f"The preset {name} does not say where it comes from.")
    return Preset(name, text, origin)
