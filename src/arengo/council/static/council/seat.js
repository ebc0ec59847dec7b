// @ts-check
/** A councillor's seat: what is treated and voted, the floor, and what the server has of mine. */

import { remember } from "../live/choices.js";
import { Stream } from "../live/stream.js";
import { say } from "../live/wording.js";
import { newKey } from "./element.js";
import { FloorCard } from "./seat_floor.js";
import { drawItem, drawPresence, drawVotes } from "./seat_item.js";
import { Line, sentenceOf } from "./seat_line.js";
import { choiceWords, hour, part, root, show, speechWords, write } from "./seat_parts.js";
import { Queue } from "./seat_queue.js";
import { actOf, merged, needsAsking, newsOf } from "./seat_view.js";
import { VoteCard } from "./seat_vote.js";

const SPREAD_MS = 900; // the devices of a hall do not all ask in the same instant
const data = /** @type {Record<string, string>} */ (root.dataset);

/** @type {any} what the page shows; null until the server spoke */
let facts = null;
let skewMs = 0;

const queue = new Queue(data.uid, data.me, storage());
const line = new Line(
  { state: data.state, fact: data.fact, token: data.token, me: data.me, device: device() },
  queue,
  { onFacts: take, onRefused, onChange: draw, hasPush: () => stream.silence === 0 },
);
const vote = new VoteCard(line, refuse, announce);
const floor = new FloorCard(line, () => Date.now() + skewMs);
const stream = new Stream(() => data.events, { board: push }, () => line.soon(SPREAD_MS * Math.random()));

/* What arrives --------------------------------------------------------------------------------- */

/** @param {any} found the server's own answer */
function take(found) {
  skewMs = Date.parse(found.now) - Date.now();
  if (!facts || found.seq >= facts.seq) change(found);
}

/** @param {any} board */
function push(board) {
  if (!facts || board.seq <= facts.seq) return;
  const before = facts;
  if (!(board.secret_since && facts.is_inside)) change(merged(facts, board));
  if (needsAsking(before, board.secret_since ? board : facts)) line.soon(SPREAD_MS * Math.random());
}

/** @param {any} found */
function change(found) {
  const news = newsOf(facts, found);
  facts = found;
  draw();
  if (news) announce(newsWords(news));
}

/** @param {{what: string, about: any}} news */
function newsWords({ what, about }) {
  if (what === "opened") return say("said.opened", { what: openedWords(about) });
  if (what === "result") return say("said.result", { title: about.title, result: say(`result.${about.result}`) });
  return say(`said.${what}`, about ?? {});
}

/** @param {any} ballot */
function openedWords(ballot) {
  const { item, amendment, title } = actOf(facts, ballot);
  return [item && say("what.item", item), amendment ? say("what.amendment", amendment) : title].filter(Boolean).join(". ");
}

/* What is shown -------------------------------------------------------------------------------- */

function draw() {
  drawLine();
  if (!facts) return;
  drawItem(facts);
  vote.draw(facts);
  floor.draw(facts);
  drawPresence(facts);
  drawVotes(facts);
}

function drawLine() {
  const what = queue.waiting.map(words).join(", ");
  const place = part("line");
  place.dataset.line = line.isExpired || !line.isThere ? "bad" : what || !facts ? "warn" : "good";
  write(part("line-words"), say(lineSentence(Boolean(what)), { what, time: hour(line.heardAt) }));
  show(part("sign-in"), line.isExpired);
}

/** @param {boolean} isWaiting */
function lineSentence(isWaiting) {
  const waiting = isWaiting ? "Waiting" : "";
  if (line.isExpired) return `line.expired${waiting}`;
  if (!line.isThere) return `line.${line.isBusy ? "busy" : "lost"}${waiting}`;
  if (isWaiting) return "line.sending";
  if (!facts) return "line.loading";
  return stream.silence > 6 ? "line.slow" : "line.ok";
}

/** @param {import("./seat_queue.js").Asked} asked */
function words({ kind, event }) {
  return say(`what.${kind}`, { choice: choiceWords(event.choice ?? ""), speech: speechWords(event.type ?? "") });
}

/** @param {import("./seat_queue.js").Asked} asked @param {any} problem */
function onRefused({ kind, event }, problem) {
  const why = sentenceOf(problem);
  const isTwice = kind === "vote_cast" && problem.facts?.rule === "un voto a testa";
  const what = say(`refused.${kind}`, { choice: choiceWords(event.choice ?? ""), speech: speechWords(event.type ?? "") });
  refuse(what, isTwice ? `${why} ${say("said.device")}` : why);
}

/** @param {string} what @param {string} why */
function refuse(what, why) {
  write(part("refused-what"), what);
  write(part("refused-why"), why);
  show(part("refused"), true);
}

/** @param {string} sentence */
function announce(sentence) {
  write(part("said"), sentence);
}

/* The page ------------------------------------------------------------------------------------- */

function storage() {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}

/** This tab's own name, so that two devices of one person are two. */
function device() {
  try {
    const known = sessionStorage.getItem("arengo.device") ?? newKey();
    sessionStorage.setItem("arengo.device", known);
    return known;
  } catch {
    return newKey();
  }
}

function bindTheme() {
  const button = /** @type {HTMLElement} */ (root.querySelector('[data-act="theme"]'));
  button.addEventListener("click", () => {
    const html = document.documentElement;
    const isDark = html.dataset.theme === "dark" || (html.dataset.theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
    html.dataset.theme = isDark ? "light" : "dark";
    remember("theme", html.dataset.theme);
  });
}

root.querySelector('[data-act="read"]')?.addEventListener("click", () => show(part("refused"), false, part("item-title")));
bindTheme();
line.start();
void stream.open();
setInterval(() => {
  floor.tick();
  drawLine();
}, 1000);
