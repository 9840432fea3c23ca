"""The settings: defaults, overridden by `CONCIERGE_*` variables, overridden by arguments.

Knows no part that it configures; `bot.app` builds the parts from it.
"""

import os
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

Quantize = Literal["nf4", "int8", "none"]
# Ten times what a turn takes on two cores; an LLM of billions of weights on a CPU needs more.
_TURN_S = 10.0
_TURN_OF_OTHERS_S = 60.0


def _listed(value: object) -> object:
    """Return a text's parts between commas, as a variable holds a list."""
    return (
        tuple(part.strip() for part in value.split(",") if part.strip())
        if isinstance(value, str)
        else value
    )


def default_home() -> Path:
    """Return the state folder of this user: `$XDG_DATA_HOME/concierge`, or its usual place."""
    data = os.environ.get("XDG_DATA_HOME")
    return (Path(data) if data else Path.home() / ".local" / "share") / "concierge"


class Settings(BaseSettings):
    """What an operator can choose.

    Parameters
    ----------
    home
        Folder of all state: indexes, conversations.
    catalog
        The catalogue of a conversation that names none.
    encoder
        Name or path of a sentence-transformers model.
    llm
        `pocket`, a Hugging Face name or path, `openai:URL#model`, or `fake`.
    quantize
        How the weights of an LLM that runs here are quantized.
    count
        How many items to recommend when the person names no number.
    undo_depth
        How many past states of a conversation are kept.
    busy_s
        How long a turn waits for the one before it in the same conversation.
    threads
        CPU threads for models; 0 leaves the choice to the library.
    host, port
        Where `serve` listens.
    without_keys
        Whether `serve` may listen to other machines although no API key was made.
    page
        Whether `serve` shows the web chat, which asks for no key; by default only where it
        listens to this machine alone.
    origins
        Origins of web pages that may call the HTTP interface, such as `https://shop.example`;
        several are separated by commas.
    rate_key, rate_address
        Requests a minute for each API key and for each address without one; 0 for no limit.
        This machine has none as long as there are no keys.
    turns_at_once
        How many turns run or wait at once; more are refused.
    turn_s
        How long a turn may wait for the LLM; by default 10 s for the embedded one, 60 s for
        others. Reasons that are not written by then are put together from facts.
    expire_days
        After how many days without use a conversation is forgotten; 0 for never.
    log
        `json` (one object a line), `plain`, or `auto`: plain in a terminal.
    log_text
        Whether the log holds what people say.
    traces
        Base address of an OpenTelemetry collector (OTLP over HTTP); empty for none.
    langsmith
        Whether LangSmith's own variables may turn on its tracing, which sends talks away.
    chatwoot_url, chatwoot_account, chatwoot_token
        Chatwoot's address, the account's number, and the agent bot's access token; without all
        three Chatwoot is not served.
    chatwoot_secret
        The agent bot's secret, with which Chatwoot signs what it sends; empty for versions that
        do not sign.
    chatwoot_resume
        What an agent writes in a conversation to give it back to the bot.
    webhook_url, webhook_secret
        Where events go, and what they are signed with; both or none.
    """

    model_config = SettingsConfigDict(env_prefix="CONCIERGE_", frozen=True, extra="forbid")

    home: Path = Field(default_factory=default_home)
    catalog: str = "movies"
    encoder: str = "all-MiniLM-L6-v2"
    llm: str = "pocket"
    quantize: Quantize = "nf4"
    count: Annotated[int, Field(ge=1, le=10)] = 3
    undo_depth: Annotated[int, Field(ge=1, le=1000)] = 20
    busy_s: Annotated[float, Field(gt=0)] = 60.0
    threads: Annotated[int, Field(ge=0, le=256)] = 0
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 7860
    without_keys: bool = False
    page: Literal["auto", "on", "off"] = "auto"
    origins: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)] = ()
    rate_key: Annotated[int, Field(ge=0)] = 600
    rate_address: Annotated[int, Field(ge=0)] = 120
    turns_at_once: Annotated[int, Field(ge=1, le=1000)] = 32
    turn_s: Annotated[float | None, Field(gt=0)] = None
    expire_days: Annotated[float, Field(ge=0)] = 90.0
    log: Literal["auto", "json", "plain"] = "auto"
    log_text: bool = False
    traces: str = ""
    langsmith: bool = False
    chatwoot_url: str = ""
    chatwoot_account: Annotated[int, Field(ge=0)] = 0
    chatwoot_token: SecretStr = SecretStr("")
    chatwoot_secret: SecretStr = SecretStr("")
    chatwoot_resume: Annotated[str, Field(min_length=1)] = "/bot"
    webhook_url: str = ""
    webhook_secret: SecretStr = SecretStr("")

    @property
    def turn_limit_s(self) -> float:
        """How long a turn may wait for the LLM, in seconds."""
        if self.turn_s is not None:
            return self.turn_s
        return _TURN_S if self.llm == "pocket" else _TURN_OF_OTHERS_S
