"""The command `iconsite` and what its commands share; the modules of commands add theirs to `main`."""

import functools
import sys
import time
from collections.abc import Callable
from typing import Any, TypeVar

import click

from . import __version__
from .connection import DEFAULT_URL
from .errors import IconsiteError
from .site import Client, Filters
from .tables import for_people, say, show, show_json

Command = TypeVar("Command", bound=Callable[..., Any])
NOTHING = 1  # the exit code where nothing was found, or something is missing
LONG = 2.0  # seconds of waiting that somebody notices


class Commands(click.Group):
    """Commands whose errors are a sentence and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command. Raises Exit."""
        try:
            return super().invoke(ctx)
        except IconsiteError as error:
            click.echo(f"Error: {error}", err=True)
            raise click.exceptions.Exit(error.exit_code) from error


def wait(seconds: float) -> None:
    """Wait until a request is sent again, and say so where it takes a while."""
    if seconds > LONG:
        say(f"The site is busy, or does not answer: trying again in {seconds:.0f} seconds.")
    time.sleep(seconds)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--url", envvar="ICONSITE_URL", default=DEFAULT_URL, show_default=True, help="The site.")
@click.option("--token", envvar="ICONSITE_TOKEN", default="", help="A key of the site, where it wants one.")
@click.option("--proxy", default=None, help="A proxy, such as http://proxy:3128; else that of HTTPS_PROXY.")
@click.version_option(__version__, prog_name="iconsite")
@click.pass_context
def main(context: click.Context, url: str, token: str, proxy: str | None) -> None:
    """Find icons by picture or by words, and read, add or export them.

    ICONSITE_URL and ICONSITE_TOKEN name the site and a key for it. Exit codes: 0 all is well; 1 nothing was found, or
    something is missing; 2 a command is written wrong, or a file cannot be read; 3 the site refuses; 4 no site answers.
    """
    context.obj = client = Client(url, token, proxy=proxy, sleep=wait)
    context.call_on_close(client.close)


def narrowing(command: Command) -> Command:
    """Options that narrow a search down; the command gets them as `filters`."""

    @functools.wraps(command)
    def narrowed(*args: Any, **options: Any) -> Any:
        names = ("set", "licence", "style", "tag", "category", "palette")
        filters: Filters = {name: options.pop(name) for name in names}
        return command(*args, filters=filters, **options)

    for decorate in (
        click.option(
            "--palette", type=click.Choice(["mono", "colour"]), help="Only icons with one colour, or several."
        ),
        click.option("--category", multiple=True, help="Only icons of this category."),
        click.option("--tag", multiple=True, help="Only icons with this tag."),
        click.option("--style", multiple=True, type=click.Choice(["outline", "filled", "duotone"]), help="Only these."),
        click.option("--licence", multiple=True, help="Only icons under this licence, as its SPDX id."),
        click.option("--set", multiple=True, help="Only icons of this set, by its prefix; may be repeated."),
    ):
        narrowed = decorate(narrowed)
    return narrowed  # type: ignore[return-value]  # which the options have changed


@main.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.pass_obj
def status(client: Client, /, as_json: bool) -> None:
    """Tell whether the site is ready, and how many sets it has."""
    state = client.status()
    sets = list(client.sets()) if state["ready"] else []
    if as_json:
        show_json({"url": client.connection.url, **state, "sets": len(sets)})
    else:
        rows = [("site", client.connection.url), ("ready", "yes" if state["ready"] else "no")]
        rows += [(part, "yes" if works else "no") for part, works in state["parts"].items()]
        if state["ready"]:
            rows += [("sets", str(len(sets))), ("key", "accepted" if client.connection.has_token else "none")]
        show(("", ""), rows)
    if not state["ready"]:
        sys.exit(IconsiteError.exit_code)


@main.command()
@click.pass_obj
def mcp(client: Client, /) -> None:
    """Serve the tools for agents, of the Model Context Protocol, on standard input and output."""
    from .tools import serve_stdio  # takes a moment to load

    if for_people():
        say("An agent starts this command by itself: see docs/agents.md. Ctrl-C ends it.")
    serve_stdio(client)
