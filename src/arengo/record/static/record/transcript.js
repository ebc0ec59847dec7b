// @ts-check
/** The page on which a clerk corrects the words of a sitting by listening to them. */

import { edit, isUnsure, nextUnsure, wordAt } from "./transcript_words.js";

/** @typedef {import("./transcript_words.js").Segment} Segment */
/** @typedef {import("./transcript_words.js").Word} Word */

const POLL_MS = 4000;
const root = /** @type {HTMLElement} */ (document.getElementById("transcript"));
const says = JSON.parse(document.getElementById("sentences")?.textContent ?? "{}");
const find = (/** @type {string} */ name) => /** @type {HTMLElement} */ (root.querySelector(name));
const video = /** @type {HTMLVideoElement} */ (find("video"));
const place = find("[data-part=words]");
const form = /** @type {HTMLFormElement} */ (find(".tr-fix"));
const field = /** @type {HTMLInputElement} */ (find("#fix"));
const speaker = /** @type {HTMLSelectElement} */ (find("#speaker"));
const token = /** @type {HTMLInputElement} */ (find("[name=csrfmiddlewaretoken]")).value;

/** @type {Segment[]} */ let segments = [];
/** @type {Word[]} */ let words = [];
/** @type {Record<string, string>} */ let editors = {};
/** @type {number|null} */ let undo = null;
/** @type {Word|null} */ let omitFrom = null;
let seq = -1, chosen = "", playing = "", isBusy = false;

const tell = (/** @type {string} */ text) => { find("[data-part=status]").textContent = text; };
const button = (/** @type {string} */ id) => /** @type {HTMLElement|null} */ (id ? place.querySelector(`[data-id="${CSS.escape(id)}"]`) : null);
const index = () => words.findIndex((word) => word[0] === chosen);

function stateOf(/** @type {Word} */ word) {
  if (word[4] === "machine") return isUnsure(word) ? `${says.machine}, ${says.unsure}` : says.machine;
  return says[word[4]].replace("{who}", editors[word[5]] ?? "");
}

function draw() {
  const hadFocus = place.contains(document.activeElement);
  place.replaceChildren(...segments.map((one) => {
    const speech = document.createElement("section");
    speech.className = "tr-speech";
    const title = document.createElement("h2");
    title.textContent = [...speaker.options].find((option) => option.value === one.speaker)?.text ?? says.unknown;
    speech.append(title);
    for (const word of one.words) if (word[2]) speech.append(drawn(word), " ");
    return speech;
  }));
  if (index() < 0) chosen = words.find((word) => word[2])?.[0] ?? "";
  choose(chosen, hadFocus);
}

function drawn(/** @type {Word} */ word) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "tr-word";
  made.textContent = word[2];
  made.tabIndex = -1;
  made.dataset.id = word[0];
  made.dataset.state = word[4];
  made.title = stateOf(word);
  made.setAttribute("aria-pressed", "false");
  if (isUnsure(word)) made.dataset.unsure = "";
  return made;
}

function choose(/** @type {string} */ id, isFocused = true) {
  const before = button(chosen);
  before?.setAttribute("aria-pressed", "false");
  if (before) before.tabIndex = -1;
  chosen = id;
  const now = button(id);
  if (!now) return;
  now.setAttribute("aria-pressed", "true");
  now.tabIndex = 0;
  if (isFocused) now.focus();
  find("[data-part=word]").textContent = `«${now.textContent}»: ${now.title}`;
  speaker.value = segments.find((one) => one.words.some((word) => word[0] === id))?.speaker ?? "";
}

function step(/** @type {number} */ by) {
  for (let k = index() + by; k >= 0 && k < words.length; k += by) if (words[k][2]) return choose(words[k][0]);
}

function take(/** @type {any} */ told) {
  if (!told.segments || told.seq < seq) return false;
  ({ segments, editors, undo, seq } = told);
  words = segments.flatMap((one) => one.words);
  draw();
  return true;
}

