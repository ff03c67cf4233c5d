"""One file for each step of the pipeline; each has a `run(params)` and says what it reads and writes."""
