// The concierge's chat on any page: <script src="https://HOST/widget.js" data-title="…"></script>
// Everything lives in a shadow root with an adopted style sheet, so that it neither needs inline
// styles nor meets the page's own. Texts are set as text, never as markup.
(() => {
  "use strict";
  const script = document.currentScript;
  if (!script || document.querySelector("concierge-chat")) return;
  const given = script.dataset;
  const server = (given.server || new URL(script.src).origin).replace(/\/+$/, "");
  const kept = `concierge ${server} ${given.catalog || ""}`;
  const LONGEST_WAIT_MS = 15000;
  const PATIENCE_MS = 90000;
  const MOST_FACTS = 4;
  const UNITS = { g: "g", kg: "kg", gb: "GB", tb: "TB", in: "in", min: "min", usd: "USD" };

  // What the page allows to be remembered; without storage the talk lasts as long as the page.
  const memory = {
    get() {
      try { return JSON.parse(sessionStorage.getItem(kept)) || {}; } catch { return {}; }
    },
    set(value) {
      try { sessionStorage.setItem(kept, JSON.stringify(value)); } catch { /* not allowed */ }
      this.now = value;
    },
    now: {},
  };
  memory.now = memory.get();

  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (value !== false) element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children);
    return element;
  }

  // --- the page -------------------------------------------------------------------------------
  const host = document.createElement("concierge-chat");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("STYLE");
  if (given.accent && CSS.supports("color", given.accent)) {
    sheet.insertRule(`:host { --accent: ${given.accent} }`, sheet.cssRules.length);
  }
  root.adoptedStyleSheets = [sheet];
  if (given.position === "left") host.dataset.position = "left";

  const title = given.title || "Find something";
  const log = make("div", { class: "log", role: "log", "aria-live": "polite", tabindex: "0",
    "aria-label": "Conversation" });
  const status = make("p", { class: "status", role: "status" });
  const box = make("input", { name: "text", autocomplete: "off", maxlength: "2000",
    enterkeyhint: "send", "aria-label": "Your message",
    placeholder: given.placeholder || "What are you looking for?" });
  const send = make("button", { class: "send", type: "submit" }, "Send");
  const form = make("form", { onsubmit: submitted }, box, send);
  const panel = make("section", { class: "panel", id: "panel", role: "dialog", hidden: true,
    "aria-modal": "true", "aria-labelledby": "title", onkeydown: pressed },
    make("header", {}, make("h2", { id: "title" }, title),
      make("button", { type: "button", "aria-label": "Start over", title: "Start over",
        onclick: startOver }, "↺"),
      make("button", { type: "button", "aria-label": "Close", title: "Close",
        onclick: () => show(false) }, "✕")),
    log, status, form);
  const launch = make("button", { class: "launch", type: "button", "aria-haspopup": "dialog",
    "aria-expanded": "false", onclick: () => show(true) }, given.label || title);
  root.append(launch, panel);

  const dark = matchMedia("(prefers-color-scheme: dark)");
  function paint() {
    const wanted = given.theme === "dark" || given.theme === "light" ? given.theme : null;
    host.dataset.theme = wanted || (dark.matches ? "dark" : "light");
    // Words on the accent are black or white, whichever stands out more (WCAG's luminance).
    const parts = getComputedStyle(launch).backgroundColor.match(/[\d.]+/g) || [0, 0, 0];
    const [r, g, b] = parts.slice(0, 3).map((v) => {
      const c = v / 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    const light = 0.2126 * r + 0.7152 * g + 0.0722 * b;
    host.style.setProperty("--on-accent", light > 0.179 ? "#000" : "#fff");
  }
  dark.addEventListener("change", paint);

  function show(open, focus = true) {
    panel.hidden = !open;
    launch.hidden = open;
    launch.setAttribute("aria-expanded", String(open));
    memory.set({ ...memory.now, open });
    if (open && !log.firstChild && !memory.now.id && !memory.now.sending) greet();
    if (focus) (open ? box : launch).focus();
    if (open) log.scrollTop = log.scrollHeight;
  }

  function pressed(event) {
    if (event.key === "Escape") {
      event.stopPropagation();
      show(false);
    } else if (event.key === "Tab") {
      const stops = [...panel.querySelectorAll("button, input, [tabindex='0']")]
        .filter((e) => !e.disabled && e.offsetParent !== null);
      const at = stops.indexOf(root.activeElement);
      const last = stops.length - 1;
      const next = event.shiftKey ? (at <= 0 ? last : null) : (at === last ? 0 : null);
      if (next !== null) {
        event.preventDefault();
        stops[next].focus();
      }
    }
  }

  function greet() {
    say(given.greeting || "Hello! Tell me in your own words what you are looking for.");
  }

  function say(text, mine = false) {
    const who = make("span", { class: "unseen" }, mine ? "You: " : "Assistant: ");
    log.append(make("p", { class: mine ? "said mine" : "said" }, who, text));
    log.scrollTop = log.scrollHeight;
  }

  function answer(reply, marks = {}) {
    const whole = reply.items.length > 0;
    say(whole ? reply.reply.split("\n1. ")[0] : reply.reply);
    if (whole) {
      const first = log.lastChild;
      log.append(make("ul", { class: "cards", "aria-label": "Suggestions" },
        ...reply.items.map((item) => card(item, marks))));
      log.scrollTop = first.offsetTop - log.offsetTop - 8;
    }
  }

  function card(item, marks) {
    const year = item.facts.year && !item.title.includes(item.facts.year) ? item.facts.year : "";
    const mark = (kind, words) => make("button", { type: "button", "data-kind": kind,
      "aria-pressed": String(Boolean(marks[kind]?.includes(item.id))),
      "aria-label": `${words}: ${item.title}`, onclick: (e) => judge(e.currentTarget, item, kind) },
      words);
    return make("li", { class: "card" },
      make("h3", {}, year ? `${item.title} (${year})` : item.title),
      make("p", { class: "facts" }, factsOf(item.facts)),
      make("p", { class: "reason" }, item.reason),
      make("div", { class: "deeds" }, mark("like", "I like it"), mark("dislike", "Not for me")));
  }

  function factsOf(facts) {
    const words = [];
    for (const [name, value] of Object.entries(facts)) {
      if (name === "year" || value === null || value === "" || value.length === 0) continue;
      const parts = name.split("_");
      const unit = parts.length > 1 ? UNITS[parts[parts.length - 1]] : undefined;
      if (unit) parts.pop();
      const said = Array.isArray(value) ? value.slice(0, 2).join(", ") : String(value);
      words.push(typeof value === "number"
        ? [parts.join(" "), said, unit].filter(Boolean).join(" ") : said);
      if (words.length === MOST_FACTS) break;
    }
    return words.join(" · ");
  }

  // --- the server -----------------------------------------------------------------------------
  class Refused extends Error {
    constructor(code, detail) {
      super(detail);
      this.code = code;
    }
  }
  let wake = () => {};
  addEventListener("online", () => wake());

  function waitFor(ms) {
    return new Promise((done) => {
      const timer = setTimeout(done, ms);
      wake = () => { clearTimeout(timer); done(); };
    });
  }

  // Ask until there is an answer: a server that is away, starting or busy is asked again.
  async function ask(method, path, body, key) {
    const headers = { Accept: "application/json" };
    if (given.key) headers.Authorization = `Bearer ${given.key}`;
    if (body) headers["Content-Type"] = "application/json";
    if (key) headers["Idempotency-Key"] = key;
    for (let wait = 1000; ; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
      let came = null;
      try {
        came = await fetch(server + path, { method, headers, credentials: "omit",
          body: body && JSON.stringify(body), signal: AbortSignal.timeout(PATIENCE_MS) });
        if (came.ok) {
          const read = came.status === 204 ? null : await came.json();
          tell(busy ? "Thinking…" : "");
          return read;
        }
      } catch {
        came = null;
      }
      const again = came && (came.headers.has("Retry-After") || came.status > 501);
      if (came && !again) {
        const problem = await came.json().catch(() => ({}));
        throw new Refused(came.status, problem.detail || "The message was not taken.");
      }
      tell("The assistant cannot be reached right now. Trying again…");
      const asked = 1000 * Number(came?.headers.get("Retry-After"));
      await waitFor(Math.min(asked || wait, LONGEST_WAIT_MS));
    }
  }

  let busy = false;
  let era = 0; // counts fresh starts, so that an answer from before one is dropped
  function tell(words) {
    if (status.textContent !== words) status.textContent = words;
  }

  async function session() {
    if (!memory.now.id) {
      const opened = await ask("POST", "/api/sessions",
        given.catalog ? { catalog: given.catalog } : {});
      memory.set({ ...memory.now, id: opened.id });
    }
    return memory.now.id;
  }

  async function turn(text, key) {
    try {
      return await ask("POST", `/api/sessions/${await session()}/messages`, { text }, key);
    } catch (error) {
      if (error.code !== 404) throw error;
      memory.set({ ...memory.now, id: undefined }); // it expired or was forgotten
      return ask("POST", `/api/sessions/${await session()}/messages`, { text }, key);
    }
  }

  function submitted(event) {
    event.preventDefault();
    const text = box.value.trim();
    if (!text || busy) return;
    box.value = "";
    say(text, true);
    deliver(text, newKey());
  }

  function newKey() {
    return [...crypto.getRandomValues(new Uint8Array(16))]
      .map((b) => b.toString(16).padStart(2, "0")).join("");
  }

  async function deliver(text, key) {
    const begun = era;
    busy = send.disabled = true;
    memory.set({ ...memory.now, sending: { text, key } });
    tell("Thinking…");
    try {
      const reply = await turn(text, key);
      if (begun === era) answer(reply);
    } catch (error) {
      if (begun === era) say(refusal(error));
    }
    if (begun !== era) return;
    memory.set({ ...memory.now, sending: undefined });
    busy = send.disabled = false;
    tell("");
  }

  function refusal(error) {
    if ([401, 403, 421].includes(error.code)) return "This chat is not set up correctly yet.";
    return error.code ? error.message : "Something went wrong here. Please try again.";
  }

  async function judge(button, item, kind) {
    try {
      await ask("POST", `/api/sessions/${await session()}/feedback`, { item: item.id, kind });
    } catch (error) {
      say(refusal(error));
      return;
    }
    for (const one of button.parentElement.children) {
      one.setAttribute("aria-pressed", String(one === button));
    }
  }

  function startOver() {
    era += 1;
    const { id } = memory.now;
    memory.set({ open: true });
    busy = send.disabled = false;
    tell("");
    log.replaceChildren();
    greet();
    box.focus();
    if (id) ask("DELETE", `/api/sessions/${id}`).catch(() => {});
  }

  // After a reload: what was said comes back, and what was being sent is sent again.
  async function resume() {
    const { id, sending } = memory.now;
    const begun = era;
    if (id) {
      try {
        const held = await ask("GET", `/api/sessions/${id}`);
        if (begun !== era) return;
        greet();
        const marks = { like: held.likes, dislike: held.dislikes };
        for (const { text, reply } of held.history) {
          say(text, true);
          answer(reply, marks);
        }
        if (sending && held.history.at(-1)?.text === sending.text) {
          memory.set({ ...memory.now, sending: undefined });
          return;
        }
      } catch (error) {
        if (begun !== era) return;
        if (error.code === 404) memory.set({ ...memory.now, id: undefined, sending: undefined });
        greet();
        return;
      }
    }
    if (sending) {
      if (!log.firstChild) greet();
      say(sending.text, true);
      await deliver(sending.text, sending.key);
    }
  }

  function begin() {
    document.body.append(host);
    paint();
    resume();
    if (memory.now.open || given.open !== undefined) show(true, false);
  }
  if (document.body) begin();
  else addEventListener("DOMContentLoaded", begin);
})();
