"""The command line: `concierge serve | talk | understand | index | train | evaluate | simulate …`.

Each command imports what it needs when it runs, so that `--help` is quick. The outermost face:
every error ends here as one line on standard error, exit code 2 for wrong use and 1 for the rest.
"""

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from bot.commands import keys, replay, users
from bot.scripted.usage import USAGE

if TYPE_CHECKING:
    from bot.settings import Settings

# The base of Typer's usage errors, which it does not export by name.
_USAGE: tuple[type[Exception], ...] = (typer.BadParameter.__mro__[1],)

app = typer.Typer(
    name="concierge",
    help="A conversational recommendation service: plain words in, a few items with honest "
    "reasons out. State is kept under CONCIERGE_HOME; every option can also be set by a "
    "CONCIERGE_* variable.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

app.add_typer(keys.app, name="keys")
for command in (users.export, users.forget, replay.replay):
    app.command()(command)

Catalog = Annotated[
    str | None, typer.Option(help="Name of the catalogue, bundled or indexed.", metavar="NAME")
]
Llm = Annotated[
    str | None,
    typer.Option(
        help="pocket, a Hugging Face name or folder, or openai:URL#model.", metavar="MODEL"
    ),
]
Quantize = Annotated[
    str | None, typer.Option(help="nf4, int8 or none, for models that run here.", metavar="KIND")
]
Interactions = Annotated[
    Path,
    typer.Argument(
        help="CSV, JSON lines, Parquet or .dat: user, item, rating, kind or comment, time."
    ),
]
_STOPPED = 130  # what a shell calls a command that Ctrl-C ended


def main() -> None:
    """Run the command line and end the process with its exit code."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")
    sys.exit(run())


def run() -> int:
    """Run the command line; return its exit code, every error told in one line."""
    try:
        code = app(sys.argv[1:] or ["--help"], standalone_mode=False)
        sys.stdout.flush()
    except (KeyboardInterrupt, typer.Abort):
        code = _STOPPED
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    except _USAGE as error:
        format_message = getattr(error, "format_message", error.__str__)
        said = " ".join(str(format_message()).split())
        return _say(f"{said.rstrip('.')}. See `concierge --help`", 2)
    except Exception as error:  # noqa: BLE001 - the outermost face
        logging.getLogger("concierge").debug("failed", exc_info=error)
        return _say(*_told(error))
    if code == _STOPPED:
        return _say("stopped", _STOPPED)
    return code if isinstance(code, int) else 0


@contextmanager
def _reader_may_go() -> Iterator[None]:
    """End quietly when whoever reads our output has gone, before Typer calls that an error."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        # Python would complain again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None


def _told(error: Exception) -> tuple[str, int]:
    """Return an error in words and its exit code: 2 where another command line would help."""
    from pydantic import ValidationError

    from bot.errors import (
        BadKeys,
        ConciergeError,
        FaqError,
        NoSession,
        PortTaken,
        Unguarded,
        UnknownCatalog,
    )
    from bot.llm.errors import LLMError, UnknownModel, UnknownQuantization
    from bot.scripted.errors import NoScripts, RecordingError, ReportNotWritten
    from ranking.errors import RankingError
    from retrieval.errors import CatalogError, RetrievalError

    if isinstance(error, ValidationError):
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        return f"setting {name}: {first['msg']}, got {first['input']!r}", 2
    wrong_use = UnknownCatalog | PortTaken | CatalogError | UnknownModel | UnknownQuantization
    wrong_name = BadKeys | FaqError | NoSession | Unguarded
    if isinstance(error, wrong_use | wrong_name | NoScripts | RecordingError | ReportNotWritten):
        return str(error), 2
    if isinstance(error, ConciergeError | RetrievalError | RankingError | LLMError | OSError):
        return str(error), 1
    return f"{type(error).__name__}: {error}", 1


def _say(words: str, code: int) -> int:
    sys.stderr.write(f"concierge: {' '.join(words.split())}\n")
    return code


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 chooses one.")] = None,
    catalog: Catalog = None,
    llm: Llm = None,
    quantize: Quantize = None,
    without_keys: Annotated[
        bool | None,
        typer.Option("--without-keys", help="Let other machines in although there is no key."),
    ] = None,
) -> None:
    """Serve the web chat and the HTTP interface."""
    _quiet()
    from bot.running.starting import serve as start

    start(
        _settings(
            host=host,
            port=port,
            catalog=catalog,
            llm=llm,
            quantize=quantize,
            without_keys=without_keys,
        )
    )


@app.command()
def talk(
    json: Annotated[bool, typer.Option("--json", help="Print one JSON reply a line.")] = False,
    catalog: Catalog = None,
    llm: Llm = None,
    quantize: Quantize = None,
) -> None:
    """Talk in the terminal, or answer the lines of a pipe."""
    _quiet()
    from bot.running.starting import ready
    from bot.terminal import talk as converse

    chosen = _settings(catalog=catalog, llm=llm, quantize=quantize)
    with _reader_may_go(), ready(chosen) as concierge:
        raise typer.Exit(converse(concierge, as_json=json))


@app.command()
def understand(catalog: Catalog = None, llm: Llm = None, quantize: Quantize = None) -> None:
    """Read lines of text, print what each means as one JSON a line."""
    _quiet()
    from bot.running.starting import ready
    from bot.terminal import understand as read

    chosen = _settings(catalog=catalog, llm=llm, quantize=quantize)
    with _reader_may_go(), ready(chosen, turn=False) as concierge:
        raise typer.Exit(read(concierge))


