"""The turn's graph, wired once: service → understand → update → retrieve → rank → decide → say.

Acts that need no items go from update straight to decide; taking back a turn is a node of its
own, and so is answering a question about the shop's service. Only the conversation is
checkpointed, and only when the whole turn has run, so a turn is applied whole or not at all.
Knows nothing of what the steps do.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal, TypedDict

from langgraph.channels.untracked_value import UntrackedValue
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.config import get_stream_writer
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from bot import turn
from bot.desk import service_desk
from bot.desk.faq import Verdict
from bot.desk.service_desk import ServiceDesk
from bot.errors import NothingToUndo
from bot.llm.base import LLM
from bot.llm.tally import payers
from bot.memory.wishes import update
from bot.ordering import rank_found
from bot.policy import Decision, choose_act, decide
from bot.running.sessions import Sessions, restored
from bot.running.stamps import Stamp, stamped
from bot.shelves.rooms import Room
from bot.types import Conversation, Reply, Understood
from bot.voice.speaking import say, scene_of, undone
from ranking.score import ScoreWeights
from ranking.types import Ranked
from retrieval.types import Query, Retrieved

STAGES = ("understand", "retrieve", "rank", "say", "total")


class State(TypedDict, total=False):
    """What a turn passes from node to node; all but the conversation is gone when it ends."""

    conversation: Conversation
    text: Annotated[str, UntrackedValue]
    verdict: Annotated[Verdict, UntrackedValue]
    understood: Annotated[Understood, UntrackedValue]
    after: Annotated[Conversation, UntrackedValue]
    query: Annotated[Query, UntrackedValue]
    retrieved: Annotated[Retrieved, UntrackedValue]
    ranked: Annotated["tuple[Ranked, ...]", UntrackedValue]
    decision: Annotated[Decision, UntrackedValue]
    reply: Annotated[Reply, UntrackedValue]
    rejected: Annotated[int, UntrackedValue]
    stamp: Annotated[Stamp, UntrackedValue]
    started_s: Annotated[float, UntrackedValue]
    timings_ms: Annotated["dict[str, float]", UntrackedValue]


Update = dict[str, Any]
Graph = CompiledStateGraph[Any, Any, Any, Any]


@dataclass(frozen=True)
class Nodes:
    """The graph's nodes: each calls one plain function with the parts it needs.

    Parameters
    ----------
    llm
        The language model.
    room
        Gives a catalogue's index and tastes by name.
    sessions
        The store, for the state before.
    weights
        The weights of the score's terms.
    count
        How many items to show where the person names no number.
    now_s
        The clock, Unix time in seconds.
    desk
        Tells service questions; None where the bot has no desk.
    """

    llm: LLM
    room: Callable[[str], Room]
    sessions: Sessions
    weights: ScoreWeights
    count: int = 3
    now_s: Callable[[], float] = time.time
    desk: ServiceDesk | None = None

    def service(self, state: State) -> Update:
        """Find out whether the message is a question about the shop's service."""
        verdict = self.desk.ask(state["text"]) if self.desk else None
        if verdict is None:
            return {"timings_ms": {}}
        return {"verdict": verdict, "understood": service_desk.understood(verdict)}

    def serve(self, state: State) -> Update:
        """Answer a service question and end the turn."""
        begun = time.perf_counter()
        talk, verdict = state["conversation"], state["verdict"]
        reply = service_desk.answer(talk, state["text"], verdict, self.room(talk.catalog))
        get_stream_writer()(reply.reply)
        reply = _with_timings(reply, _timed({}, "say", begun), state["started_s"])
        now = service_desk.after(talk, state["text"], reply)
        now = stamped(now, state["stamp"], state["text"], reply)
        return {"reply": reply, "conversation": now}

    def understand(self, state: State) -> Update:
        """Read the message."""
        begun = time.perf_counter()
        talk = state["conversation"]
        index = self.room(talk.catalog).index
        understood = turn.understand(talk, state["text"], self.llm, index)
        return {"understood": understood, "timings_ms": _timed({}, "understand", begun)}

    def update(self, state: State) -> Update:
        """Put what was understood into the wishes and the taste."""
        talk, understood = state["conversation"], state["understood"]
        index = self.room(talk.catalog).index
        return {"after": update(talk, understood, index, self.now_s())}

    def retrieve(self, state: State) -> Update:
        """Find candidates."""
        begun = time.perf_counter()
        talk = state["after"]
        index = self.room(talk.catalog).index
        query, found = turn.retrieve(talk, state["understood"], index, state.get("text", ""))
        timed = _timed(state["timings_ms"], "retrieve", begun)
        return {"query": query, "retrieved": found, "timings_ms": timed}

    def rank(self, state: State) -> Update:
        """Put the candidates in order."""
        begun = time.perf_counter()
        talk = state["after"]
        ranked = rank_found(
            talk,
            state["understood"],
            state["query"],
            state["retrieved"],
            self.room(talk.catalog),
            self.weights,
            self.count,
        )
        return {"ranked": ranked, "timings_ms": _timed(state["timings_ms"], "rank", begun)}

    def decide(self, state: State) -> Update:
        """Decide what to say."""
        understood, after = state["understood"], state["after"]
        act = choose_act(state["conversation"], understood, after)
        found, ranked = state.get("retrieved"), state.get("ranked", ())
        return {"decision": decide(act, understood, after, found, ranked)}

    def say(self, state: State) -> Update:
        """Word the reply and end the turn."""
        begun = time.perf_counter()
        before, after = state["conversation"], state["after"]
        room = self.room(before.catalog)
        scene = scene_of(state["text"], state["understood"], before, after, state["decision"], room)
        answer = say(scene, room, self.llm, get_stream_writer())
        reply, talk = turn.finish(scene, answer, self.now_s())
        reply = _with_timings(reply, _timed(state["timings_ms"], "say", begun), state["started_s"])
        past = (*talk.history[:-1], replace(talk.history[-1], reply=reply))
        now = stamped(replace(talk, history=past), state["stamp"], state["text"], reply)
        return {"reply": reply, "rejected": answer.rejected, "conversation": now}

    def undo(self, state: State) -> Update:
        """Take back the last turn."""
        talk = state["conversation"]
        understood = state.get("understood", Understood(act="undo"))
        try:
            earlier = restored(self.sessions.before(talk), talk)
        except NothingToUndo:
            earlier = None
        room = self.room(talk.catalog)
        scene = scene_of(
            state.get("text", ""), understood, talk, earlier or talk, Decision("undo"), room
        )
        text = scene.say("undo_nothing") if earlier is None else undone(scene)
        get_stream_writer()(text)
        now = earlier or talk
        items = now.history[-1].reply.items if now.history else ()
        reply = Reply(text, "undo", now.turn, items, understood, scene.points)
        reply = _with_timings(reply, state.get("timings_ms", {}), state["started_s"])
        stamp = state["stamp"]
        return {"reply": reply, "conversation": stamped(now, stamp, state.get("text", ""), reply)}


