// @ts-check
/** What a seat shows, worked out of the board and of what the server said of this member. Pure. */

/** @typedef {Record<string, any>} Facts the answer of `seat_state`: the board and what is mine */

/** What only the server may tell; a board that was pushed leaves it as it was. */
const MINE = ["now", "me", "is_member", "is_inside", "my_verbatim", "speaking", "documents", "my_vote", "my_vote_at", "why_not"];

/**
 * The facts after a board was pushed. What concerns this member and stands on the board too is
 * taken from there, so that a page need not ask.
 * @param {Facts} facts @param {Record<string, any>} board @returns {Facts}
 */
export function merged(facts, board) {
  const kept = Object.fromEntries(MINE.map((name) => [name, facts[name]]));
  const isSameVote = facts.ballot?.id === board.ballot?.id;
  const mine = isSameVote ? {} : { my_vote: "", my_vote_at: null, why_not: "" };
  const documents = facts.item === board.item ? facts.documents : null;
  const me = (board.members ?? []).find((/** @type {any} */ one) => one.id === facts.me);
  return {
    ...board, ...kept, ...mine, documents,
    is_here: Boolean(me?.is_here),
    my_request: (board.requests ?? []).find((/** @type {any} */ one) => one.member === facts.me)?.type ?? "",
  };
}

/**
 * Whether the server has something to tell that the board does not: this member's rights, vote,
 * kinds of speech, documents; or anything at all while the sitting is secret.
 * @param {Facts} before @param {Facts} after
 */
export function needsAsking(before, after) {
  if (after.secret_since || before.secret_since) return true;
  return signature(before) !== signature(after);
}

/** @param {Facts} facts */
function signature(facts) {
  const { ballot, me } = facts;
  const standing = memberOf(facts, me);
  const item = itemOf(facts, facts.item);
  const vote = ballot && [ballot.id, ballot.stage, ballot.voted.includes(me), ballot.checked.includes(me)];
  const spoken = (facts.turns ?? []).filter((/** @type {any} */ one) => one.member === me).length;
  return JSON.stringify([facts.phase, facts.item, item?.stage, vote, standing?.status, standing?.is_lost, standing?.is_here, standing?.conflict, facts.turn?.member === me, spoken]);
}

/** @param {Facts} facts @param {string} id */
export function memberOf(facts, id) {
  return (facts.members ?? []).find((/** @type {any} */ one) => one.id === id);
}

/** @param {Facts} facts @param {string} id */
export function itemOf(facts, id) {
  return (facts.items ?? []).find((/** @type {any} */ one) => one.id === id);
}

/** @param {Facts} facts @param {string} id */
export function nameOf(facts, id) {
  return memberOf(facts, id)?.name ?? id;
}

/**
 * The act a vote is about, said in full: the item, what of it is voted, the amendment's own text.
 * @param {Facts} facts @param {Record<string, any>} ballot
 */
export function actOf(facts, ballot) {
  const item = itemOf(facts, ballot.item);
  const amendment = item?.amendments.find((/** @type {any} */ one) => one.id === ballot.amendment) ?? null;
  return { item: item ?? null, amendment, title: ballot.title, subject: ballot.subject, repeats: Boolean(ballot.repeats) };
}

/**
 * What a member can do about the vote: "choose" here and now, "paper" the same in secret, "identity"
 * to wait for the secretary, "elsewhere" for votes that no device takes, "no" with the reason,
 * "voted", or "closed". Only the server's word makes "voted".
 * @param {Facts} facts @param {string} paperIn the ballot whose box holds this device's paper
 */
export function voteStage(facts, paperIn = "") {
  const { ballot, me } = facts;
  if (!ballot) return "none";
  if (ballot.stage !== "open") return "closed";
  if (facts.my_vote) return "voted";
  if (ballot.method === "secret_electronic" && paperIn === ballot.id) return "voted";
  if (!ballot.entitled.includes(me) || !facts.is_here) return "no";
  if (memberOf(facts, me)?.status === "remote" && !ballot.checked.includes(me)) return "identity";
  if (ballot.method === "secret_electronic") return "paper";
  return ballot.method === "electronic" ? "choose" : "elsewhere";
}

/** The choices of a vote, in the order of the buttons. @param {Record<string, any>} ballot @returns {string[]} */
export function choicesOf(ballot) {
  if (ballot.method !== "secret_electronic") return ["favour", "against", "abstained", "not_voting"];
  return ballot.choices?.length ? [...ballot.choices, "blank"] : ["favour", "against", "blank"];
}

/** Place in the queue, from 1; 0 for who does not wait. @param {Facts} facts */
export function placeOf(facts) {
  return (facts.requests ?? []).findIndex((/** @type {any} */ one) => one.member === facts.me) + 1;
}

/**
 * Why the floor cannot be asked for now: the name of a sentence, "" when it can. `only` is the one
 * kind of speech that may be asked all the same.
 * @param {Facts} facts @returns {{why: string, only: string}}
 */
export function floorStage(facts) {
  if (facts.phase !== "open") return { why: "floor.notOpen", only: "none" };
  if (!facts.is_here) return { why: "floor.notHere", only: "none" };
  if (facts.ballot?.stage === "open") return { why: "floor.voting", only: "point_of_order" };
  if (memberOf(facts, facts.me)?.conflict) return { why: "floor.conflict", only: "personal" };
  return { why: facts.speaking.length ? "" : "floor.usedUp", only: "" };
}

/** The kinds of speech to offer, the usual one first. @param {Facts} facts @returns {string[]} */
export function kindsOf(facts) {
  const { only } = floorStage(facts);
  return facts.speaking.filter((/** @type {string} */ kind) => !only || kind === only);
}

/**
 * A speech's clock: seconds left (negative when over) or spoken (without a limit), and how it stands.
 * @param {{began_at: string, limit_s: number, warn_s: number}} turn @param {number} now the server's, in ms
 */
export function clockOf(turn, now) {
  const spoken = Math.max(0, (now - Date.parse(turn.began_at)) / 1000);
  if (!turn.limit_s) return { seconds: spoken, level: "free" };
  const left = turn.limit_s - spoken;
  return { seconds: left, level: left < 0 ? "over" : left <= turn.warn_s ? "warn" : "good" };
}

/** How this member voted in a proclaimed vote; "" where that is not known. @param {Record<string, any>} vote @param {string} me */
export function choiceIn(vote, me) {
  return Object.keys(vote.names).find((choice) => vote.names[choice].includes(me)) ?? "";
}

/**
 * What changed that must be said aloud: a name of sentence and what it is about, or null.
 * @param {Facts|null} before @param {Facts} after @returns {{what: string, about: any}|null}
 */
export function newsOf(before, after) {
  if (!before) return null;
  const [old, now] = [before.ballot, after.ballot];
  if (now?.stage === "open" && old?.id !== now.id) return { what: "opened", about: now };
  if (now?.stage === "closed" && old?.stage === "open") return { what: "closed", about: now };
  if ((after.votes?.length ?? 0) > (before.votes?.length ?? 0)) return { what: "result", about: after.votes[after.votes.length - 1] };
  if (after.turn?.member === after.me && before.turn?.member !== after.me) return { what: "floor", about: after.turn };
  if (after.item !== before.item) return { what: after.item ? "item" : "noItem", about: itemOf(after, after.item) };
  return null;
}
