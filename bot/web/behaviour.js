() => {
  const root = document.documentElement;
  const room = () => document.getElementById("room");
  const side = () => document.getElementById("side");
  const scroll = () => document.getElementById("scroll");

  function toggle(open) {
    const shown = room().classList.toggle("side-open", open);
    const button = document.getElementById("toggle");
    button?.setAttribute("aria-expanded", String(shown));
    if (shown) side()?.querySelector("h2, button")?.scrollIntoView({ block: "nearest" });
  }
  window.concierge = { toggle: () => toggle() };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && room()?.classList.contains("side-open")) {
      toggle(false);
      document.getElementById("toggle")?.focus();
    }
  });

  // A new message moves to the top of the talk and keeps room below for its answer, so that
  // nothing jumps while the answer grows.
  let asked = "";
  function follow() {
    const last = document.getElementById("last");
    const turn = last?.querySelector(".turn");
    const words = turn?.querySelector(".mine")?.textContent ?? "";
    const busy = turn?.getAttribute("aria-busy") === "true";
    if (busy && words + last.dataset.turns !== asked) {
      asked = words + last.dataset.turns;
      const box = scroll();
      last.style.minHeight = `${box.clientHeight - 24}px`;
      box.scrollTo({ top: last.offsetTop - box.offsetTop - 8, behavior: "smooth" });
    }
    if (!turn) {
      last.style.minHeight = "";
      asked = "";
    }
  }

  function watch() {
    const last = document.getElementById("last");
    const box = scroll();
    if (!last || !box) return void setTimeout(watch, 100);
    root.lang ||= "en";
    document.getElementById("toggle")?.setAttribute("aria-controls", "side");
    document.getElementById("toggle")?.setAttribute("aria-expanded", "false");
    side()?.setAttribute("role", "complementary");
    side()?.setAttribute("aria-label", "Your taste");
    box.setAttribute("role", "log");
    box.setAttribute("aria-live", "off");
    box.setAttribute("tabindex", "0");
    box.setAttribute("aria-label", "Our talk");
    last.dataset.turns = "0";
    new MutationObserver(() => {
      last.dataset.turns = String(document.querySelectorAll("#past .turn").length);
      follow();
    }).observe(last, { childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: ["aria-busy"] });
    // A talk that is resumed opens at its end.
    let opening = true;
    new MutationObserver(() => {
      if (opening && document.querySelector("#last .card, #past .turn")) {
        opening = false;
        box.scrollTop = last.offsetTop - box.offsetTop - 8;
      }
    }).observe(box, { childList: true, subtree: true });
    box.addEventListener("click", () => { opening = false; });
    document.querySelector("#box textarea")?.addEventListener("input", () => { opening = false; });
  }
  watch();
}
