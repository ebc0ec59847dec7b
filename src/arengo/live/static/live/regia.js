// @ts-check
/** The regia of a sitting: how it is doing, second by second, and what to press. */

import { Camera } from "./camera.js";
import { recall, remember } from "./choices.js";
import { textOf } from "./cues.js";
import { facts, meter, tiles } from "./health.js";
import { phaseOf } from "./phase.js";
import { Player } from "./player.js";
import { Stream } from "./stream.js";
import { say } from "./wording.js";

const root = /** @type {HTMLElement} */ (document.getElementById("regia"));
const data = /** @type {Record<string, string>} */ (root.dataset);
const player = new Player(/** @type {HTMLVideoElement} */ (document.getElementById("preview")), { base: data.media, worker: data.worker });
const keysBox = /** @type {HTMLInputElement} */ (part("keys"));

/** @param {string} name @returns {HTMLElement} */
function part(name) {
  return /** @type {HTMLElement} */ (root.querySelector(`[data-part="${name}"]`));
}

/* The studio ---------------------------------------------------------------- */

const stream = new Stream(address, { state, status, cue });

/** A token lasts; one that has run out is replaced at the next connection. */
async function address() {
  const answer = await fetch(data.token, { headers: { Accept: "application/json" } });
  if (answer.status === 401) location.reload(); // the session is over: sign in again
  if (!answer.ok) throw new Error(`token ${answer.status}`);
  const { token } = await answer.json();
  return `${data.events}?token=${encodeURIComponent(token)}`;
}

/** @param {{sitting: string, signal: string}} now */
function state(now) {
  const phase = phaseOf(now);
  const badge = part("badge");
  badge.dataset.phase = phase;
  badge.textContent = say(`state.${phase}`);
  if (data.phase === "before" && now.sitting === "open") location.reload(); // opened elsewhere
  if (data.phase === "waiting" && now.sitting === "closed") location.reload(); // closed elsewhere
  const isPicture = phase === "live" || phase === "lost";
  if (isPicture && !player.source) preview();
  if (!isPicture && player.source) player.close();
  part("nopicture").hidden = isPicture;
}

function preview() {
  player.video.muted = true;
  player.setMode("low");
  player.openLive();
}

/** @param {any} now */
function status(now) {
  for (const [name, tile] of Object.entries(tiles(now))) show(name, tile);
  for (const [name, { text, level }] of Object.entries(facts(now))) {
    const cell = /** @type {HTMLElement} */ (root.querySelector(`[data-fact="${name}"]`));
    write(cell, text);
    cell.dataset.level = level ?? "";
  }
  showMeter(now.audio);
  showWarnings(now.warnings ?? []);
  showEvents(now.events ?? []);
}

/** @param {import("./cues.js").Cue} one */
function cue(one) {
  write(part("heard"), textOf(one));
}

/** @param {string} name @param {import("./health.js").Tile} tile */
function show(name, { value, more, level }) {
  const tile = /** @type {HTMLElement} */ (root.querySelector(`[data-tile="${name}"]`));
  tile.dataset.level = level;
  write(/** @type {HTMLElement} */ (tile.querySelector('[data-part="value"]')), value);
  write(/** @type {HTMLElement} */ (tile.querySelector('[data-part="more"]')), more);
}

/** @param {any} audio */
function showMeter(audio) {
  const level = meter(audio?.level_db);
  const peak = meter(audio?.peak_db);
  const frame = part("meter");
  frame.dataset.level = peak > 0.985 ? "bad" : level < 0.25 ? "warn" : "good";
  frame.querySelector('[data-part="bar"]')?.setAttribute("width", String(Math.round(600 * level)));
  frame.querySelector('[data-part="peak"]')?.setAttribute("x", String(Math.round(600 * peak) - 4));
}

/** @param {{code: string, level: string, message: string, remedy: string}[]} warnings */
function showWarnings(warnings) {
  const list = part("warnings");
  const known = JSON.stringify(warnings);
  if (list.dataset.known === known) return; // a live region says again what is written again
  list.dataset.known = known;
  const rows = warnings.map(({ level, message, remedy }) => {
    const row = document.createElement("li");
    row.dataset.level = level;
    row.append(element("strong", message), element("span", remedy));
    return row;
  });
  list.replaceChildren(...(rows.length ? rows : [none("noWarnings")]));
}

