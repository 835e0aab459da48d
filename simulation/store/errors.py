"""What can go wrong when a result is stored."""


class CannotWrite(Exception):
    """The folder cannot be written or the disk is full: the user's to put right, exit status 1."""


class TableError(Exception):
    """A table breaks its own declaration (key, columns, types): an error in the program, never in the input."""
