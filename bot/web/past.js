// The turns before the last: each value tells which there are, and brings those that are new.
const turnOf = (html) => {
  const made = document.createElement("template");
  made.innerHTML = html;
  return made.content.firstElementChild;
};
const numberOf = (turn) => Number(turn.dataset.n);
const scroll = document.getElementById("scroll");
const [note, list] = element.querySelectorAll(".note, .list");

function place({ begin, end, first, turns }) {
  const fresh = turns.map(turnOf);
  const upTo = first + fresh.length;
  for (const turn of [...list.children]) {
    const n = numberOf(turn);
    if (n < (begin ?? 0) || n >= end || (n >= first && n < upTo)) turn.remove();
  }
  const from = begin ?? (list.firstElementChild ? numberOf(list.firstElementChild) : end);
  const next = [...list.children].find((turn) => numberOf(turn) >= upTo) ?? null;
  const below = scroll.scrollHeight - scroll.scrollTop;
  for (const turn of fresh) list.insertBefore(turn, next);
  // What the reader looks at stays where it is while earlier turns come above it.
  if (next) scroll.scrollTop = scroll.scrollHeight - below;
  return [...list.children].map(numberOf).join() ===
    Array.from({ length: end - from }, (_, n) => from + n).join();
}
function mark(marks) {
  for (const button of list.querySelectorAll("[data-do][aria-pressed]")) {
    const state = String(marks[button.dataset.do].includes(button.dataset.item));
    if (button.getAttribute("aria-pressed") !== state) button.setAttribute("aria-pressed", state);
  }
}
// The talk went on elsewhere, in another tab: show it whole, once nothing is being answered.
function mend() {
  if (document.querySelector("#last [aria-busy]")) setTimeout(mend, 300);
  else trigger("click", { do: "resume" });
}
watch("value", () => {
  if (!props.value) return;
  const past = JSON.parse(props.value);
  const complete = place(past);
  mark(past.marks);
  if (past.begin !== null) note.innerHTML = past.note;
  if (!complete) mend();
});
