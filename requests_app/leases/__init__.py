"""Work taken by one worker at a time: leased rows with fencing. The row is the outbox; the broker only hints."""
