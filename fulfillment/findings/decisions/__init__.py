"""What the staff decide about findings: of a record, a value or words in it, by rule, or of a whole collection."""
