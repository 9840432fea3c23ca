"""`concierge keys add | list | revoke`."""

import json
import sys
import time
from typing import Annotated

import typer

app = typer.Typer(help="Make, list and take back API keys of the HTTP interface.")
Name = Annotated[str, typer.Argument(help="What the key is for.")]


@app.command()
def add(
    name: Name,
    user: Annotated[
        str | None, typer.Option(help="The only user whose conversations it opens.")
    ] = None,
    public: Annotated[
        bool, typer.Option("--public", help="For web pages: begins talks, reads no users.")
    ] = False,
) -> None:
    """Make a key and print it; it is kept as a hash and cannot be shown again."""
    from bot.running.keys import Keys
    from bot.settings import Settings

    key, secret = Keys(Settings().home).add(name, user, public)
    sys.stderr.write(f"{key.id} ({key.name}); send it as Authorization: Bearer KEY\n")
    sys.stdout.write(f"{secret}\n")


@app.command("list")
def list_keys(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, one key a line.")] = False,
) -> None:
    """List the keys that hold; never the keys themselves."""
    from bot.running.keys import Keys
    from bot.settings import Settings

    for key in Keys(Settings().home).all():
        made = time.strftime("%Y-%m-%d", time.gmtime(key.made_s))
        kind = "public" if key.public else f"user {key.user}" if key.user else "service"
        about = {"id": key.id, "name": key.name, "kind": kind, "made": made}
        line = json.dumps(about, ensure_ascii=False) if as_json else "  ".join(about.values())
        sys.stdout.write(line + "\n")


@app.command()
def revoke(name: Annotated[str, typer.Argument(help="Its name or id.")]) -> None:
    """Take a key back, at once for a service that runs."""
    from bot.running.keys import Keys
    from bot.settings import Settings

    keys = Keys(Settings().home)
    gone = keys.revoke(name)
    sys.stdout.write(f"{gone.id} ({gone.name}) is refused from now on\n")
    if not keys.all():
        sys.stderr.write("There is no key left: the HTTP interface refuses everyone.\n")
