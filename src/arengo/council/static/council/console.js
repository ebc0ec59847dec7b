// @ts-check
/** The clerk's console: what it shows comes from the server, what a key does goes there. */

import { Stream } from "../live/stream.js";
import { recall, remember } from "../live/choices.js";
import { say } from "../live/wording.js";
import { Acts } from "./console_acts.js";
import { Line, Refusal } from "./console_line.js";
import { drawAct, drawFloor, drawItems, drawLog, drawPeople } from "./console_panels.js";
import { el, fill } from "./element.js";

const root = /** @type {HTMLElement} */ (document.getElementById("console"));
const data = /** @type {Record<string, string>} */ (root.dataset);
const EVERY_MS = 5000;

/** @param {string} name @returns {HTMLElement} */
const part = (name) => /** @type {HTMLElement} */ (root.querySelector(`[data-part="${name}"]`));

/** @type {any} the last thing the server said */
let now = null;
let skewMs = 0; // the server's clock minus this one's

const token = /** @type {HTMLInputElement} */ (root.querySelector("[name=csrfmiddlewaretoken]"));
const line = new Line({ fact: data.fact, undo: data.undo, state: data.state }, token?.value ?? "", tellLine);
const acts = new Acts(() => now, write);
acts.tell = refuse;
acts.redraw = draw;

/** Write a fact and show what came of it. @param {string} kind @param {Record<string, any>} event */
async function write(kind, event) {
  root.setAttribute("aria-busy", "true");
  try {
    show(await (kind === "undo" ? line.undo(now.seq) : line.fact(kind, event, now.seq)));
    refuse("");
    return true;
  } catch (error) {
    refuse(error instanceof Refusal ? error.message : say("line.unrecorded"));
    void refresh();
    return false;
  } finally {
    root.removeAttribute("aria-busy");
  }
}

async function refresh() {
  try {
    show(await line.state());
  } catch {
    // the line says so by itself, and the next beat tries again
  }
}

/** @param {any} facts */
function show(facts) {
  if (now && facts.seq < now.seq) return; // an older answer that came late
  now = facts;
  skewMs = Date.parse(facts.now) - Date.now();
  const isBegun = facts.phase !== "absent";
  part("loading").hidden = true;
  part("begin").hidden = isBegun;
  part("grid").hidden = !isBegun;
  root.dataset.phase = facts.secret_since ? "secret" : facts.phase;
  if (isBegun) draw();
}

function draw() {
  text(part("phase"), now.secret_since ? say("secret") : say(`phase.${now.phase}`));
  part("phase").dataset.phase = now.secret_since ? "lost" : now.phase === "open" ? "live" : "waiting";
  const { is_met: isMet, formula, article } = now.quorum;
  text(part("quorum"), say(isMet ? "quorum.met" : "quorum.missing", now.quorum));
  part("quorum").dataset.level = isMet ? "good" : "bad";
  text(part("formula"), `${formula} (${article})`);
  part("secret").hidden = !now.secret_since;
  text(part("secret-reason"), now.secret_since ? acts.secretWords() : "");
  const undo = /** @type {HTMLButtonElement} */ (root.querySelector('[data-act="undo"]'));
  undo.disabled = !now.undo;
  undo.title = now.undo ? say("undo.what", { text: now.undo.text }) : "";
  fill(part("items"), ...drawItems(now, acts));
  fill(part("agenda-acts"), ...acts.agendaButtons());
  fill(part("act"), ...drawAct(now, acts));
  fill(part("floor"), ...drawFloor(now, acts));
  fill(part("people"), ...drawPeople(now, acts));
  fill(part("log"), ...drawLog(now));
  tick();
}

/** @param {HTMLElement} place @param {string} words */
function text(place, words) {
  if (place.textContent !== words) place.textContent = words;
}

