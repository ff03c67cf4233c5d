"""The one exception that a step raises when the person who ran it can mend the cause."""


class PipelineError(Exception):
    """A wrong parameter or a missing or damaged input; the message says what to do about it."""
