"""One access request through the running demo, by script, as people would make it: over HTTP, real mail."""
