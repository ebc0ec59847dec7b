// @ts-check
/** The item under treatment with its papers, presence and quorum, and the results with their names. */

import { say } from "../live/wording.js";
import { el } from "./element.js";
import { choiceWords, part, redraw, show, write } from "./seat_parts.js";
import { choiceIn, itemOf, memberOf, nameOf } from "./seat_view.js";

const SHOWN_VOTES = 20;

/** @param {any} facts */
export function drawItem(facts) {
  const item = itemOf(facts, facts.item);
  write(part("item-number"), item ? [say("item.number", { number: item.number }), item.stage && say(`stage.${item.stage}`)].filter(Boolean).join(" · ") : phaseWords(facts));
  write(part("item-title"), item ? item.title : say("item.none"));
  write(part("item-more"), item ? [item.proposer && say("item.proposer", { name: item.proposer }), item.rapporteur && say("item.rapporteur", { name: item.rapporteur })].filter(Boolean).join(" · ") : "");
  const documents = facts.documents ?? item?.documents.map((/** @type {any} */ one) => ({ ...one, is_public: true })) ?? [];
  redraw(part("documents"), documents, () => (documents.length ? documents.map(documentLine) : [el("li", { class: "rg-none" }, say("item.noDocuments"))]));
  const amendments = item?.amendments ?? [];
  show(part("amendments-block"), amendments.length > 0);
  redraw(part("amendments"), amendments, () => amendments.map(amendmentLine));
  const agenda = (facts.items ?? []).map((/** @type {any} */ one) => [one.number, one.title, one.id === facts.item, one.result]);
  redraw(part("agenda"), agenda, () => agenda.map(agendaLine));
}

/** @param {any} facts */
function phaseWords(facts) {
  if (facts.phase === "suspended") return say("suspended", { reason: facts.suspended_for });
  const ended = facts.phase === "ended" && facts.ended ? `: ${say(`ended.${facts.ended}`)}` : "";
  return say(`phase.${facts.phase}`) + ended;
}

/** @param {{title: string, url: string, is_public: boolean}} one */
function documentLine({ title, url, is_public: isPublic }) {
  return el("li", {}, el("a", { href: url, target: "_blank", rel: "noopener", "data-focus": url }, title), isPublic ? null : el("span", { class: "st-tag" }, say("item.reserved")));
}

/** @param {any} one */
function amendmentLine(one) {
  const more = [say(`what.effect.${one.effect}`), one.proposer && say("what.proposer", { name: one.proposer })].filter(Boolean).join(" · ");
  return el("li", {}, el("strong", {}, one.title), " ", el("span", { class: "st-tag" }, say(`fate.${one.fate}`)), el("p", { class: "rg-none" }, more), one.text ? el("p", { class: "st-text" }, one.text) : null);
}

/** @param {[string, string, boolean, string]} line */
function agendaLine([number, title, isNow, result]) {
  const state = isNow ? say("item.now") : result ? say(`item.${result}`) : "";
  return el("li", { "aria-current": isNow ? "true" : null }, el("span", {}, `${number}. ${title}`), state ? el("span", { class: "st-tag" }, state) : null);
}

/** @param {any} facts */
export function drawPresence(facts) {
  const me = memberOf(facts, facts.me);
  write(part("office"), me ? [me.office, me.group].filter(Boolean).join(", ") : "");
  const status = me?.is_lost ? "lost" : me?.status;
  const place = part("here");
  place.dataset.level = !me ? "plain" : facts.is_here && !me.is_lost ? "good" : "warn";
  write(place, me ? say(`here.${status}`) : facts.phase === "absent" ? say("phase.absent") : say("here.notMember"));
  const { quorum } = facts;
  write(part("quorum"), quorum ? say(quorum.is_met ? "quorum.met" : "quorum.missing", quorum) : "");
  part("quorum").dataset.level = !quorum || quorum.is_met ? "good" : "bad";
  write(part("quorum-why"), quorum ? `${quorum.formula} ${quorum.article}` : "");
  const secret = part("secret");
  show(secret, Boolean(facts.secret_since));
  write(secret, facts.secret_since ? say(facts.is_inside ? "here.secretIn" : "here.secretOut") : "");
}

/** @param {any} facts */
export function drawVotes(facts) {
  const votes = [...(facts.votes ?? [])].reverse().slice(0, SHOWN_VOTES);
  redraw(part("votes"), [facts.me, votes], () => (votes.length ? votes.map((one, at) => voteLine(facts, one, at === 0)) : [el("p", { class: "rg-none" }, say("votes.none"))]));
}

/** @param {any} facts @param {any} vote @param {boolean} isLast */
function voteLine(facts, vote, isLast) {
  const item = itemOf(facts, vote.item);
  const about = item ? `${say("item.number", { number: item.number })} · ${vote.title}` : vote.title;
  const choice = choiceIn(vote, facts.me);
  return el("details", { class: "st-result", open: isLast, "data-result": vote.result },
    el("summary", { "data-focus": vote.id }, el("span", { class: "st-result__what" }, about), el("strong", {}, say(`result.${vote.result}`))),
    el("p", { class: "st-totals" }, totals(vote)),
    choice ? el("p", {}, say("result.yours", { choice: choiceWords(choice) })) : null,
    vote.elected.length ? el("p", {}, say("result.elected", { names: vote.elected.join(", ") })) : null,
    el("p", { class: "rg-none" }, `${vote.formula} ${vote.article}`),
    ...names(facts, vote));
}

/** @param {any} vote */
function totals(vote) {
  return Object.entries(vote.totals).map(([choice, count]) => {
    const label = say(`choice.${choice}`);
    return say("result.count", { label: label === `choice.${choice}` ? choice : label, count: Number(count) });
  }).join(", ");
}

/** @param {any} facts @param {any} vote */
function names(facts, vote) {
  if (vote.method.startsWith("secret")) return [el("p", { class: "rg-none" }, say("result.secret"))];
  const rows = Object.entries(vote.names).filter(([, members]) => members.length);
  return [el("dl", { class: "st-names" }, ...rows.flatMap(([choice, members]) => [el("dt", {}, say(`choice.${choice}`)), el("dd", {}, members.map((/** @type {string} */ id) => nameOf(facts, id)).join(", "))]))];
}