/** @param {{at: string, code: string, message: string}[]} events */
function showEvents(events) {
  const list = part("events");
  const known = String(events.length && events[events.length - 1].at) + events.length;
  if (list.dataset.known === known) return;
  list.dataset.known = known;
  const rows = [...events].reverse().map(({ at, message }) => {
    const row = document.createElement("li");
    const time = new Date(at).toLocaleTimeString("it", { timeZone: "Europe/Rome", hour: "2-digit", minute: "2-digit", second: "2-digit" });
    row.append(element("time", time), element("span", message));
    return row;
  });
  list.replaceChildren(...(rows.length ? rows : [none("noEvents")]));
}

/** @param {string} name @param {string} text */
function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

/** @param {string} sentence */
function none(sentence) {
  const row = element("li", say(sentence));
  row.className = "rg-none";
  return row;
}

/** @param {HTMLElement} where @param {string} text */
function write(where, text) {
  if (where.textContent !== text) where.textContent = text;
}

function tellLine() {
  const note = part("line");
  const trouble = !navigator.onLine ? "offline" : stream.silence > 4 ? "lost" : null;
  note.hidden = !trouble;
  write(/** @type {HTMLElement} */ (note.querySelector("p")), trouble ? say(`line.${trouble}`) : "");
}

/* The operator --------------------------------------------------------------- */

function bindDialogs() {
  for (const button of root.querySelectorAll("[data-dialog]")) {
    button.addEventListener("click", () => openDialog(/** @type {HTMLElement} */ (button).dataset.dialog ?? ""));
  }
  for (const button of root.querySelectorAll("[data-cancel]")) {
    button.addEventListener("click", () => button.closest("dialog")?.close());
  }
}

/** @param {string} id */
function openDialog(id) {
  /** @type {HTMLDialogElement|null} */ (document.getElementById(id))?.showModal();
}

function bindCopies() {
  for (const button of root.querySelectorAll("[data-copy]")) {
    button.addEventListener("click", async () => {
      const source = document.getElementById(/** @type {HTMLElement} */ (button).dataset.copy ?? "");
      await copy(source);
      const words = button.textContent;
      button.textContent = say("copied");
      setTimeout(() => { button.textContent = words; }, 2000);
    });
  }
}

/** The clipboard, or a selection to copy by hand where a plain http page may not. @param {HTMLElement|null} source */
async function copy(source) {
  if (!source) return;
  getSelection()?.selectAllChildren(source);
  try {
    await navigator.clipboard.writeText(source.textContent ?? "");
  } catch {
    document.execCommand("copy");
  }
}

function bindTheme() {
  const button = part("theme");
  const html = document.documentElement;
  const isDark = () => html.dataset.theme === "dark" || (html.dataset.theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  const name = () => button.setAttribute("aria-label", say(isDark() ? "theme.light" : "theme.dark"));
  button.addEventListener("click", () => {
    html.dataset.theme = isDark() ? "light" : "dark";
    remember("theme", html.dataset.theme);
    name();
  });
  name();
}

function bindCamera() {
  const button = root.querySelector('[data-part="camera"]');
  if (!button) return;
  const camera = new Camera({
    socket: `${location.origin.replace(/^http/, "ws")}${data.camera}`,
    key: askCameraKey,
    onState: (text, isOn) => {
      button.setAttribute("aria-pressed", String(isOn));
      write(part("camera-state"), text);
    },
  });
  button.addEventListener("click", () => (camera.isOn ? camera.stop() : void camera.start()));
  addEventListener("beforeunload", (event) => { if (camera.isOn) event.preventDefault(); });
}

async function askCameraKey() {
  const body = new FormData(/** @type {HTMLFormElement} */ (document.getElementById("camera-form")));
  const answer = await fetch(data.cameraKey, { method: "POST", body, headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`camera key ${answer.status}`);
  return (await answer.json()).key;
}

const PRESSES = { o: ".rg-button--go", c: '[data-dialog="close-dialog"]', n: "#id_label", t: '[data-part="camera"]', g: '[data-part="theme"]', "?": '[data-dialog="keys-dialog"]' };

function bindKeys() {
  keysBox.checked = recall("keys", "true") === "true";
  keysBox.addEventListener("change", () => remember("keys", String(keysBox.checked)));
  document.addEventListener("keydown", (event) => {
    const isTyped = /** @type {Element} */ (event.target).closest("input, textarea, select, dialog[open]");
    if (!keysBox.checked || isTyped || event.ctrlKey || event.metaKey || event.altKey) return;
    const selector = PRESSES[/** @type {keyof typeof PRESSES} */ (event.key)];
    const target = /** @type {HTMLElement|null} */ (selector ? root.querySelector(selector) : null);
    if (!target) return;
    event.preventDefault();
    if (target.tagName === "INPUT") target.focus();
    else target.click();
  });
}

bindDialogs();
bindCopies();
bindTheme();
bindCamera();
bindKeys();
void stream.open();
setInterval(tellLine, 1000);
