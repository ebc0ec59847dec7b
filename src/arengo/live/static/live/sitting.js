// @ts-check
/** The page of a sitting, from before it opens to its video on demand, without a reload. */

import { bind } from "./choices.js";
import { Captions } from "./captions.js";
import { Chamber } from "./chamber.js";
import { Controls } from "./controls.js";
import { CueList } from "./cues.js";
import { phaseOf, troubleOf } from "./phase.js";
import { Player } from "./player.js";
import { Stream } from "./stream.js";
import { Transcript } from "./transcript.js";
import { parse } from "./vtt.js";
import { say, stretch } from "./wording.js";

/** @typedef {import("./phase.js").Phase} Phase */

const page = /** @type {HTMLElement} */ (document.getElementById("sitting"));
const screen = /** @type {HTMLElement} */ (document.getElementById("player"));
const video = /** @type {HTMLVideoElement} */ (document.getElementById("video"));
const data = /** @type {Record<string, string>} */ (page.dataset);

const list = new CueList();
const player = new Player(video, { base: data.media, worker: data.worker });
const captions = new Captions(player, list, /** @type {HTMLElement} */ (document.getElementById("rolling")));
const controls = new Controls(screen, player, captions);
const transcript = new Transcript(/** @type {HTMLElement} */ (document.getElementById("transcript")), list, go);
const chamber = new Chamber(/** @type {HTMLElement} */ (document.getElementById("chamber")), player, { media: data.media, onSeek: go });

/** @type {Phase} */
let phase = "before";
let signal = "waiting";
let isRecorded = true; // until the studio says otherwise
const stream = new Stream(() => data.events, { state, cue, partial, speakers, board: (/** @type {any} */ news) => chamber.pushed(news) }, () => void readCaptions());

function start() {
  page.dataset.scripted = "true";
  enter(/** @type {Phase} */ (data.phase));
  void stream.open();
  tellCountdown();
  bindChoices();
  setInterval(tick, 250);
  addEventListener("offline", tellTrouble);
  addEventListener("online", tellTrouble);
}

/** @param {number} time chosen in the transcript */
function go(time) {
  if (!player.source) return;
  player.seek(time);
  void player.play();
}

/** @param {{sitting: string, signal: string, secret?: boolean, hold_back_s: number, segments: number, take?: number}} now */
function state(now) {
  signal = now.signal;
  isRecorded = now.segments > 0;
  player.isSignalLost = now.signal === "lost";
  player.setHoldBack(now.hold_back_s);
  const next = phaseOf(now);
  if (next !== phase) enter(next);
  chamber.state(next, now.take ?? 0);
  if (phase === "closed" && !isRecorded) offerNothing();
}

/** @param {import("./cues.js").Cue} one */
function cue(one) {
  if (phase === "secret" && one.lines.length) return; // what is taken back still is
  if (!list.put(one)) return;
  captions.put(one);
  transcript.put(one);
  partial({ text: "" });
}

/** @param {import("./speakers.js").News} news */
function speakers(news) {
  transcript.tellSpeakers(news);
}

/** @param {{text: string}} heard */
function partial({ text }) {
  if (phase === "secret") return;
  captions.roll(text);
  transcript.setPartial(player.mode === "low" ? text : "");
}

/** @param {Phase} next */
function enter(next) {
  const before = phase;
  phase = next;
  page.dataset.phase = next;
  for (const badge of page.querySelectorAll("[data-part=badge]")) {
    /** @type {HTMLElement} */ (badge).dataset.phase = next;
    badge.textContent = say(`state.${next}`);
  }
  screen.dataset.live = String(next === "live" || next === "lost");
  if (next === "live" && !player.source) player.openLive();
  if (next === "lost" && !player.source) player.openLive();
  if (next === "closed") close(before);
  if (next === "secret") hush();
  else if (before === "secret") speak();
  layout();
  controls.refresh();
  tellTrouble();
}

