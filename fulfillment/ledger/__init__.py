"""What was erased, written down outside the database: enough to erase it again after a restore, and nobody in clear."""
