"""The page: Gradio's components, their places and which handler answers which event.

Holds no state of a talk: the browser keeps the session's id, the facade keeps the talk.
"""

from collections.abc import Callable, Iterator
from importlib import resources
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI

from bot.web.change import Change
from bot.web.handlers import Chat
from bot.web.markup import tag, text
from bot.web.transcript import empty

if TYPE_CHECKING:
    import gradio as gr

    from bot.concierge import Concierge

# The secret reaches every browser with the page, so it guards nothing; a fixed one lets a talk
# resume after the service restarts.
_STORAGE_KEY = "concierge"
_STORAGE_SECRET = "concierge-browser"  # noqa: S105
_CONCURRENT = 16
_MOST_WAITING = 64
# Presses on anything that carries `data-do` become one event with the element's data, and so do
# those that the page's own behaviour makes. A double click is one press.
_PRESS = """
element.addEventListener('press', (event) => trigger('click', event.detail));
element.addEventListener('click', (event) => {
  const pressed = event.target.closest('[data-do]');
  if (pressed && !pressed.disabled && event.detail < 2) trigger('click', {...pressed.dataset});
});
"""
# Above the message: whether the service answers, and the items picked to be compared.
_TRAY = """
<p class="down" role="alert"></p><p class="told sr" role="status"></p>
<div class="tray" role="group" aria-label="Comparison" hidden>
<span class="picked" dir="auto"></span><span class="hint">and …</span>
<button type="button" class="compare">Compare</button>
<button type="button" class="clear">Clear</button></div>
"""
# What `past.js` fills; Gradio's own drawing leaves it alone.
_PAST = '<div class="note"></div><div class="list"></div>'
# The browser's own list: it is walked by keys and told to readers of screens on any device.
_FOLLOW_PICK = """
const list = element.querySelector('select');
const show = () => { if (props.value) list.value = props.value; };
watch('value', show);
show();
list.addEventListener('change', () => trigger('click', { do: 'pick', catalog: list.value }));
"""
_NOTICE = '<div role="status" aria-live="polite" class="sr">${value}</div>'
_FONTS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif")
# Nothing is offered to programs here: they have the HTTP service.
_QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


def build(concierge: "Concierge") -> FastAPI:
    """Return the web page as an application of its own, to stand at "/"."""
    import gradio as gr

    page = _blocks(Chat(concierge), tuple(concierge.catalogs), concierge.settings.catalog)
    page.queue(default_concurrency_limit=_CONCURRENT, max_size=_MOST_WAITING, api_open=False)
    folder = resources.files("bot.web")
    host = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    gr.mount_gradio_app(
        host,
        page,
        path="/",
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        enable_monitoring=False,
        max_file_size=1,
        theme=gr.themes.Base(font=_FONTS, font_mono=("ui-monospace", "monospace")),
        css=folder.joinpath("style.css").read_text("utf-8"),
        js=folder.joinpath("behaviour.js").read_text("utf-8"),
    )
    return host