/** Which parts of the page this phase has. */
function layout() {
  const isPlaying = phase === "live" || phase === "lost" || (phase === "closed" && isRecorded);
  /** @type {HTMLElement} */ (document.getElementById("controls")).hidden = !isPlaying;
  /** @type {HTMLElement} */ (document.getElementById("downloads")).hidden = phase !== "closed" || !isRecorded;
  for (const option of page.querySelectorAll("[data-when]")) {
    const wanted = phase === "closed" ? "recording" : "live";
    /** @type {HTMLElement} */ (option).hidden = /** @type {HTMLElement} */ (option).dataset.when !== wanted;
  }
  captions.set({ isRolling: phase !== "closed" && player.mode === "low" });
}

/** The second that the address asks for, as a result of the archive does («#t=754»); else the first. */
function askedSecond() {
  return Number(/^#t=(\d{1,6})$/.exec(location.hash)?.[1] ?? 0);
}

/** The sitting is over: play what is left, then offer the recording. @param {Phase} before */
function close(before) {
  const wasPlaying = player.isLive && (before === "live" || before === "lost") && !video.paused;
  const left = wasPlaying ? Math.min(player.latency ?? player.holdBack, player.holdBack + 3) : 0;
  const offer = () => {
    clearTimeout(timer);
    if (!isRecorded) return;
    video.removeEventListener("ended", offer);
    player.isWanted = false;
    player.openRecording(askedSecond());
    void readCaptions();
  };
  const timer = setTimeout(offer, left * 1000);
  video.addEventListener("ended", offer);
}

/** The sitting is secret: nothing more is shown, not even what had already arrived. */
function hush() {
  player.close();
  captions.roll("");
  transcript.setPartial(say("record.secret"));
}

/** It is public again: the words go on. */
function speak() {
  transcript.setPartial("");
  void readCaptions();
}

/** The sitting is over and no picture ever arrived. */
function offerNothing() {
  if (page.dataset.phase === "empty") return;
  player.close();
  page.dataset.phase = "empty";
  layout();
  controls.refresh();
}

/** Captions written before we came, or while we could not be told. */
async function readCaptions() {
  const answer = await fetch(`${data.media}captions.vtt`, { cache: "no-cache" }).catch(() => null);
  if (answer?.ok) for (const one of parse(await answer.text())) cue(one);
}

/** Who spoke, while we cannot be told. */
async function readSpeakers() {
  const answer = await fetch(`${data.media}speakers.json`, { cache: "no-cache" }).catch(() => null);
  if (answer?.ok) speakers(await answer.json());
}

function bindChoices() {
  const select = (/** @type {string} */ name) => /** @type {HTMLSelectElement} */ (page.querySelector(`select[name="${name}"]`));
  bind(select("mode"), (mode) => {
    player.setMode(mode === "low" ? "low" : "sync");
    layout();
  });
  bind(select("captionSize"), (size) => { screen.dataset.captionSize = size; });
  bind(select("rate"), (rate) => { player.chosenRate = Number(rate); });
}

let ticks = 0;

function tick() {
  ticks += 1;
  controls.refresh();
  transcript.mark(player.time);
  chamber.tick();
  if (ticks % 4 === 0) {
    tellTrouble();
    tellCountdown();
  }
  if (ticks % 16 === 0 && stream.silence > 4 && phase !== "before") void readCaptions().then(readSpeakers);
}

function tellTrouble() {
  const note = /** @type {HTMLElement} */ (document.getElementById("trouble"));
  const line = troubleOf(navigator.onLine, stream.silence);
  const trouble = line ?? (phase === "lost" ? "lost" : null);
  note.hidden = !trouble;
  const text = trouble ? say(`trouble.${trouble}`) : "";
  const words = /** @type {HTMLElement} */ (note.querySelector("p"));
  if (words.textContent !== text) words.textContent = text;
}

function tellCountdown() {
  if (phase !== "before") return;
  const left = (Date.parse(data.scheduled) - Date.now()) / 1000;
  const text = left > 0 ? say("startsIn", { time: stretch(left > 120 ? left - (left % 60) : left) }) : say("startsSoon");
  const where = /** @type {HTMLElement} */ (document.getElementById("countdown"));
  if (where.textContent !== text) where.textContent = text;
}

/** For the tests and the benches of this page: what it is doing, read only. */
Object.defineProperty(window, "arengo", { value: { player, list, captions, chamber, get phase() { return phase; }, get signal() { return signal; } } });

start();
