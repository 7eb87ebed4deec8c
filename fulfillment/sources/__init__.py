"""Connected data sources: a connector, its sealed settings, and the versions of its data map."""
