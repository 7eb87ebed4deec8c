"""What came back, before it leaves: per source and collection, included or withheld by a person with a reason."""
