"""What in the findings may identify somebody else, each with its evidence: found by a scan, answered by a person."""
