"""How a request is known again: by a key that its sender chose, or by the messages before it.

Both are kept in the conversation itself, so they hold exactly when the turn does. Knows no HTTP.
"""

import hashlib
from dataclasses import dataclass, replace

from bot.errors import KeyReused, MovedOn
from bot.types import Conversation, Receipt, Reply

_MOST_RECEIPTS = 16


@dataclass(frozen=True)
class Stamp:
    """What a request says of itself, apart from the message.

    Parameters
    ----------
    key
        Chosen by the sender, the same when the request is repeated; empty for none.
    chain
        The digest of all messages before this one, where the sender knows them; empty for none.
    """

    key: str = ""
    chain: str = ""


UNSTAMPED = Stamp()


def digest(*parts: str) -> str:
    """Return a digest of texts, 64 hexadecimal digits; other parts give another one."""
    whole = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        whole.update(len(data).to_bytes(8) + data)
    return whole.hexdigest()


def answered(talk: Conversation, stamp: Stamp, text: str) -> Reply | None:
    """Return the answer that a repeated request had; None where it is new.

    Raises
    ------
    KeyReused
        If the key came with another text.
    MovedOn
        If the conversation is not at the end of the chain.
    """
    receipt = next((r for r in talk.receipts if stamp.key and r.key == stamp.key), None)
    if receipt is None:
        if stamp.chain and talk.chain != stamp.chain:
            raise MovedOn("expected the conversation to be where these messages end")
        return None
    if receipt.digest != digest(text):
        raise KeyReused(
            "expected an Idempotency-Key to come with the same request each time, this one came "
            "with another text before; choose a new key for a new message"
        )
    return receipt.reply


def stamped(talk: Conversation, stamp: Stamp, text: str, reply: Reply) -> Conversation:
    """Return a conversation after a turn that knows its request again."""
    receipts = talk.receipts
    if stamp.key:
        receipts = (*receipts, Receipt(stamp.key, digest(text), reply))[-_MOST_RECEIPTS:]
    chain = digest(stamp.chain, text, reply.reply.strip()) if stamp.chain else ""
    return replace(talk, receipts=receipts, chain=chain)
