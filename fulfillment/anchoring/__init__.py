"""A timestamp authority as a place that keeps anchors of the audit log: the call to it, through the outgoing guard."""