def _blocks(chat: Chat, catalogs: tuple[str, ...], catalog: str) -> "gr.Blocks":
    import gradio as gr

    with gr.Blocks(title="Concierge", analytics_enabled=False, fill_width=True) as page:
        held = gr.BrowserState({"session": ""}, storage_key=_STORAGE_KEY, secret=_STORAGE_SECRET)
        with gr.Row(elem_id="bar"):
            _html("brand", "<h1>Concierge</h1>")
            picker = _picker(catalogs, catalog)
            undo = gr.Button("Undo", elem_id="undo", size="sm")
            anew = gr.Button("Start over", elem_id="anew", size="sm")
            export = gr.Button("Export", elem_id="export", size="sm")
            toggle = gr.Button("Your taste", elem_id="toggle", size="sm")
        with gr.Row(elem_id="room"):
            with gr.Column(elem_id="talk"):
                with gr.Column(elem_id="scroll"):
                    past = _past()
                    last = _html("last", empty(chat.schema(catalog)))
                tray = _html("tray", _TRAY)
                box, send = _composer()
            with gr.Column(elem_id="side"):
                side = _html("panel", "")
        file = gr.JSON(visible=False)
        notice = gr.HTML("", html_template=_NOTICE, elem_id="notice", apply_default_css=False)
        shown = [held, past, last, side, box, picker, notice]
        sent = gr.on(
            [box.submit, send.click], _many(chat.send), [box, held, picker], shown, **_QUIET
        )
        running = [sent]
        for pressable in (past, last, side, tray):
            running.append(pressable.click(_pressed(chat), [held, picker], shown, **_QUIET))
        undo.click(_one(chat.undo), [held], shown, **_QUIET)
        # A talk that is left does not come back with the answer that was on its way.
        left: dict[str, Any] = {**_QUIET, "cancels": running}
        picker.click(_pressed(chat), [held, picker], shown, **left)
        anew.click(_many(chat.restart), [picker], shown, **left)
        exported = export.click(_exported(chat), [held], [*shown, file], **_QUIET)
        exported.then(
            None, [file], js="(file) => window.concierge.save(file)", api_visibility="private"
        )
        toggle.click(None, js="() => window.concierge.toggle()", api_visibility="private")
        page.load(_many(chat.resume), [held], shown, **_QUIET)
    made: gr.Blocks = page
    return made


def _composer() -> "tuple[gr.Textbox, gr.Button]":
    import gradio as gr

    with gr.Row(elem_id="composer"):
        box = gr.Textbox(
            label="Your message",
            show_label=False,
            placeholder="What are you looking for?",
            lines=1,
            max_lines=5,
            elem_id="box",
            container=False,
            autofocus=True,
        )
        return box, gr.Button("Send", elem_id="send", variant="primary")


def _picker(catalogs: tuple[str, ...], catalog: str) -> "gr.HTML":
    import gradio as gr

    options = "".join(tag("option", text(name), value=name) for name in catalogs)
    return gr.HTML(
        catalog,
        elem_id="picker",
        html_template=tag("select", options, aria_label="Catalogue"),
        js_on_load=_FOLLOW_PICK,
        apply_default_css=False,
    )


def _past() -> "gr.HTML":
    import gradio as gr

    follow = resources.files("bot.web").joinpath("past.js").read_text("utf-8")
    return gr.HTML(
        "",
        elem_id="past",
        html_template=_PAST,
        js_on_load=_PRESS + follow,
        apply_default_css=False,
    )


def _html(name: str, value: str) -> "gr.HTML":
    import gradio as gr

    return gr.HTML(value, elem_id=name, js_on_load=_PRESS, apply_default_css=False)


def _one(handler: Callable[..., Change]) -> Callable[..., tuple[Any, ...]]:
    """Return a handler whose change comes as Gradio takes it."""

    def handled(*given: object) -> tuple[Any, ...]:
        return handler(*given).values()

    return handled


def _many(handler: Callable[..., Iterator[Change]]) -> Callable[..., Iterator[tuple[Any, ...]]]:
    """Return a handler whose changes come one after another as Gradio takes them."""

    def handled(*given: object) -> Iterator[tuple[Any, ...]]:
        for change in handler(*given):
            yield change.values()

    return handled


def _exported(chat: Chat) -> Callable[[object], tuple[Any, ...]]:
    def handled(held: object) -> tuple[Any, ...]:
        change, file = chat.export(held)
        return (*change.values(), file)

    return handled


def _pressed(chat: Chat) -> Callable[..., Iterator[tuple[Any, ...]]]:
    import gradio as gr

    def handled(held: object, catalog: str, event: gr.EventData) -> Iterator[tuple[Any, ...]]:
        data = event._data if isinstance(event._data, dict) else {}
        pressed = {str(name): str(value) for name, value in data.items()}
        for change in chat.press(pressed, held, catalog):
            yield change.values()

    return handled