async function look() {
  try {
    const answer = await fetch(`${root.dataset.edits}?dopo=${seq}`, { headers: { Accept: "application/json" } });
    if (answer.ok) return take(await answer.json());
    tell(((await answer.json()).detail) ?? says.offline);
  } catch { tell(says.offline); }
  return false;
}

async function send(/** @type {{kind: string, facts: object}|null} */ asked, text = "") {
  if (!asked || isBusy) return false;
  isBusy = true;
  const k = index();
  try {
    const body = JSON.stringify({ ...asked, key: crypto.randomUUID() });
    const headers = { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token };
    const answer = await fetch(/** @type {string} */ (root.dataset.edits), { method: "POST", headers, body });
    const told = await answer.json();
    if (answer.ok) {
      take(told);
      if (k >= 0 && words[k]) choose(words[k][0]);
      tell(says.saved);
      return true;
    }
    await look();
    tell(`${told.detail} ${text ? says.kept.replace("{text}", text) : ""}`);
  } catch { tell(says.offline); } finally { isBusy = false; }
  return false;
}

function act(/** @type {string} */ what) {
  if (what === "fix") {
    field.value = button(chosen)?.textContent ?? "";
    form.hidden = false;
    field.focus();
    field.select();
  } else if (what === "omit") omit();
  else if (what === "undo") void (undo === null ? null : send({ kind: "undone", facts: { seq: undo } }));
  else void send(edit(what, segments, chosen));
}

/** The first call takes where the passage begins, the second where it ends: then the form opens. */
function omit() {
  const word = words[index()];
  if (!word) return;
  if (!omitFrom) {
    omitFrom = word;
    tell(says.omitFrom.replace("{text}", word[2]));
    return;
  }
  const [first, last] = omitFrom[1] <= word[1] ? [omitFrom, word] : [word, omitFrom];
  const after = words[words.indexOf(last) + 1]?.[1] ?? last[1] + 2;
  const asked = new URLSearchParams({ da: first[1].toFixed(2), a: Math.max(after - 0.01, first[1] + 0.01).toFixed(2) });
  location.assign(`${root.dataset.omit}?${asked}`);
}

function play() { if (video.paused) void video.play().catch(() => {}); else video.pause(); }
function playFrom(/** @type {string} */ id) {
  choose(id);
  video.currentTime = words[index()][1];
  void video.play().catch(() => {});
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (await send(edit("fix", segments, chosen, field.value), field.value)) { form.hidden = true; button(chosen)?.focus(); }
});
field.addEventListener("keydown", (event) => { if (event.key === "Escape") { form.hidden = true; button(chosen)?.focus(); } });
speaker.addEventListener("change", () => void send(edit("speaker", segments, chosen, speaker.value)));
root.addEventListener("click", (event) => {
  const target = /** @type {HTMLElement} */ (event.target);
  if (target.dataset.do) act(target.dataset.do);
  else if (target.dataset.id) playFrom(target.dataset.id);
});
const KEYS = /** @type {Record<string, () => void>} */ ({
  ArrowLeft: () => step(-1), ArrowRight: () => step(1), " ": play, Enter: () => playFrom(chosen),
  b: () => { video.currentTime = Math.max(0, video.currentTime - 2); },
  n: () => { const n = nextUnsure(words, index()); if (n >= 0) choose(words[n][0]); },
  o: () => { if (root.dataset.omit) omit(); },
  e: () => act("fix"), c: () => act("confirm"), u: () => act("undo"),
});
place.addEventListener("keydown", (event) => {
  const run = event.ctrlKey || event.metaKey || event.altKey ? null : KEYS[event.key];
  if (run) { event.preventDefault(); run(); }
});
video.addEventListener("timeupdate", () => {
  const now = words[wordAt(words, video.currentTime)]?.[0] ?? "";
  if (now === playing) return;
  button(playing)?.removeAttribute("data-playing");
  playing = now;
  button(now)?.setAttribute("data-playing", "");
});
setInterval(async () => { if (!isBusy && form.hidden && !document.hidden && await look()) tell(says.news); }, POLL_MS);
void look();
