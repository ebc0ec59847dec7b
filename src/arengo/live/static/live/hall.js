// @ts-check
/** Captions alone, large, as soon as they are heard; how they look is the reader's choice. */

import { bind } from "./choices.js";
import { CueList, textOf } from "./cues.js";
import { SPEEDS, stay } from "./pace.js";
import { phaseOf, troubleOf } from "./phase.js";
import { rollingRow, rollingRows } from "./rolling.js";
import { Stream } from "./stream.js";
import { say } from "./wording.js";

const page = /** @type {HTMLElement} */ (document.getElementById("hall"));
const words = /** @type {HTMLElement} */ (document.getElementById("words"));
const stateLine = /** @type {HTMLElement} */ (document.getElementById("state"));
const bar = /** @type {HTMLElement} */ (document.getElementById("bar"));

const KEPT = 12; // captions on the screen in `roll`; what does not fit is cut at the top

const list = new CueList();
/** @type {import("./cues.js").Cue[]} waiting their turn in `hold` */
let queue = [];
/** @type {import("./phase.js").Phase} */
let phase = /** @type {any} */ (page.dataset.phase);
/** @type {keyof typeof SPEEDS} */
let speed = "middle";
let partialText = "";
let freeAt = 0; // when the caption on the screen has had its time, ms
let isFresh = true; // the studio is repeating what was said before we came

const stream = new Stream(() => /** @type {string} */ (page.dataset.events), { state, cue, partial }, () => {
  isFresh = true;
  setTimeout(() => { isFresh = false; }, 1500);
});

/** @param {{sitting: string, signal: string}} now */
function state(now) {
  phase = phaseOf(now);
  page.dataset.phase = phase;
  tell();
}

/** @param {import("./cues.js").Cue} one */
function cue(one) {
  const isNew = !list.byId.has(one.id);
  if (!list.put(one)) return;
  partialText = "";
  if (isNew && !isFresh && one.lines.length) queue.push(one);
  if (page.dataset.way === "roll" || isFresh) roll();
  else revise(one);
  tell();
}

/** @param {{text: string}} heard */
function partial({ text }) {
  partialText = text;
  if (page.dataset.way === "roll") roll();
}

function roll() {
  queue = [];
  words.replaceChildren(...rollingRows(list, partialText, KEPT));
}

/** The caption on the screen was corrected. @param {import("./cues.js").Cue} one */
function revise(one) {
  const shown = words.firstElementChild;
  if (/** @type {HTMLElement|null} */ (shown)?.dataset.id === one.id && shown) shown.textContent = textOf(one);
  queue = queue.map((waiting) => (waiting.id === one.id ? one : waiting)).filter(({ lines }) => lines.length);
}

/** One caption after the other, each for as long as it takes to read. */
function next() {
  const now = performance.now();
  if (page.dataset.way !== "hold" || now < freeAt) return;
  const one = queue.shift();
  if (!one) return;
  const shown = rollingRow(textOf(one), "new");
  shown.dataset.id = one.id;
  words.replaceChildren(shown);
  freeAt = now + stay(textOf(one), speed, queue.length) * 1000;
}

function tell() {
  const trouble = phase === "closed" ? null : troubleOf(navigator.onLine, stream.silence);
  const isQuiet = phase === "live" && list.cues.length > 0;
  const text = trouble ? say(`trouble.${trouble}`) : isQuiet ? "" : say(`hall.${phase}`);
  if (stateLine.textContent !== text) stateLine.textContent = text;
}

function bindChoices() {
  const select = (/** @type {string} */ id) => /** @type {HTMLSelectElement} */ (document.getElementById(id));
  bind(select("hallSize"), (size) => { page.dataset.size = size; });
  bind(select("hallContrast"), (contrast) => { page.dataset.contrast = contrast; });
  bind(select("hallSpeed"), (chosen) => { speed = /** @type {keyof typeof SPEEDS} */ (chosen); });
  bind(select("hallWay"), (way) => {
    page.dataset.way = way;
    /** @type {HTMLElement} */ (select("hallSpeed").parentElement).hidden = way !== "hold";
    queue = [];
    if (way === "roll") roll();
    else words.replaceChildren(...[...words.children].slice(-1));
  });
}

function bindButtons() {
  const show = /** @type {HTMLButtonElement} */ (document.getElementById("hallShow"));
  const hide = /** @type {HTMLButtonElement} */ (document.getElementById("hallHide"));
  const toggle = (/** @type {boolean} */ isShown) => {
    bar.hidden = !isShown;
    show.hidden = isShown;
    (isShown ? hide : show).focus();
  };
  hide.addEventListener("click", () => toggle(false));
  show.addEventListener("click", () => toggle(true));
  document.getElementById("hallFull")?.addEventListener("click", () => {
    if (document.fullscreenElement) void document.exitFullscreen();
    else void page.requestFullscreen();
  });
}

/** A screen in a hall must not go dark in the middle of a sitting. */
async function keepAwake() {
  const line = /** @type {HTMLElement} */ (document.getElementById("awake"));
  try {
    await navigator.wakeLock.request("screen");
    line.textContent = say("awake");
  } catch {
    line.textContent = say("asleep");
  }
}

bindChoices();
bindButtons();
tell();
void stream.open();
void keepAwake();
setInterval(next, 100);
setInterval(tell, 1000);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && keepAwake());
