"""Single records that a deletion leaves alone: a dispute in court, an order to keep; each with reason and last day."""
