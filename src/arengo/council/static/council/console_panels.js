// @ts-check
/** The console's panels, drawn from what the server said. */

import { say } from "../live/wording.js";
import { button, capital, STATUS_KEYS, VOTE_KEYS } from "./console_acts.js";
import { el } from "./element.js";

/** @typedef {import("./console_acts.js").Acts} Acts */

/** @param {string|null} at */
export const clockOf = (at) => (at ? new Date(at).toLocaleTimeString("it-IT", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Rome" }) : "");

// --- the agenda -------------------------------------------------------------------------

/** @param {any} now @param {Acts} acts */
export function drawItems(now, acts) {
  if (!now.items.length) return [el("li", { class: "rg-none" }, say("agenda.empty"))];
  return now.items.map((/** @type {any} */ item) => {
    const isCurrent = item.id === now.item;
    const state = isCurrent ? say(`stage.${item.stage || "presentation"}`) : item.result ? say(`item.${item.result}`) : "";
    const flags = [item.is_secret && say("flag.secret"), item.is_sensitive && say("flag.sensitive"), item.is_secret_ballot && say("flag.secretBallot"), item.wants_immediate && say("flag.immediate")].filter(Boolean).join(" · ");
    return el("li", { "data-state": isCurrent ? "now" : item.left_at ? "done" : "waiting", "aria-current": isCurrent ? "step" : null },
      el("p", { class: "cs-item" }, el("span", { class: "cs-item__number" }, item.number), " ", item.title),
      el("p", { class: "cs-item__more" }, [state, item.called_at && clockOf(item.called_at), flags].filter(Boolean).join(" · ")),
      isCurrent || item.left_at || now.item || now.phase !== "open" ? null : el("button", { class: "rg-button rg-button--small", type: "button", "data-act": `item:${item.id}`, "data-focus": `item:${item.id}` }, say("agenda.call"), el("span", { class: "visually-hidden" }, ` ${say("agenda.callWhich", { number: item.number })}`)),
      isCurrent ? amendments(item, acts) : null);
  });
}

/** @param {any} item @param {Acts} acts */
function amendments(item, acts) {
  const rows = item.amendments.map((/** @type {any} */ one) => el("li", {},
    `${one.title}: ${say(`fate.${one.fate}`)}`,
    one.opinions_missing.length && one.fate === "pending" ? ` · ${say("opinion.missing", { which: opinions(one.opinions_missing) })}` : "",
    one.fate === "pending" ? el("button", { class: "rg-button rg-button--small", type: "button", "data-act": `withdraw:${one.id}` }, say("do.withdraw"), el("span", { class: "visually-hidden" }, ` ${one.title}`)) : null));
  if (!item.opinions_missing.length && !rows.length) return null;
  return el("ul", { class: "cs-amendments" },
    ...(item.opinions_missing.length ? [el("li", { class: "cs-warn" }, say("opinion.missingLaw", { which: opinions(item.opinions_missing) }), button("opinion", say("do.opinion"), "y"))] : []), ...rows);
}

/** "tecnico e contabile" in the page's language. @param {string[]} types */
const opinions = (types) => new Intl.ListFormat(document.documentElement.lang || "it", { type: "conjunction" }).format(types.map((one) => say(`opinion.${one}`)));

// --- what is being done now -------------------------------------------------------------

/** @param {any} now @param {Acts} acts */
export function drawAct(now, acts) {
  if (now.phase === "ended") return [big(say("now.ended", { time: clockOf(now.ended_at), why: say(`ended.${now.ended}`) })), row(button("note", say("do.note"), "b"))];
  if (now.roll_call) return rollCall(now, acts);
  if (now.ballot) return ballot(now, acts);
  if (now.phase === "prepared") return beforeOpening(now);
  if (now.phase === "suspended") return [big(say(now.suspended_for ? "now.suspendedFor" : "now.suspended", { time: clockOf(now.suspended_at), why: now.suspended_for })), row(button("roll", say("do.roll"), "a"), button("suspend", say("do.resume"), "s", true, "rg-button--go"), button("end", say("do.end"), "z"))];
  const last = now.votes.at(-1);
  const item = acts.current();
  return [
    item ? big(`${item.number}. ${item.title}`) : big(now.items.some((/** @type {any} */ one) => !one.left_at) ? say("now.callNext") : say("now.noMore")),
    item && last && last.item === item.id ? el("p", { class: "cs-outcome", "data-result": last.result }, el("strong", {}, say(`result.${last.result}`)), " ", el("span", { lang: "it" }, `${last.formula} (${last.article})`)) : null,
    row(
      button("call", say("do.call"), "i", !item, "rg-button--go"), button("vote", voteWords(acts), "v", true, item ? "rg-button--go" : ""),
      button("door", say("do.door"), "e"), button("conflict", say("do.conflict"), "j", Boolean(item)), button("opinion", say("do.opinion"), "y", Boolean(item)),
      button("roll", say("do.verify"), "a"), button("scrutineers", say("do.scrutineers"), "q"), button("preside", say("do.preside"), "k"),
      button("suspend", say("do.suspend"), "s"), button("note", say("do.note"), "b"), button("end", say("do.end"), "z", !item)),
  ];
}

/** @param {Acts} acts */
function voteWords(acts) {
  const subject = acts.usualSubject();
  return say(`do.vote.${["amendment", "immediate", "procedural", "as_amended"].includes(subject) ? subject : "proposal"}`);
}

/** @param {any} now */
function beforeOpening(now) {
  const isRolled = now.members.some((/** @type {any} */ one) => one.status !== "absent");
  return [
    big(say(isRolled ? (now.quorum.is_met ? "now.canOpen" : "now.noQuorum") : "now.rollFirst")),
    el("p", { lang: "it" }, now.quorum.formula),
    row(button("roll", say(isRolled ? "do.rollAgain" : "do.roll"), "a", true, isRolled ? "" : "rg-button--go"), button("open", say("do.open"), "o", now.quorum.is_met, "rg-button--go"), button("door", say("do.door"), "e"), button("end", say("do.deserted"), "z", isRolled && !now.quorum.is_met)),
  ];
}

/** @param {any} now @param {Acts} acts */
function rollCall(now, acts) {
  const names = acts.rollNames();
  const current = acts.rollAt();
  const hint = current && now.announced[current.id];
  return [
    el("p", { class: "cs-roll", role: "status" }, el("small", {}, say("roll.at", { count: Math.min(acts.at + 1, names.length), all: names.length })), el("strong", {}, current ? current.name : say("roll.allCalled")), el("span", {}, current ? [current.office, current.group].filter(Boolean).join(" · ") : "")),
    hint ? el("p", { class: "cs-warn" }, say("roll.announced", { status: say(`status.${hint}`) })) : null,
    row(...(current ? Object.entries(STATUS_KEYS).filter(([key]) => key !== "r" || now.mode !== "in_person").map(([key, status]) => button(`status:${status}`, capital(say(`status.${status}`)), key, true, status === "present" ? "rg-button--go" : "")) : []),
      button("roll:back", say("do.rollBack"), "←", acts.at > 0), button("roll", say("do.rollEnd"), "a", true, current ? "" : "rg-button--go")),
  ];
}

/** @param {any} now @param {Acts} acts */
function ballot(now, acts) {
  const one = now.ballot;
  const need = one.needed ? say("vote.needed", { needed: one.needed }) : "";
  const head = [
    el("p", { class: "cs-roll" }, el("small", {}, one.stage === "open" ? say("vote.method", { method: say(`method.${one.method}`) }) : say("vote.proclaim")), el("strong", {}, one.title)),
    el("p", {}, el("span", { lang: "it" }, one.majority), need ? `. ${need}` : "", " ", el("small", { lang: "it" }, `(${one.article})`)),
  ];
  if (one.stage === "closed") return [...head, tallies(now), row(button("proclaim", say("do.proclaim"), "p", true, "rg-button--go"), button("void", say("do.void"), ""))];
  return [...head, ...unrecognised(now, acts), ...({ roll_call: () => calling(now, acts), electronic: () => electronic(now, acts), hands: () => counting(say("do.hands"), one), secret_papers: () => counting(say("do.papers"), one), secret_electronic: () => box(now) }[/** @type {"hands"} */ (one.method)]()), row(button("void", say("do.void"), ""))];
}

/** Remote members to be recognised before they vote. @param {any} now @param {Acts} acts */
function unrecognised(now, acts) {
  const waiting = now.ballot.entitled.map((/** @type {string} */ id) => acts.member(id)).filter((/** @type {any} */ one) => one?.status === "remote" && !now.ballot.checked.includes(one.id));
  if (!waiting.length) return [];
  return [el("div", { class: "cs-warn" }, el("p", {}, say("vote.unrecognised")), row(...waiting.map((/** @type {any} */ one) => el("button", { class: "rg-button rg-button--small", type: "button", "data-act": `recognise:${one.id}`, "data-focus": `recognise:${one.id}` }, say("do.recognise", { name: one.name })))))];
}

/** @param {string} words @param {any} one */
function counting(words, one) {
  return [el("p", {}, say("vote.entitled", { count: one.entitled.length })), row(button("hands", words, "h", true, "rg-button--go"))];
}

/** @param {any} now @param {Acts} acts */
function calling(now, acts) {
  const voter = acts.nextVoter();
  return [
    el("p", { class: "cs-roll", role: "status" }, el("small", {}, say("count.of", { count: Object.keys(now.cast).length, all: now.ballot.entitled.length })), el("strong", {}, voter ? voter.name : say("vote.allAnswered"))),
    tallies(now),
    row(...(voter ? Object.entries(VOTE_KEYS).map(([key, choice]) => button(`cast:${choice}`, capital(say(`cast.${choice}`)), key)) : []), button("close", say("do.close"), voter ? "" : "c", !voter, "rg-button--go")),
  ];
}

/** @param {any} now @param {Acts} acts */
function electronic(now, acts) {
  const missing = now.ballot.entitled.filter((/** @type {string} */ id) => !(id in now.cast)).map((/** @type {string} */ id) => acts.member(id)).filter((/** @type {any} */ one) => one?.is_here);
  return [
    el("p", { role: "status" }, say("voted", { count: Object.keys(now.cast).length, all: now.ballot.entitled.length })),
    missing.length ? el("p", { class: "cs-missing" }, el("strong", {}, `${say("vote.missing")} `), missing.map((/** @type {any} */ one) => `${one.surname || one.name}${now.connected.includes(one.id) ? "" : ` ${say("vote.notConnected")}`}`).join(", ")) : null,
    row(button("close", say("do.close"), "c", true, "rg-button--go")),
  ];
}

/** @param {any} now */
function box(now) {
  const isLost = now.papers === null;
  return [
    el("p", { role: "status", class: isLost ? "cs-warn" : "" }, isLost ? say("box.lost") : say("box.papers", { count: now.papers, all: now.ballot.entitled.length })),
    row(button("close", say("do.closeCount"), "c", !isLost, "rg-button--go")),
  ];
}

/** @param {any} now */
function tallies(now) {
  const counts = /** @type {Record<string, number>} */ ({});
  for (const choice of Object.values(now.cast)) counts[/** @type {string} */ (choice)] = (counts[/** @type {string} */ (choice)] ?? 0) + 1;
  const words = ["favour", "against", "abstained", "not_voting"].filter((one) => counts[one]).map((one) => `${counts[one]} ${say(`choice.${one}`)}`);
  return words.length ? el("p", { class: "cs-tally" }, words.join(" · ")) : el("p", { class: "cs-tally" }, now.ballot.method.startsWith("secret") ? say("vote.counted") : "");
}

// --- the floor --------------------------------------------------------------------------

/** @param {any} now @param {Acts} acts */
export function drawFloor(now, acts) {
  const turn = now.turn;
  const who = turn ? (turn.member ? acts.member(turn.member) : { name: turn.name, group: "" }) : null;
  return [
    who ? el("p", { class: "cs-speaker" }, el("strong", {}, who.name), " ", el("span", {}, [who.group, say(`speech.${turn.type}`)].filter(Boolean).join(" · ")), " ", el("span", { class: "cs-clock", "data-part": "clock" }), " ", el("span", { class: "cs-clock-words", "data-part": "clock-words", role: "status" })) : el("p", { class: "cs-speaker" }, say("chairSpeaks")),
    heard(acts),
    el("ol", { class: "cs-queue" }, ...now.requests.map((/** @type {any} */ one, /** @type {number} */ at) => el("li", {}, el("button", { class: "rg-button rg-button--small", type: "button", "data-act": `request:${at}`, "data-focus": `request:${one.member}` }, `${acts.member(one.member)?.name ?? one.member}`, el("kbd", { "aria-hidden": "true" }, at + 1)), ` ${say(`speech.${one.type}`)} · ${say("queue.since", { time: clockOf(one.since) })}`))),
    now.requests.length ? null : el("p", { class: "rg-none" }, say("queue.empty")),
    row(button("floor", say("do.floor"), "d"), button("chair", say("do.chair"), "t", Boolean(turn)), button("verbatim", say("do.verbatim"), "w")),
  ];
}

/** Whom microphones or words name, where it is not who has the floor. @param {Acts} acts */
function heard(acts) {
  const hint = acts.hint();
  if (!hint) return null;
  return el("div", { class: "cs-hint" }, el("p", { role: "status" }, say(`hint.${hint.source}`, { name: hint.member.name })),
    button("heard", say(hint.isChair ? "do.chair" : "do.heard"), "n"));
}

// --- who is here ------------------------------------------------------------------------

/** @param {any} now @param {Acts} acts */
export function drawPeople(now, acts) {
  const groups = new Map();
  for (const one of now.members) groups.set(one.group, [...(groups.get(one.group) ?? []), one]);
  return [...groups.entries()].map(([group, people]) => el("div", { class: "cs-group" },
    el("h3", {}, group || say("people.noGroup"), el("small", {}, ` ${say("count.of", { count: people.filter((/** @type {any} */ one) => one.is_here).length, all: people.length })}`)),
    el("ul", { class: "cs-seats" }, ...people.map((/** @type {any} */ one) => seat(one, now, acts)))));
}

/** @param {any} one @param {any} now @param {Acts} acts */
function seat(one, now, acts) {
  const isSpeaking = now.turn?.member === one.id;
  const status = one.is_lost ? "lost" : one.status;
  const marks = [one.id === now.chair && say("mark.chair"), one.conflict && say("mark.conflict"), isSpeaking && say("mark.speaking"), !one.votes && say("mark.noVote"), now.connected.includes(one.id) && say("mark.device")].filter(Boolean).join(", ");
  const isRolling = acts.rollAt()?.id === one.id && now.roll_call;
  return el("li", { "data-status": status, "data-here": String(one.is_here), "aria-current": isRolling ? "true" : null },
    el("button", { type: "button", "data-act": `door:${one.id}`, "data-focus": `door:${one.id}`, title: say(one.is_here ? "do.exit" : "do.entry") },
      el("span", { class: "cs-seat__name" }, one.surname || one.name), el("span", { class: "cs-seat__state" }, [say(`status.${status}`), marks].filter(Boolean).join(" · "))));
}

// --- the log ----------------------------------------------------------------------------

/** @param {any} now */
export function drawLog(now) {
  return [...now.log].reverse().map((/** @type {any} */ one) => el("li", { "data-undone": String(one.is_undone) },
    el("time", { datetime: one.at }, new Date(one.at).toLocaleTimeString("it-IT", { timeZone: "Europe/Rome" })), el("span", {}, el(one.is_undone ? "s" : "span", { lang: "it" }, one.text), one.is_undone ? ` ${say("log.undone")}` : "")));
}

// --- small ------------------------------------------------------------------------------

/** @param {string} words */
const big = (words) => el("p", { class: "cs-big" }, words);
/** @param {...(HTMLElement|null)} buttons */
const row = (...buttons) => el("p", { class: "cs-acts" }, ...buttons);
