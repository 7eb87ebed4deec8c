"""One attempt to fulfil one request: a plan, a row of work per source, and the end when every row has one."""
