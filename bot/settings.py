"""The settings: defaults, overridden by `CONCIERGE_*` variables, overridden by arguments.

Knows no part that it configures; `bot.app` builds the parts from it.
"""

import os
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

Quantize = Literal["nf4", "int8", "none"]


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
    chatwoot_url: str = ""
    chatwoot_account: Annotated[int, Field(ge=0)] = 0
    chatwoot_token: SecretStr = SecretStr("")
    chatwoot_secret: SecretStr = SecretStr("")
    chatwoot_resume: Annotated[str, Field(min_length=1)] = "/bot"
    webhook_url: str = ""
    webhook_secret: SecretStr = SecretStr("")