@app.command()
def index(
    file: Annotated[
        Path, typer.Argument(help="CSV, JSON lines or Parquet, a folder of them, or - for a pipe.")
    ],
    name: Annotated[str | None, typer.Option(help="Name of the catalogue.")] = None,
    schema: Annotated[Path | None, typer.Option(help="YAML that names the columns.")] = None,
    prune: Annotated[
        bool, typer.Option("--prune", help="Remove what is no longer in the file.")
    ] = False,
    max_bad: Annotated[
        int | None, typer.Option(help="Change nothing if more rows are broken.", min=0)
    ] = None,
) -> None:
    """Index a catalogue; a rerun takes in only what changed."""
    _quiet()
    from bot.indexing import Options
    from bot.indexing import index as take_in

    options = Options(file, name, schema, prune, max_bad)
    take_in(options, _settings())


@app.command("index-faq")
def index_faq(
    file: Annotated[Path, typer.Argument(help="CSV with question and answer, or Markdown.")],
) -> None:
    """Take in the shop's questions and answers, in place of those before."""
    _quiet()
    from bot.desk.indexing import index_faq as take_in

    take_in(file, _settings())


@app.command()
def train(
    file: Interactions,
    epochs: Annotated[int, typer.Option(help="How often everyone is shown.", min=1)] = 30,
    rate: Annotated[float, typer.Option(help="The learning rate at its peak.", min=0)] = 3e-3,
    seed: Annotated[int, typer.Option(help="Of everything random.")] = 0,
    precision: Annotated[Literal["bf16", "fp16", "no"], typer.Option(help="Of sums.")] = "bf16",
    device: Annotated[Literal["auto", "cpu"], typer.Option(help="auto takes a GPU.")] = "auto",
    catalog: Catalog = None,
    llm: Llm = None,
    quantize: Quantize = None,
) -> None:
    """Teach a catalogue's tracker from who liked what; start again to go on after a stop.

    Where a row holds a comment instead of a rating or a kind, the LLM reads it.
    """
    from accelerate import Accelerator

    from bot.learning import train as learn
    from ranking.learning import Recipe

    chosen = _settings(catalog=catalog, llm=llm, quantize=quantize)
    how = Accelerator(mixed_precision=precision, cpu=device == "cpu")
    learn(file, chosen, Recipe(epochs=epochs, learning_rate=rate), seed, how)


@app.command()
def evaluate(
    file: Annotated[
        Path | None, typer.Argument(help="Interactions; none measures the public data sets.")
    ] = None,
    catalog: Catalog = None,
    llm: Llm = None,
    quantize: Quantize = None,
) -> None:
    """Measure the interest tracker on everyone's last item, beside baselines."""
    if file is None:
        from ranking.evaluate import main as run

        return run([])
    from bot.learning import measure

    measure(file, _settings(catalog=catalog, llm=llm, quantize=quantize))


@app.command()
def simulate(
    n: Annotated[int, typer.Option("--n", help="How many people talk.", min=1)] = 200,
    turns: Annotated[int, typer.Option(help="Turns until they give up.", min=1)] = 5,
    seed: Annotated[int, typer.Option(help="Of the people and what they say.")] = 0,
    jobs: Annotated[int, typer.Option(help="How many talk at once.", min=1, max=64)] = 1,
    json: Annotated[bool, typer.Option("--json", help="Print JSON, every talk in it.")] = False,
    catalog: Catalog = None,
    llm: Llm = None,
    quantize: Quantize = None,
) -> None:
    """Let simulated people look for items; compare the bot with a plain retriever."""
    _quiet()
    from bot.running.starting import ready
    from bot.simulator.running import run as talk_to_all

    chosen = _settings(catalog=catalog, llm=llm, quantize=quantize)
    with _reader_may_go(), ready(chosen, turn=False) as concierge:
        code = talk_to_all(concierge, chosen.catalog, n, turns, seed, jobs, as_json=json)
        raise typer.Exit(code)


@app.command(help=USAGE)
def test(
    paths: Annotated[list[Path], typer.Argument(help="Scripts, or folders of them.")],
    junit: Annotated[Path | None, typer.Option(help="Write JUnit XML.", metavar="FILE")] = None,
    parallel: Annotated[
        int, typer.Option(help="How many scripts to run at a time.", min=1, max=64)
    ] = 1,
    url: Annotated[
        str | None, typer.Option(help="Talk to the server at this address instead.")
    ] = None,
    facts: Annotated[
        list[Path] | None,
        typer.Option(help="File of a catalogue that a server holds, to check its claims by."),
    ] = None,
    update: Annotated[bool, typer.Option("--update", help="Record a new script.")] = False,
    session: Annotated[
        str | None, typer.Option(help="Saved conversation to record.", metavar="ID")
    ] = None,
    catalog: Catalog = None,
    llm: Llm = None,
    quantize: Quantize = None,
) -> None:
    """Run scripted conversations."""
    _quiet()
    from bot.scripted.command import Options
    from bot.scripted.command import test as run_scripts

    options = Options(tuple(paths), junit, parallel, url, tuple(facts or ()), update, session)
    chosen = _settings(catalog=catalog, llm=llm, quantize=quantize)
    with _reader_may_go():
        raise typer.Exit(run_scripts(options, chosen))


def _quiet() -> None:
    """Keep libraries from drawing bars and loading what is not used. Before their import."""
    os.environ.setdefault("TQDM_DISABLE", "1")
    # Nothing here is compiled by torch, whose compiler takes over a second to import.
    os.environ.setdefault("TORCHDYNAMO_DISABLE", "1")


def _settings(**given: object) -> "Settings":
    """Return the settings of the environment, with the options that were given in front."""
    from bot.settings import Settings

    chosen: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    return Settings(**chosen)


if __name__ == "__main__":
    main()