def _timed(timings: Mapping[str, float], stage: str, begun: float) -> dict[str, float]:
    return {**timings, stage: (time.perf_counter() - begun) * 1000}


def _with_timings(reply: Reply, timings: Mapping[str, float], started_s: float) -> Reply:
    whole = {**timings, "total": (time.perf_counter() - started_s) * 1000}
    rounded = {name: round(whole.get(name, 0.0), 1) for name in STAGES}
    spent = [dict(tally.counts()) for tally in payers()]
    tokens = (sum(s["read"] for s in spent), sum(s["written"] for s in spent))
    return replace(reply, timings_ms=rounded, tokens=tokens)


def _begin(state: State) -> Literal["service", "update", "undo"]:
    if "understood" in state:
        return "update"
    return "service" if state.get("text") else "undo"


def _concerns(state: State) -> Literal["serve", "understand"]:
    return "serve" if "verdict" in state else "understand"


def _understood(state: State) -> Literal["undo", "update"]:
    return "undo" if state["understood"].act == "undo" else "update"


def _updated(state: State) -> Literal["retrieve", "decide"]:
    act = choose_act(state["conversation"], state["understood"], state["after"])
    return "retrieve" if act == "recommend" else "decide"


def build_graph(nodes: Nodes, saver: "BaseCheckpointSaver[Any]") -> Graph:
    """Return the compiled graph.

    Its input is a stamp with a message (`text`), one whose meaning is known (`understood`, too),
    or none to take back the last turn; run it with `durability="exit"`. Pieces of the reply's
    text come on the stream `custom`.
    """
    graph = StateGraph(State)
    graph.add_node("service", nodes.service)
    graph.add_node("understand", nodes.understand)
    graph.add_node("update", nodes.update)
    graph.add_node("retrieve", nodes.retrieve)
    graph.add_node("rank", nodes.rank)
    graph.add_node("decide", nodes.decide)
    graph.add_node("say", nodes.say)
    graph.add_node("undo", nodes.undo)
    graph.add_node("serve", nodes.serve)
    graph.add_conditional_edges(START, _begin)
    graph.add_conditional_edges("service", _concerns)
    graph.add_conditional_edges("understand", _understood)
    graph.add_conditional_edges("update", _updated)
    graph.add_edge("retrieve", "rank")
    graph.add_edge("rank", "decide")
    graph.add_edge("decide", "say")
    graph.add_edge("say", END)
    graph.add_edge("undo", END)
    graph.add_edge("serve", END)
    return graph.compile(checkpointer=saver)
