"""Chatwoot's API, as far as an agent bot may use it: write messages, change a talk's status.

Knows nothing of talks.
"""

from typing import Literal

import httpx

from bot.errors import ConciergeError

_TIMEOUT_S = 10.0
_PASSING = frozenset({408, 425, 429})


class ChatwootError(ConciergeError):
    """Chatwoot did not do what was asked.

    Parameters
    ----------
    message
        What happened.
    passing
        Whether it may be different later.
    retry_s
        After how many seconds Chatwoot asks to be tried again; None where it does not say.
    """

    def __init__(self, message: str, passing: bool, retry_s: float | None = None) -> None:
        super().__init__(message)
        self.passing, self.retry_s = passing, retry_s


class ChatwootApi:
    """Writes into the conversations of one account.

    Parameters
    ----------
    url
        Chatwoot's address.
    account
        The account's number.
    token
        The agent bot's access token.
    """

    def __init__(self, url: str, account: int, token: str) -> None:
        self._client = httpx.Client(
            base_url=f"{url.rstrip('/')}/api/v1/accounts/{account}/conversations",
            headers={"api_access_token": token},
            timeout=_TIMEOUT_S,
        )

    def write(self, conversation: int, text: str, private: bool) -> None:
        """Write a message, or a private note that only agents see.

        Raises
        ------
        ChatwootError
            If Chatwoot cannot be reached or refuses.
        """
        body = {
            "content": text,
            "message_type": "outgoing",
            "private": private,
            "content_attributes": {"concierge": True},
        }
        self._post(f"/{conversation}/messages", body)

    def move(self, conversation: int, status: Literal["open", "pending"]) -> None:
        """Give a conversation to the humans (`open`) or to the bot (`pending`).

        Raises
        ------
        ChatwootError
            If Chatwoot cannot be reached or refuses.
        """
        self._post(f"/{conversation}/toggle_status", {"status": status})

    def _post(self, path: str, body: object) -> None:
        try:
            answer = self._client.post(path, json=body)
        except httpx.HTTPError as error:
            raise ChatwootError(
                f"expected Chatwoot at {self._client.base_url.host}, got "
                f"{type(error).__name__}; see CONCIERGE_CHATWOOT_URL",
                passing=True,
            ) from error
        if answer.is_success:
            return
        status = answer.status_code
        wait = answer.headers.get("retry-after", "")
        raise ChatwootError(
            f"expected Chatwoot to take {path}, got status {status}; see "
            "CONCIERGE_CHATWOOT_ACCOUNT and CONCIERGE_CHATWOOT_TOKEN",
            passing=status >= 500 or status in _PASSING,
            retry_s=float(wait) if wait.isdigit() else None,
        )

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()
