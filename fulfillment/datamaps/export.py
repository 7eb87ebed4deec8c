"""Write a data map back as fideslang YAML: equal to what was read once parsed, Fides can load it."""

import yaml

from fulfillment.datamaps.datamap import DataMap


def export_map(data_map: DataMap) -> str:
    """The map as YAML text, with every key of the original in its order."""
    return yaml.safe_dump(
        {"dataset": [data_map.document]},
        sort_keys=False,
        allow_unicode=True,
        width=110,
        default_flow_style=False,
    )