/** Microphones or words name somebody. @param {{heard?: import("./console_hint.js").Heard|null}} news */
function hear(news) {
  acts.heard = news.heard ?? null;
  if (now && now.phase !== "absent") fill(part("floor"), ...drawFloor(now, acts));
  tick();
}

/** The clocks, four times a second. */
function tick() {
  const at = Date.now() + skewMs;
  text(part("now"), new Date(at).toLocaleTimeString("it-IT", { timeZone: "Europe/Rome" }));
  const clock = /** @type {HTMLElement|null} */ (root.querySelector('[data-part="clock"]'));
  if (!clock || !now?.turn) return;
  const spent = Math.max(0, Math.floor((at - Date.parse(now.turn.began_at)) / 1000));
  const left = now.turn.limit_s ? now.turn.limit_s - spent : Infinity;
  text(clock, now.turn.limit_s ? say("clock.of", { time: mmss(spent), limit: mmss(now.turn.limit_s) }) : mmss(spent));
  const level = left < 0 ? "bad" : left <= now.turn.warn_s ? "warn" : "good";
  clock.dataset.level = level;
  const words = left < 0 ? say("clock.over") : level === "warn" ? say("clock.warn") : "";
  const beside = /** @type {HTMLElement} */ (root.querySelector('[data-part="clock-words"]'));
  text(beside, words);
}

/** @param {number} seconds */
const mmss = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

/** Say why something was refused; an empty sentence takes it away. @param {string} sentence */
function refuse(sentence) {
  part("refusal").hidden = !sentence;
  text(/** @type {HTMLElement} */ (part("refusal").querySelector("p")), sentence);
}

/** @param {""|"offline"|"busy"} trouble */
function tellLine(trouble) {
  const words = trouble ? say(`line.${trouble}`) : "";
  part("line").hidden = !words;
  text(/** @type {HTMLElement} */ (part("line").querySelector("p")), words);
}

/* Keys ---------------------------------------------------------------------- */

root.addEventListener("click", (event) => {
  const button = /** @type {Element} */ (event.target).closest("[data-act]");
  if (button instanceof HTMLElement) run(button.dataset.act ?? "");
});

document.addEventListener("keydown", (event) => {
  const target = /** @type {Element|null} */ (event.target);
  if (event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return;
  if (target?.closest?.("input, textarea, select")) return;
  if (event.key === "Escape") return refuse("");
  if ((event.key === "Enter" || event.key === " ") && target?.closest?.("button, a, summary")) return;
  const name = event.shiftKey && event.key.toLowerCase() === "r" ? "secret" : event.shiftKey && event.key !== "?" ? "" : acts.nameOf(event.key.toLowerCase());
  if (!name) return;
  event.preventDefault();
  run(name);
});

/** @param {string} name */
function run(name) {
  if (name === "dismiss") return refuse("");
  if (name === "theme") return theme();
  if (name === "keys") return help();
  if (now && now.phase !== "absent") void acts.run(name);
}

function help() {
  const table = part("keys-table");
  table.replaceChildren(...acts.help().map(([key, words]) => el("tr", {}, el("th", { scope: "row" }, el("kbd", {}, key)), el("td", {}, words))));
  /** @type {HTMLDialogElement} */ (document.getElementById("keys")).showModal();
}

function theme() {
  const isDark = document.documentElement.dataset.theme === "dark" || (document.documentElement.dataset.theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = isDark ? "light" : "dark";
  remember("theme", isDark ? "light" : "dark");
}

document.documentElement.dataset.theme = recall("theme", "auto");
const stream = new Stream(() => data.events, { board: (board) => board.seq > (now?.seq ?? -1) && refresh(), speakers: hear });
void stream.open();
void refresh();
setInterval(tick, 250);
setInterval(() => document.visibilityState === "visible" && refresh(), EVERY_MS);

/** For the tests of this page: what it knows, read only. */
Object.defineProperty(window, "arengo", { value: { get now() { return now; } } });
