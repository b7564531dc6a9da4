"""Logs as lines of JSON, each with the id of the request or the task that it is about."""

import json
import logging
from datetime import UTC, datetime
from typing import Any

EXTRA = ("view", "status", "seconds")  # what lines about requests have, too


class JsonFormatter(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON."""
        from celery import current_task

        from iconsite.observing import request_id  # needs the settings, which configure this formatter

        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if id := request_id.get():
            line["request"] = id
        if current_task and current_task.request.id:
            line["task"] = f"{current_task.name} {current_task.request.id}"
        line |= {name: getattr(record, name) for name in EXTRA if hasattr(record, name)}
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


class ClientErrors(logging.Filter):
    """Leaves the traceback out where the client is to blame: whoever sends nonsense is not to fill the logs with it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """True: each record is logged."""
        if 400 <= getattr(record, "status_code", 500) < 500:
            record.exc_info = record.exc_text = None
        return True


def logging_of(log_format: str) -> dict[str, Any]:
    """Django's LOGGING with lines for people, "line", or for programs, "json"."""
    levels = dict.fromkeys(("icons", "search", "bags", "api", "iconify"), "INFO")
    if log_format == "json":  # each request is a line; in a log for people, these would be noise
        levels |= {"iconsite.requests": "INFO", "celery": "INFO"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
            "json": {"()": "iconsite.logs.JsonFormatter"},
        },
        "filters": {"client_errors": {"()": "iconsite.logs.ClientErrors"}},
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": log_format, "filters": ["client_errors"]}
        },
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {name: {"level": level} for name, level in levels.items()},
    }
