"""What a person is known by."""
