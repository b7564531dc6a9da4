"""Texts that others wrote, made fit for the database and for a reader."""


def storable(text: str, length: int | None = None) -> str:
    """The text as Postgres takes it: no NUL, no half of a UTF-16 pair; at most `length` characters."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()[:length]


def error_text(error: BaseException) -> str:
    """What an error says of itself, after its type, in 300 characters at most; it stays English.

    >>> error_text(KeyError("body")), error_text(EOFError())
    ("KeyError: 'body'", 'EOFError')
    """
    type_name, message = type(error).__name__, str(error).strip()
    return (f"{type_name}: {message}" if message else type_name)[:300]
