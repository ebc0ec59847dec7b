// @ts-check
/** The hall's screen: one thing at a time, read from twelve metres, true without a reload. */

import { rollingRows } from "../live/rolling.js";
import { clock, say } from "../live/wording.js";
import { CHOICES, choicesOf, currentItem, freshVote, groupsOf, isIndividual, isSecret, shortNames, speakerOf, standing, totalsOf, turnClock } from "./board.js";
import { el } from "./element.js";
import { Feed } from "./feed.js";
import { drawSeats, signOf } from "./seats.js";

/** @typedef {import("./board.js").Board} Board */
/** @typedef {import("./board.js").Member} Member */

const page = /** @type {HTMLElement} */ (document.getElementById("tabellone"));
const stage = part("stage");
const words = part("words");
const KEPT = 4; // captions in the band; what does not fit is cut at the top
const REQUESTS = 3;

const feed = new Feed({ events: page.dataset.events ?? "", record: page.dataset.record ?? "" }, (news) => (news === "words" ? roll() : show()));
/** What is on the stage now, so that it is drawn again only when something changed. */
let shown = "";

/** @param {string} id */
function part(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

function show() {
  const { board } = feed;
  const view = currentView();
  const key = `${view} ${board?.seq ?? 0} ${feed.phase} ${feed.isLoaded}`;
  page.dataset.view = view;
  if (key !== shown) {
    shown = key;
    stage.replaceChildren(...VIEWS[view](board));
    fit();
    roll();
  }
  tellQuorum(view);
  tick();
}

/** @returns {import("./board.js").View|"loading"} */
function currentView() {
  const view = feed.view();
  if (view !== "before") return view;
  if (feed.phase === "closed") return "ended";
  return feed.isLoaded || feed.phase ? "before" : "loading";
}

/** @type {Record<string, (board: any) => Node[]>} */
const VIEWS = { loading: () => [large(say("trouble.loading"))], before, roll: rollCall, item, vote, result, suspended, secret: () => [large(say("secret"))], ended };

// --- views ------------------------------------------------------------------------------

/** @param {string} text @param {...(Node|null|false)} more */
function large(text, ...more) {
  return el("div", { class: "tb-alone" }, el("p", { class: "tb-alone__words" }, text), ...more);
}

function before() {
  const isOn = ["live", "waiting", "lost"].includes(feed.phase ?? "");
  const starts = page.dataset.starts ?? "";
  return [large(say(isOn ? "phase.open" : "phase.absent"), el("p", { class: "tb-alone__more" }, page.dataset.title ?? ""), !isOn && el("p", { class: "tb-alone__more" }, say("before.starts", { time: starts })))];
}

/** @param {Board} board */
function suspended(board) {
  const reason = board.suspended_for && el("p", { class: "tb-alone__more" }, say("suspended.for", { reason: board.suspended_for }));
  return [large(say("phase.suspended"), reason || null, el("p", { class: "tb-alone__more" }, say("suspended.wait")))];
}

/** @param {Board|null} board */
function ended(board) {
  const done = board?.items.filter((one) => one.result).length ?? 0;
  const points = board?.items.length ? el("p", { class: "tb-alone__more" }, say("ended.points", { done, all: board.items.length })) : null;
  const why = board?.ended && board.ended !== "completed" ? el("p", { class: "tb-alone__more" }, say(`ended.${board.ended}`)) : null;
  return [large(say("phase.ended"), why, points)];
}

/** @param {Board} board */
function rollCall(board) {
  const voters = board.members.filter((one) => one.votes);
  const isGoingOn = board.roll_call !== "";
  const isOpening = board.roll_call === "opening";
  const answered = isGoingOn && board.rolled ? voters.filter((one) => board.rolled?.includes(one.id)) : voters.filter((one) => one.is_here);
  const what = isGoingOn && (board.rolled || isOpening) ? "roll.answered" : "roll.present";
  return [
    el("div", { class: "tb-main tb-main--roll" },
      el("h2", { class: "tb-head" }, say(isGoingOn ? `roll.${board.roll_call}` : "roll.done")),
      el("p", { class: "tb-count" }, say(what, { count: answered.length, all: voters.length })),
      isGoingOn && !board.quorum?.is_met ? el("p", { class: "tb-rule" }, say("quorum.waiting", { needed: board.quorum?.needed ?? 0 })) : quorumWords(board),
      !isGoingOn && el("p", { class: "tb-rule" }, board.quorum?.formula ?? "")),
    chamber(board, (member) => (isOpening && !member.is_here && member.status === "absent" ? "awaited" : standing(member))),
  ];
}

/** @param {Board} board */
function quorumWords({ quorum }) {
  if (!quorum) return null;
  return el("p", { class: "tb-quorum", "data-level": quorum.is_met ? "good" : "missing" }, signOf(quorum.is_met ? "favour" : "against"), say(quorum.is_met ? "quorum.met" : "quorum.missing", { counted: quorum.counted, needed: quorum.needed }));
}

/** @param {Board} board */
function item(board) {
  const found = currentItem(board);
  const speaker = speakerOf(board, board.turn);
  const isGuest = board.turn && !board.turn.member;
  return [
    el("div", { class: "tb-main" },
      heading(board, found?.stage ? say(`stage.${found.stage}`) : ""),
      el("div", { class: "tb-speaker" },
        el("p", { class: "tb-kind" }, board.turn ? say(`speech.${board.turn.type}`) : say("chairSpeaks")),
        speaker && el("p", { class: "tb-name" }, speaker.name),
        speaker && !isGuest && el("p", { class: "tb-group" }, board.turn && speaker.group ? speaker.group : speaker.office),
        board.turn && el("p", { class: "tb-clock", id: "clock", role: "timer" }, el("span", { class: "tb-clock__time" }), el("span", { class: "tb-clock__words" }))),
      requests(board)),
    chamber(board, standing),
  ];
}

/** @param {Board} board @param {string} stageWords */
function heading(board, stageWords) {
  const found = currentItem(board);
  const number = found ? say("item.number", { number: found.number }) : "";
  return el("div", { class: "tb-item" },
    el("p", { class: "tb-number" }, [number, stageWords].filter(Boolean).join(" · ")),
    el("h2", { class: "tb-title" }, found?.title ?? say("item.none")));
}

/** @param {Board} board */
function requests(board) {
  if (!board.requests.length) return null;
  const names = shortNames(board);
  const room = board.requests.length === REQUESTS + 1 ? REQUESTS + 1 : REQUESTS;
  const listed = board.requests.slice(0, room).map((one) => names.get(one.member) ?? "");
  const more = board.requests.length - listed.length;
  if (more > 0) listed.push(say("requests.more", { count: more }));
  return el("p", { class: "tb-requests" }, el("strong", {}, `${say("requests.next")}: `), listed.join(", "));
}

/** @param {Board} board */
function vote(board) {
  const ballot = /** @type {import("./board.js").Ballot} */ (board.ballot);
  const isOpen = ballot.stage === "open";
  return [
    el("div", { class: "tb-main" },
      heading(board, ""),
      el("div", { class: "tb-vote" },
        el("p", { class: "tb-kind" }, say(isOpen ? "voteOpen" : "voteClosed")),
        el("p", { class: "tb-ballot" }, ballot.title),
        el("p", { class: "tb-rule" }, say("vote.method", { method: say(`method.${ballot.method}`) })),
        el("p", { class: "tb-rule" }, majorityWords(ballot)),
        progress(ballot))),
    chamber(board, votingSeat(ballot)),
  ];
}

/** @param {import("./board.js").Ballot} ballot */
function majorityWords({ majority, needed }) {
  const name = `${majority[0]?.toUpperCase() ?? ""}${majority.slice(1)}`;
  return needed ? say("vote.needed", { majority: name.split(":")[0], needed }) : name;
}

/** @param {import("./board.js").Ballot} ballot */
function progress(ballot) {
  if (isSecret(ballot)) return el("p", { class: "tb-rule" }, say("vote.secretOpen"));
  if (!isIndividual(ballot)) return ballot.stage === "open" ? el("p", { class: "tb-rule" }, say("vote.counting")) : null;
  const all = ballot.entitled.length;
  const bar = el("progress", { class: "tb-bar", max: all, value: ballot.voted.length, "aria-hidden": "true" });
  return el("div", {}, el("p", { class: "tb-count" }, say("voted", { count: ballot.voted.length, all })), bar);
}

/** Who has voted, never how. @param {import("./board.js").Ballot} ballot @returns {(member: Member) => string} */
function votingSeat(ballot) {
  const voted = new Set(ballot.voted);
  const entitled = new Set(ballot.entitled);
  return (member) => {
    if (voted.has(member.id)) return "voted";
    return entitled.has(member.id) ? (isIndividual(ballot) ? "waiting" : "present") : "absent";
  };
}

/** @param {Board} board */
function result(board) {
  const found = /** @type {import("./board.js").Vote} */ (freshVote(board, feed.clock.now()));
  const about = board.items.find((one) => one.id === found.item);
  const title = about ? `${say("item.number", { number: about.number })} · ${about.title}` : found.title;
  const sign = signOf({ approved: "favour", elected: "favour", rejected: "against" }[found.result] ?? "abstained");
  return [
    el("div", { class: "tb-result", "data-result": found.result, "data-fit": "names" },
      el("div", { class: "tb-outcome" },
        el("p", { class: "tb-number" }, title),
        about && el("p", { class: "tb-ballot" }, found.title),
        el("h2", { class: "tb-huge" }, sign, say(`result.${found.result}`)),
        found.elected.length > 0 && el("p", { class: "tb-elected" }, found.elected.join(", ")),
        totals(found)),
      ...(isSecret(found) ? [el("p", { class: "tb-rule tb-wholist" }, say("result.secret"))] : whoVoted(board, found))),
  ];
}

/** @param {import("./board.js").Vote} found */
function totals(found) {
  const rows = totalsOf(found).map(({ choice, count, isName }) => el("div", { class: "tb-total", "data-state": choice },
    el("dt", {}, !isName && signOf(choice), isName ? choice : say(`choice.${choice}`)), el("dd", {}, count)));
  return el("dl", { class: "tb-totals" }, ...rows);
}

/** Who voted what, in the seats and by name. @param {Board} board @param {import("./board.js").Vote} found */
function whoVoted(board, found) {
  const names = shortNames(board);
  const lists = CHOICES.filter((choice) => found.names[choice]?.length).map((choice) => {
    const listed = found.names[choice].map((member) => names.get(member) ?? "").sort((one, two) => one.localeCompare(two, "it"));
    return el("p", { class: "tb-who" }, signOf(choice), el("strong", {}, `${say(`choice.${choice}`)}: `), listed.join(", "));
  });
  const choices = choicesOf(found);
  const seats = drawSeats(seatList(board, (member) => choices.get(member.id) ?? "absent"), say("seats.result"));
  return [el("div", { class: "tb-whoseats" }, seats), el("div", { class: "tb-wholist" }, ...lists)];
}

// --- the seats ----------------------------------------------------------------------------

/** @param {Board} board @param {(member: Member) => string} stateOf */
function seatList(board, stateOf) {
  return groupsOf(board).flatMap((group) => group.members).filter((one) => one.votes)
    .map((one) => ({ id: one.id, state: stateOf(one), isSpeaking: board.turn?.member === one.id }));
}

/** Seats, and under them who sits where by group. @param {Board} board @param {(member: Member) => string} stateOf */
function chamber(board, stateOf) {
  const voters = board.members.filter((one) => one.votes);
  const label = board.ballot && isIndividual(board.ballot)
    ? say("seats.voted", { count: board.ballot.voted.length, all: board.ballot.entitled.length })
    : say("seats.label", { here: voters.filter((one) => one.is_here).length, all: voters.length });
  return el("div", { class: "tb-seats", "data-fit": "names" },
    drawSeats(seatList(board, stateOf), label),
    el("div", { class: "tb-groups" }, ...groupsOf(board).map((group) => groupBlock(board, group, stateOf))));
}

/** @param {Board} board @param {{name: string, side: string, members: Member[], here: number}} group @param {(member: Member) => string} stateOf */
function groupBlock(board, group, stateOf) {
  const names = shortNames(board);
  const title = group.name || say(group.side === "none" ? "group.noVote" : "group.none");
  const rows = group.members.map((one) => {
    const state = stateOf(one);
    const isSpeaking = board.turn?.member === one.id;
    const said = isSpeaking ? say("standing.speaking") : wordsOf(state);
    return el("li", { "data-state": state, "data-speaking": String(isSpeaking) }, signOf(state), el("span", {}, names.get(one.id)), el("span", { class: "visually-hidden" }, `, ${said}`));
  });
  return el("div", { class: "tb-groupblock" },
    el("h3", {}, title, " ", el("span", {}, say("group.here", { here: group.here, all: group.members.length }))), el("ul", {}, ...rows));
}

/** @param {string} state */
function wordsOf(state) {
  if (state === "voted") return say("standing.voted");
  return state === "waiting" || state === "awaited" ? say("standing.waiting") : say(`status.${state}`);
}

/** Names only where all of them can be read: smaller text is no text at twelve metres. */
function fit() {
  const main = /** @type {HTMLElement|null} */ (stage.querySelector(".tb-main"));
  if (main) main.dataset.tight = "false";
  if (main && getComputedStyle(stage).overflow === "hidden" && main.scrollHeight > main.clientHeight + 1) main.dataset.tight = "true";
  const place = /** @type {HTMLElement|null} */ (stage.querySelector("[data-fit]"));
  if (!place) return;
  place.dataset.fit = "names";
  if (getComputedStyle(stage).overflow === "hidden" && place.scrollHeight > place.clientHeight + 1) place.dataset.fit = "seats";
}

// --- what goes on by itself -----------------------------------------------------------------

/** @param {string} view */
function tellQuorum(view) {
  const line = part("quorum");
  const { board } = feed;
  const isShown = board?.quorum && ["item", "vote", "result", "suspended"].includes(view);
  const content = isShown ? quorumWords(board) : null;
  if ((content?.textContent ?? "") !== line.textContent) line.replaceChildren(...(content ? content.childNodes : []));
  line.dataset.level = board?.quorum?.is_met === false ? "missing" : "good";
}

function tick() {
  const now = feed.clock.now();
  const hour = new Intl.DateTimeFormat("it", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Rome" }).format(now);
  put(part("hour"), hour);
  put(part("state"), feed.trouble ? say(`trouble.${feed.trouble}`) : "");
  const turn = feed.board?.turn;
  const place = document.getElementById("clock");
  if (turn && place) tellClock(place, turn, now);
}

/** @param {HTMLElement} place @param {import("./board.js").Turn} turn @param {number} now */
function tellClock(place, turn, now) {
  const { elapsed, left, level } = turnClock(turn, now);
  const [time, said] = /** @type {[HTMLElement, HTMLElement]} */ ([...place.children]);
  place.dataset.level = level;
  put(time, clock(elapsed));
  const limit = say("speech.limit", { time: clock(turn.limit_s) });
  put(said, { free: say("speech.free"), good: limit, warn: say("speech.warn", { time: clock(left) }), over: say("speech.over", { time: clock(-left) }) }[level]);
}

/** @param {HTMLElement} place @param {string} text */
function put(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

function roll() {
  const isSilent = feed.isSecret || page.dataset.view === "secret" || page.dataset.view === "ended";
  words.replaceChildren(...(isSilent ? [] : rollingRows(feed.list, feed.partial, KEPT)));
}

// --- the screen itself ----------------------------------------------------------------------

let hideAt = 0;

/** The buttons come with the mouse or the keyboard and go by themselves. */
function point() {
  page.dataset.pointing = "true";
  clearTimeout(hideAt);
  hideAt = window.setTimeout(() => { page.dataset.pointing = "false"; }, 4000);
}

/** A screen in a hall must not go dark in the middle of a sitting. */
async function keepAwake() {
  await navigator.wakeLock?.request("screen").catch(() => null);
}

part("full").addEventListener("click", () => {
  if (document.fullscreenElement) void document.exitFullscreen();
  else void page.requestFullscreen();
});
addEventListener("pointermove", point);
addEventListener("resize", fit);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && keepAwake());
void document.fonts?.ready.then(fit);
point();
void keepAwake();
feed.open();
show();
setInterval(show, 250);

/** For the tests of this page: what it knows, read only. */
Object.defineProperty(window, "arengo", { value: { feed } });
