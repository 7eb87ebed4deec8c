'''How the product reaches a company's systems. To add a kind of source, write one file in `kinds/`:

    """Acme CRM: contacts by e-mail address."""

    class AcmeSettings(ConnectorSettings):
        token: SecretStr

    class AcmeConnector(Connector[AcmeSettings]):
        kind = "acme"
        label = "Acme CRM"
        settings_model = AcmeSettings

        def check(self, data_map=None):
            return CheckReport("Acme answers.")

        def search(self, query, data_map, *, heartbeat=no_heartbeat):
            rows = [json_line(row) for row in ask_acme(self.settings, query.values("email"))]
            yield Batch("contacts", rows)
            yield CollectionDone("contacts", len(rows))

    CONNECTOR = AcmeConnector

A package of one's own offers it by an entry point of the group `omne_dsar.connectors`, and takes its tests
from `contract/` (docs/connectors.md shows all of it). `base.py` is the contract, `errors.py` what can go wrong;
`sql.py`, `http.py` and `rows.py` are what kinds share; `presets/` are data maps to start from. Not here: which
systems are connected (`sources`), what they hold (`datamaps`).
'''
