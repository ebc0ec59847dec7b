// @ts-check
/** The console's panels, drawn from what the server said. */

import { say } from "../live/wording.js";
import { button, SPEECH, STATUS_KEYS, VOTE_KEYS } from "./console_acts.js";
import { el } from "./element.js";

/** @typedef {import("./console_acts.js").Acts} Acts */

/** @param {string|null} at */
export const clockOf = (at) => (at ? new Date(at).toLocaleTimeString("it-IT", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Rome" }) : "");

// --- the agenda -------------------------------------------------------------------------

/** @param {any} now @param {Acts} acts */
export function drawItems(now, acts) {
  if (!now.items.length) return [el("li", { class: "rg-none" }, "L’ordine del giorno è vuoto.")];
  return now.items.map((/** @type {any} */ item) => {
    const isCurrent = item.id === now.item;
    const state = isCurrent ? say(`stage.${item.stage || "presentation"}`) : item.result ? say(`item.${item.result}`) : "";
    const flags = [item.is_secret && "seduta segreta", item.is_sensitive && "non si riprende", item.is_secret_ballot && "voto segreto", item.wants_immediate && "immediata eseguibilità"].filter(Boolean).join(" · ");
    return el("li", { "data-state": isCurrent ? "now" : item.left_at ? "done" : "waiting", "aria-current": isCurrent ? "step" : null },
      el("p", { class: "cs-item" }, el("span", { class: "cs-item__number" }, item.number), " ", item.title),
      el("p", { class: "cs-item__more" }, [state, item.called_at && clockOf(item.called_at), flags].filter(Boolean).join(" · ")),
      isCurrent || item.left_at || now.item || now.phase !== "open" ? null : el("button", { class: "rg-button rg-button--small", type: "button", "data-act": `item:${item.id}`, "data-focus": `item:${item.id}` }, "Chiama", el("span", { class: "visually-hidden" }, ` il punto ${item.number}`)),
      isCurrent ? amendments(item, acts) : null);
  });
}

/** @param {any} item @param {Acts} acts */
function amendments(item, acts) {
  const missing = [...item.opinions_missing.map((/** @type {string} */ one) => opinion(one))];
  const rows = item.amendments.map((/** @type {any} */ one) => el("li", {},
    `${one.title}: ${{ pending: "da votare", withdrawn: "ritirato", approved: "approvato", rejected: "respinto" }[/** @type {string} */ (one.fate)]}`,
    one.opinions_missing.length && one.fate === "pending" ? ` · manca il parere ${one.opinions_missing.map(opinion).join(" e ")}` : "",
    one.fate === "pending" ? el("button", { class: "rg-button rg-button--small", type: "button", "data-act": `withdraw:${one.id}` }, "Ritira", el("span", { class: "visually-hidden" }, ` ${one.title}`)) : null));
  if (!missing.length && !rows.length) return null;
  return el("ul", { class: "cs-amendments" },
    ...(missing.length ? [el("li", { class: "cs-warn" }, `Manca il parere ${missing.join(" e ")} (TUEL art. 49).`, button("opinion", "Parere", "y"))] : []), ...rows);
}

/** @param {string} type */
const opinion = (type) => ({ technical: "tecnico", accounting: "contabile" }[type] ?? type);

// --- what is being done now -------------------------------------------------------------

/** @param {any} now @param {Acts} acts */
export function drawAct(now, acts) {
  if (now.phase === "ended") return [big(`La seduta è chiusa alle ${clockOf(now.ended_at)}: ${say(`ended.${now.ended}`)}.`), row(button("note", "Nota", "b"))];
  if (now.roll_call) return rollCall(now, acts);
  if (now.ballot) return ballot(now, acts);
  if (now.phase === "prepared") return beforeOpening(now);
  if (now.phase === "suspended") return [big(`Seduta sospesa dalle ${clockOf(now.suspended_at)}${now.suspended_for ? `: ${now.suspended_for}` : ""}.`), row(button("roll", "Appello", "a"), button("suspend", "Riprendi", "s", true, "rg-button--go"), button("end", "Fine della seduta", "z"))];
  const last = now.votes.at(-1);
  const item = acts.current();
  return [
    item ? big(`${item.number}. ${item.title}`) : big(now.items.some((/** @type {any} */ one) => !one.left_at) ? "Chiama il prossimo punto." : "I punti sono finiti."),
    item && last && last.item === item.id ? el("p", { class: "cs-outcome", "data-result": last.result }, el("strong", {}, say(`result.${last.result}`)), ` ${last.formula} (${last.article})`) : null,
    row(
      button("call", "Chiama il prossimo", "i", !item, "rg-button--go"), button("vote", `Vota ${voteWords(acts)}`, "v", true, item ? "rg-button--go" : ""),
      button("door", "Entra o esce", "e"), button("conflict", "Astensione obbligatoria", "j", Boolean(item)), button("opinion", "Parere", "y", Boolean(item)),
      button("roll", "Verifica del numero", "a"), button("scrutineers", "Scrutatori", "q"), button("preside", "Presiede un altro", "k"),
      button("suspend", "Sospendi", "s"), button("note", "Nota", "b"), button("end", "Fine della seduta", "z", !item)),
  ];
}

/** @param {Acts} acts */
function voteWords(acts) {
  return /** @type {Record<string, string>} */ ({ amendment: "l’emendamento", immediate: "l’immediata eseguibilità", procedural: "una questione procedurale", as_amended: "la proposta emendata" })[acts.usualSubject()] ?? "la proposta";
}

/** @param {any} now */
function beforeOpening(now) {
  const isRolled = now.members.some((/** @type {any} */ one) => one.status !== "absent");
  return [
    big(isRolled ? (now.quorum.is_met ? "Il numero legale c’è: il presidente può aprire la seduta." : "Manca il numero legale.") : "Si comincia con l’appello."),
    el("p", {}, now.quorum.formula),
    row(button("roll", isRolled ? "Ripeti l’appello" : "Appello", "a", true, isRolled ? "" : "rg-button--go"), button("open", "Dichiara aperta la seduta", "o", now.quorum.is_met, "rg-button--go"), button("door", "Entra o esce", "e"), button("end", "Seduta deserta", "z", isRolled && !now.quorum.is_met)),
  ];
}

/** @param {any} now @param {Acts} acts */
function rollCall(now, acts) {
  const names = acts.rollNames();
  const current = acts.rollAt();
  const hint = current && now.announced[current.id];
  return [
    el("p", { class: "cs-roll", role: "status" }, el("small", {}, `Appello, ${Math.min(acts.at + 1, names.length)} di ${names.length}`), el("strong", {}, current ? current.name : "Tutti i nomi sono stati chiamati"), el("span", {}, current ? [current.office, current.group].filter(Boolean).join(" · ") : "")),
    hint ? el("p", { class: "cs-warn" }, `Ha comunicato prima: ${say(`status.${hint}`)}.`) : null,
    row(...(current ? Object.entries(STATUS_KEYS).filter(([key]) => key !== "r" || now.mode !== "in_person").map(([key, status]) => button(`status:${status}`, capital(say(`status.${status}`)), key, true, status === "present" ? "rg-button--go" : "")) : []),
      button("roll:back", "Nome prima", "←", acts.at > 0), button("roll", "Appello concluso", "a", true, current ? "" : "rg-button--go")),
  ];
}

/** @param {any} now @param {Acts} acts */
function ballot(now, acts) {
  const one = now.ballot;
  const need = one.needed ? `Servono ${one.needed} favorevoli se votano tutti.` : "";
  const head = [
    el("p", { class: "cs-roll" }, el("small", {}, one.stage === "open" ? `Votazione ${say(`method.${one.method}`)}` : "Votazione chiusa: proclama l’esito"), el("strong", {}, one.title)),
    el("p", {}, [one.majority, need].filter(Boolean).join(". "), " ", el("small", {}, `(${one.article})`)),
  ];
  if (one.stage === "closed") return [...head, tallies(now), row(button("proclaim", "Proclama l’esito", "p", true, "rg-button--go"), button("void", "Annulla la votazione", ""))];
  return [...head, ...unrecognised(now, acts), ...({ roll_call: () => calling(now, acts), electronic: () => electronic(now, acts), hands: () => counting("Conta le mani", one), secret_papers: () => counting("Scrutinio delle schede", one), secret_electronic: () => box(now) }[/** @type {"hands"} */ (one.method)]()), row(button("void", "Annulla la votazione", ""))];
}

/** Remote members to be recognised before they vote. @param {any} now @param {Acts} acts */
function unrecognised(now, acts) {
  const waiting = now.ballot.entitled.map((/** @type {string} */ id) => acts.member(id)).filter((/** @type {any} */ one) => one?.status === "remote" && !now.ballot.checked.includes(one.id));
  if (!waiting.length) return [];
  return [el("div", { class: "cs-warn" }, el("p", {}, "Da riconoscere in collegamento, prima del voto:"), row(...waiting.map((/** @type {any} */ one) => el("button", { class: "rg-button rg-button--small", type: "button", "data-act": `recognise:${one.id}`, "data-focus": `recognise:${one.id}` }, `Riconosco ${one.name}`))))];
}

/** @param {string} words @param {any} one */
function counting(words, one) {
  return [el("p", {}, `Possono votare in ${one.entitled.length}.`), row(button("hands", words, "h", true, "rg-button--go"))];
}

/** @param {any} now @param {Acts} acts */
function calling(now, acts) {
  const voter = acts.nextVoter();
  return [
    el("p", { class: "cs-roll", role: "status" }, el("small", {}, `${Object.keys(now.cast).length} di ${now.ballot.entitled.length}`), el("strong", {}, voter ? voter.name : "Tutti hanno risposto")),
    tallies(now),
    row(...(voter ? Object.entries(VOTE_KEYS).map(([key, choice]) => button(`cast:${choice}`, { favour: "Favorevole", against: "Contrario", abstained: "Astenuto", not_voting: "Presente non votante" }[choice] ?? choice, key)) : []), button("close", "Chiudi la votazione", voter ? "" : "c", !voter, "rg-button--go")),
  ];
}

/** @param {any} now @param {Acts} acts */
function electronic(now, acts) {
  const missing = now.ballot.entitled.filter((/** @type {string} */ id) => !(id in now.cast)).map((/** @type {string} */ id) => acts.member(id)).filter((/** @type {any} */ one) => one?.is_here);
  return [
    el("p", { role: "status" }, say("voted", { count: Object.keys(now.cast).length, all: now.ballot.entitled.length })),
    missing.length ? el("p", { class: "cs-missing" }, el("strong", {}, "Mancano: "), missing.map((/** @type {any} */ one) => `${one.surname || one.name}${now.connected.includes(one.id) ? "" : " (dispositivo non collegato)"}`).join(", ")) : null,
    row(button("close", "Chiudi la votazione", "c", true, "rg-button--go")),
  ];
}

/** @param {any} now */
function box(now) {
  const isLost = now.papers === null;
  return [
    el("p", { role: "status", class: isLost ? "cs-warn" : "" }, isLost ? "L’urna elettronica si è riavviata e i voti non ci sono più: annulla la votazione e ripetila." : `Schede nell’urna: ${now.papers} di ${now.ballot.entitled.length}.`),
    row(button("close", "Chiudi e conta", "c", !isLost, "rg-button--go")),
  ];
}

/** @param {any} now */
function tallies(now) {
  const counts = /** @type {Record<string, number>} */ ({});
  for (const choice of Object.values(now.cast)) counts[/** @type {string} */ (choice)] = (counts[/** @type {string} */ (choice)] ?? 0) + 1;
  const words = ["favour", "against", "abstained", "not_voting"].filter((one) => counts[one]).map((one) => `${counts[one]} ${say(`choice.${one}`)}`);
  return words.length ? el("p", { class: "cs-tally" }, words.join(" · ")) : el("p", { class: "cs-tally" }, now.ballot.method.startsWith("secret") ? "Scrutinio registrato." : "");
}

// --- the floor --------------------------------------------------------------------------

/** @param {any} now @param {Acts} acts */
export function drawFloor(now, acts) {
  const turn = now.turn;
  const who = turn ? (turn.member ? acts.member(turn.member) : { name: turn.name, group: "" }) : null;
  return [
    who ? el("p", { class: "cs-speaker" }, el("strong", {}, who.name), " ", el("span", {}, [who.group, SPEECH[/** @type {keyof typeof SPEECH} */ (turn.type)]].filter(Boolean).join(" · ")), " ", el("span", { class: "cs-clock", "data-part": "clock" }), " ", el("span", { class: "cs-clock-words", "data-part": "clock-words", role: "status" })) : el("p", { class: "cs-speaker" }, say("chairSpeaks")),
    el("ol", { class: "cs-queue" }, ...now.requests.map((/** @type {any} */ one, /** @type {number} */ at) => el("li", {}, el("button", { class: "rg-button rg-button--small", type: "button", "data-act": `request:${at}`, "data-focus": `request:${one.member}` }, `${acts.member(one.member)?.name ?? one.member}`, el("kbd", { "aria-hidden": "true" }, at + 1)), ` ${SPEECH[/** @type {keyof typeof SPEECH} */ (one.type)] ?? one.type} · dalle ${clockOf(one.since)}`))),
    now.requests.length ? null : el("p", { class: "rg-none" }, "Nessuno è in coda."),
    row(button("floor", "Dai la parola", "d"), button("chair", "Torna al presidente", "t", Boolean(turn)), button("verbatim", "A verbale", "w")),
  ];
}

// --- who is here ------------------------------------------------------------------------

/** @param {any} now @param {Acts} acts */
export function drawPeople(now, acts) {
  const groups = new Map();
  for (const one of now.members) groups.set(one.group, [...(groups.get(one.group) ?? []), one]);
  return [...groups.entries()].map(([group, people]) => el("div", { class: "cs-group" },
    el("h3", {}, group || "Senza gruppo", el("small", {}, ` ${people.filter((/** @type {any} */ one) => one.is_here).length} di ${people.length}`)),
    el("ul", { class: "cs-seats" }, ...people.map((/** @type {any} */ one) => seat(one, now, acts)))));
}

/** @param {any} one @param {any} now @param {Acts} acts */
function seat(one, now, acts) {
  const isSpeaking = now.turn?.member === one.id;
  const status = one.is_lost ? "lost" : one.status;
  const marks = [one.id === now.chair && "presiede", one.conflict && "si astiene", isSpeaking && "parla", !one.votes && "senza voto", now.connected.includes(one.id) && "dispositivo"].filter(Boolean).join(", ");
  const isRolling = acts.rollAt()?.id === one.id && now.roll_call;
  return el("li", { "data-status": status, "data-here": String(one.is_here), "aria-current": isRolling ? "true" : null },
    el("button", { type: "button", "data-act": `door:${one.id}`, "data-focus": `door:${one.id}`, title: one.is_here ? "Segna l’uscita" : "Segna l’ingresso" },
      el("span", { class: "cs-seat__name" }, one.surname || one.name), el("span", { class: "cs-seat__state" }, [say(`status.${status}`), marks].filter(Boolean).join(" · "))));
}

// --- the log ----------------------------------------------------------------------------

/** @param {any} now */
export function drawLog(now) {
  return [...now.log].reverse().map((/** @type {any} */ one) => el("li", { "data-undone": String(one.is_undone) },
    el("time", { datetime: one.at }, new Date(one.at).toLocaleTimeString("it-IT", { timeZone: "Europe/Rome" })), el("span", {}, one.is_undone ? el("s", {}, one.text) : one.text, one.is_undone ? " (annullata)" : "")));
}

// --- small ------------------------------------------------------------------------------

/** @param {string} words */
const big = (words) => el("p", { class: "cs-big" }, words);
/** @param {...(HTMLElement|null)} buttons */
const row = (...buttons) => el("p", { class: "cs-acts" }, ...buttons);
/** @param {string} words */
const capital = (words) => words.charAt(0).toUpperCase() + words.slice(1);
