// @ts-check
/** What lies over the stream: a lower third with item and speaker, a vote and its result. */

import { clock, say } from "../live/wording.js";
import { currentItem, freshVote, isIndividual, isSecret, speakerOf, totalsOf, turnClock } from "./board.js";
import { el } from "./element.js";
import { Feed } from "./feed.js";
import { signOf } from "./seats.js";

/** @typedef {import("./board.js").Board} Board */

const page = /** @type {HTMLElement} */ (document.getElementById("overlay"));
const band = /** @type {HTMLElement} */ (document.getElementById("band"));
const feed = new Feed({ events: page.dataset.events ?? "", record: page.dataset.record ?? "" }, show);
let shown = "";

function show() {
  const { board } = feed;
  const view = feed.view();
  page.dataset.view = view;
  const key = `${view} ${board?.seq ?? 0}`;
  if (key !== shown) {
    shown = key;
    const lines = LINES[view](/** @type {Board} */ (board)).filter((one) => one !== null);
    band.replaceChildren(...lines);
    band.hidden = lines.length === 0;
  }
  tick();
}

/** @type {Record<import("./board.js").View, (board: Board) => (HTMLElement|null)[]>} */
const LINES = {
  before: () => [],
  secret: () => [big(say("secret"))],
  suspended: () => [big(say("phase.suspended"))],
  ended: () => [big(say("phase.ended"))],
  roll: (board) => [big(say(board.roll_call ? `roll.${board.roll_call}` : "roll.done")), small(quorum(board))],
  item: (board) => [topic(board), speaker(board)],
  vote: (board) => [topic(board), ballot(board)],
  result,
};

/** @param {string} text */
function big(text) {
  return el("p", { class: "ov-big" }, text);
}

/** @param {string} text */
function small(text) {
  return text ? el("p", { class: "ov-small" }, text) : null;
}

/** @param {Board} board */
function quorum({ quorum: found, roll_call: purpose }) {
  if (!found || (purpose && !found.is_met)) return "";
  return say(found.is_met ? "quorum.met" : "quorum.missing", { counted: found.counted, needed: found.needed });
}

/** @param {Board} board */
function topic(board) {
  const item = currentItem(board);
  if (!item) return null;
  return el("p", { class: "ov-item" }, el("strong", {}, say("item.number", { number: item.number })), " ", item.title);
}

/** @param {Board} board */
function speaker(board) {
  const found = speakerOf(board, board.turn);
  if (!found || (!board.turn && !board.item)) return null;
  const about = board.turn ? [found.group || found.office, say(`speech.${board.turn.type}`)] : [found.office || say("chair")];
  return el("div", { class: "ov-speaker" },
    el("p", { class: "ov-big" }, found.name),
    el("p", { class: "ov-small" }, about.filter(Boolean).join(" · ")),
    board.turn && el("p", { class: "ov-clock", id: "clock" }));
}

/** @param {Board} board */
function ballot(board) {
  const { ballot: found } = board;
  if (!found) return null;
  const isCounted = isIndividual(found) && !isSecret(found);
  return el("div", { class: "ov-speaker" },
    el("p", { class: "ov-big ov-voting" }, say(found.stage === "open" ? "voteOpen" : "voteClosed")),
    el("p", { class: "ov-small" }, found.title),
    isCounted && el("p", { class: "ov-clock" }, say("voted", { count: found.voted.length, all: found.entitled.length })));
}

/** @param {Board} board */
function result(board) {
  const vote = freshVote(board, feed.clock.now());
  if (!vote) return [];
  const item = board.items.find((one) => one.id === vote.item);
  const totals = totalsOf(vote).map(({ choice, count, isName }) => el("span", { class: "ov-total" }, !isName && signOf(choice), `${isName ? choice : say(`choice.${choice}`)} `, el("strong", {}, count)));
  const sign = signOf({ approved: "favour", elected: "favour", rejected: "against" }[vote.result] ?? "abstained");
  return [
    el("p", { class: "ov-item" }, item && el("strong", {}, say("item.number", { number: item.number })), " ", vote.title),
    el("div", { class: "ov-speaker" },
      el("p", { class: "ov-big ov-result", "data-result": vote.result }, sign, say(`result.${vote.result}`)),
      vote.elected.length > 0 && el("p", { class: "ov-small" }, vote.elected.join(", ")),
      el("p", { class: "ov-totals" }, ...totals)),
  ];
}

function tick() {
  const place = document.getElementById("clock");
  const turn = feed.board?.turn;
  if (!place || !turn) return;
  const { elapsed, level } = turnClock(turn, feed.clock.now());
  const limit = turn.limit_s ? ` / ${clock(turn.limit_s)}` : "";
  place.dataset.level = level;
  if (place.textContent !== clock(elapsed) + limit) place.textContent = clock(elapsed) + limit;
}

feed.open();
show();
setInterval(show, 250);

/** For the tests of this page: what it knows, read only. */
Object.defineProperty(window, "arengo", { value: { feed } });
