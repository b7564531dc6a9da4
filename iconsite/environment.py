"""How settings are read from environment variables, and secrets from files."""

import ipaddress
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def env_str(name: str, default: str = "") -> str:
    """The environment variable; `default` if it is unset or empty."""
    return os.environ.get(name) or default


def env_int(name: str, default: int) -> int:
    """The environment variable as a whole number. Raises ImproperlyConfigured if it is none."""
    value = env_str(name)
    try:
        return int(value) if value else default
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from None


def env_float(name: str, default: float) -> float:
    """The environment variable as a number. Raises ImproperlyConfigured if it is none."""
    value = env_str(name)
    try:
        return float(value) if value else default
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a number, not {value!r}.") from None


def env_bool(name: str, default: bool = False) -> bool:
    """Whether the environment variable is 1, true, yes or on."""
    return env_str(name, str(default)).lower() in ("1", "true", "yes", "on")


def env_list(name: str, default: str = "") -> list[str]:
    """The items of the environment variable, which commas separate."""
    return [item.strip() for item in env_str(name, default).split(",") if item.strip()]


def env_networks(name: str) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """The networks of the environment variable, which commas separate. Raises ImproperlyConfigured for what is none."""
    try:
        return [ipaddress.ip_network(network, strict=False) for network in env_list(name)]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be networks such as 10.0.0.0/8: {error}.") from None


@contextmanager
def writing_to(folder: Path) -> Iterator[None]:
    """For the `with` block, which writes to the folder. Raises ImproperlyConfigured where that cannot be done."""
    try:
        yield
    except OSError as error:
        raise ImproperlyConfigured(f"Cannot write to {folder}: {error.strerror}. Set VAR_DIR.") from None


def secret_in_file(path: Path) -> str:
    """The secret in a file, which is made on first use and which its owner alone can read."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50))
        try:
            os.link(draft, path)  # atomic: if two programs start for the first time, both read the same secret
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()
