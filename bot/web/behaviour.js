() => {
  const by = (id) => document.getElementById(id);
  const pick = (selector) => document.querySelector(selector);
  const box = () => pick("#box textarea");

  // What the server is asked to do goes the way of a button in the talk.
  const press = (detail) =>
    pick("#tray .tray").dispatchEvent(new CustomEvent("press", { bubbles: true, detail }));

  function tell(words) {
    const status = pick("#tray .told");
    status.textContent = "";
    setTimeout(() => { status.textContent = words; }, 50);
  }

  // The panel, which slides over the talk where there is little room.
  function toggle(open) {
    const shown = by("room").classList.toggle("side-open", open);
    by("toggle").setAttribute("aria-expanded", String(shown));
    if (shown) by("side").focus();
  }
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !by("room")?.classList.contains("side-open")) return;
    toggle(false);
    by("toggle").focus();
  });

  // A key that is held down is one press.
  document.addEventListener("keydown", (event) => {
    if (event.repeat && event.key === "Enter" && event.target.closest("button")) event.preventDefault();
  });

  // What is pressed may be drawn anew or go away. The focus stays on its like, else beside it.
  let focused = null;
  document.addEventListener("focusin", ({ target }) => {
    const area = target.closest("#past, #last, #panel");
    focused = area && { target, area, data: JSON.stringify(target.dataset) };
  });
  function keepFocus() {
    if (!focused || focused.target.isConnected || document.activeElement !== document.body) return;
    const { area, data } = focused;
    const buttons = [...area.querySelectorAll("button")];
    const beside = {
      last: () => area,
      past: () => area.querySelector(".earlier button") ?? by("scroll"),
      panel: () => buttons[0] ?? by("side"),
    };
    const near = buttons.find((button) => JSON.stringify(button.dataset) === data) ?? beside[area.id]();
    near.focus({ preventScroll: true });
  }
  // Items picked to be compared, by id; they stand in a tray above the message until then.
  const MOST = 5;
  const picked = new Map();
  function showPicked() {
    for (const button of document.querySelectorAll("[data-pick]")) {
      const state = String(picked.has(button.dataset.pick));
      if (button.getAttribute("aria-pressed") !== state) button.setAttribute("aria-pressed", state);
    }
    pick("#tray .tray").hidden = picked.size === 0;
    pick("#tray .picked").textContent = [...picked.values()].join(" · ");
    pick("#tray .compare").disabled = picked.size < 2;
    pick("#tray .hint").hidden = picked.size > 1;
  }
  function pickItem({ pick: id, title }) {
    if (picked.has(id)) picked.delete(id);
    else if (picked.size === MOST) return tell(`At most ${MOST} can be compared`);
    else picked.set(id, title);
    showPicked();
    tell(picked.size ? `To compare: ${[...picked.values()].join(", ")}` : "Nothing to compare");
  }
  function clearPicked() {
    picked.clear();
    showPicked();
  }
  function compare() {
    const items = JSON.stringify([...picked.keys()]);
    clearPicked();
    press({ do: "compare", items });
    box().focus();
  }

  // A page that is not served over TLS has no clipboard of its own.
  async function copied(words) {
    if (navigator.clipboard) return navigator.clipboard.writeText(words);
    const area = Object.assign(document.createElement("textarea"), { value: words });
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    if (!done) throw new Error("the browser did not copy");
  }
  async function copy(button) {
    const words = await copied(button.dataset.copy).then(() => "Copied", () => "Not copied");
    button.focus();
    button.querySelector("span").textContent = words;
    tell(words);
    setTimeout(() => { button.querySelector("span").textContent = "Copy"; }, 2000);
  }
  function save(file) {
    if (!file) return;
    const href = URL.createObjectURL(new Blob([file.text], { type: "text/markdown" }));
    Object.assign(document.createElement("a"), { href, download: file.name }).click();
    setTimeout(() => URL.revokeObjectURL(href), 10_000);
  }
  window.concierge = { toggle: () => toggle(), save };

  document.addEventListener("click", (event) => {
    const on = (selector) => event.target.closest?.(selector);
    if (on("[data-pick]")) pickItem(on("[data-pick]").dataset);
    else if (on("[data-copy]")) copy(on("[data-copy]"));
    else if (on("#tray .compare")) compare();
    else if (on("#tray .clear")) { clearPicked(); box().focus(); }
  });

  // Words outlive a reload until their answer is there.
  const DRAFT = "concierge-draft";
  document.addEventListener("input", (event) => {
    if (event.target === box()) sessionStorage.setItem(DRAFT, event.target.value);
  });
  const answered = () => { if (!box().value) sessionStorage.removeItem(DRAFT); };
  function restore() {
    if (!pick("#panel .part") || pick("#last .turn[aria-busy]")) return void setTimeout(restore, 200);
    const words = sessionStorage.getItem(DRAFT)?.trim();
    if (!words || box().value || pick("#last .mine")?.textContent.endsWith(words)) return;
    const { set } = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value");
    set.call(box(), words);
    box().dispatchEvent(new Event("input", { bubbles: true }));
  }

  // The server may go and come back: say so, keep the words, show the talk again.
  let server = null;
  let down = false;
  async function look() {
    const found = await fetch("gradio_api/app_id", { cache: "no-store" })
      .then((answer) => (answer.ok ? answer.json() : null), () => null);
    const id = found?.app_id ?? null;
    if (id === null) return lost();
    if (down || (server !== null && server !== id)) found_again();
    server = id;
  }
  function lost() {
    if (down) return;
    down = true;
    pick("#tray .down").textContent =
      "The service does not answer. I keep trying; nothing of our talk or your words is lost.";
  }
  function found_again() {
    down = false;
    pick("#tray .down").textContent = "";
    press({ do: "resume" });
    restore();
  }
  function sending(event) {
    const entered = event.type === "keydown" && event.key === "Enter" && !event.shiftKey && event.target === box();
    const clicked = event.type === "click" && event.target.closest?.("#bar button:not(#toggle), #send, #tray .compare, [data-do]");
    if (!entered && !clicked) return;
    if (down) {
      event.preventDefault();
      event.stopImmediatePropagation();
      tell(pick("#tray .down").textContent);
    }
    look();
  }
  window.addEventListener("keydown", sending, true);
  window.addEventListener("click", sending, true);
  const watchServer = () => {
    if (!document.hidden || down) look();
    setTimeout(watchServer, down ? 1500 : 5000);
  };

  // A new message moves to the top of the talk and keeps room below for its answer, so that
  // nothing jumps while the answer grows.
  let asked = null;
  function follow() {
    const last = by("last");
    const turn = last.querySelector(".turn");
    const busy = turn?.getAttribute("aria-busy") === "true";
    const now = `${pick("#past .turn:last-child")?.dataset.n} ${turn?.querySelector(".mine")?.textContent}`;
    if (busy && now !== asked) {
      asked = now;
      last.style.minHeight = `${by("scroll").clientHeight - 24}px`;
      by("scroll").scrollTo({ top: last.offsetTop - by("scroll").offsetTop - 8, behavior: "smooth" });
    }
    if (!busy && now === asked) answered();
    if (!turn) {
      last.style.minHeight = "";
      asked = null;
      if (picked.size) clearPicked();
    }
  }

  function name(id, attributes) {
    for (const [key, value] of Object.entries(attributes)) by(id).setAttribute(key, value);
  }
  function begin() {
    if (!by("last") || !by("scroll") || !pick("#tray .tray") || !box()) return void setTimeout(begin, 50);
    document.documentElement.lang ||= "en";
    name("toggle", { "aria-controls": "side", "aria-expanded": "false" });
    name("side", { role: "complementary", "aria-label": "Your taste", tabindex: "0" });
    name("last", { role: "group", "aria-label": "The latest turn", tabindex: "-1" });
    name("scroll", { role: "log", "aria-live": "off", tabindex: "0", "aria-label": "Our talk" });
    new MutationObserver(follow).observe(by("last"), {
      childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: ["aria-busy"],
    });
    new MutationObserver(keepFocus).observe(by("room"), { childList: true, subtree: true });
    // A talk that is resumed opens at its end.
    let opening = true;
    new MutationObserver(() => {
      showPicked();
      if (!opening || !pick("#last .turn")) return;
      opening = false;
      by("scroll").scrollTop = by("last").offsetTop - by("scroll").offsetTop - 8;
    }).observe(by("scroll"), { childList: true, subtree: true });
    by("scroll").addEventListener("click", () => { opening = false; });
    box().addEventListener("input", () => { opening = false; });
    restore();
    watchServer();
  }
  begin();
}
