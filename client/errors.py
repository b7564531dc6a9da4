"""What goes wrong between a program and a site, each with a sentence for people."""

from typing import Any


class IconsiteError(Exception):
    """Any error of this package; its text is a whole sentence."""

    exit_code = 4  # of the command line


class Unreachable(IconsiteError):
    """The site gave no answer: no network, a wrong address, or a time limit that ran out."""


class SiteFailed(IconsiteError):
    """The site answered that it cannot answer now, or with something that is none of its answers."""


class Refused(IconsiteError):
    """The site refused a request: RFC 9457 problem details.

    `status` is that of HTTP, `code` names the problem in every language, `errors` are the wrong fields with their
    sentences, `retry_after` the seconds after which the request may be sent again, None where that is not said.
    """

    exit_code = 3

    def __init__(self, status: int, problem: dict[str, Any], retry_after: float | None = None) -> None:
        super().__init__(str(problem.get("detail") or problem.get("title") or f"The site answered {status}."))
        self.status = status
        self.code = str(problem.get("code", ""))
        self.errors: dict[str, list[str]] = problem.get("errors", {})
        self.retry_after = retry_after


class Unusable(IconsiteError):
    """What was asked for cannot be: a file that is missing or no picture, a clipboard that is empty."""

    exit_code = 2
