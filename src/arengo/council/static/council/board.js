// @ts-check
/**
 * What a board means to who looks at it: which view, who speaks, how the seats stand.
 *
 * The board is the chamber's state as the server publishes it (event `board`); times in it are
 * the server's. Everything here is a function of the board and of the server's present instant,
 * so that a page that is opened in the middle shows the same as one that was there all along.
 *
 * @typedef {{id: string, name: string, surname: string, office: string, group: string, side: string,
 *   votes: boolean, is_mayor: boolean, status: string, is_here: boolean, is_lost: boolean, conflict: boolean}} Member
 * @typedef {{id: string, number: string, title: string, type: string, stage: string, called_at: string|null,
 *   left_at: string|null, result: string, is_secret: boolean, is_sensitive: boolean}} Item
 * @typedef {{member: string, name: string, type: string, item: string, began_at: string,
 *   ended_at: string|null, limit_s: number, warn_s: number}} Turn
 * @typedef {{id: string, item: string, title: string, subject: string, amendment: string, method: string,
 *   stage: string, opened_at: string, entitled: string[], voted: string[], choices: string[], seats: number,
 *   needed: number, majority: string, article: string}} Ballot
 * @typedef {{id: string, item: string, title: string, subject: string, amendment: string, method: string,
 *   present: number, opened_at: string, proclaimed_at: string, result: string, formula: string, article: string,
 *   elected: string[], totals: Record<string, number>, names: Record<string, string[]>}} Vote
 * @typedef {{seq: number, at: string|null, title: string, phase: string, opened_at: string|null,
 *   ended: string, suspended_for: string, roll_call: string, rolled?: string[], secret_since: string|null,
 *   chair: string, quorum: {needed: number, counted: number, is_met: boolean, formula: string, article: string}|null,
 *   members: Member[], items: Item[], item: string, turn: Turn|null, requests: {member: string, type: string}[],
 *   turns: Turn[], ballot: Ballot|null, votes: Vote[], now?: string}} Board
 * @typedef {"before"|"roll"|"item"|"vote"|"result"|"suspended"|"secret"|"ended"} View
 */

export const RESULT_S = 60; // how long a proclaimed vote has the hall's screen, unless something follows

/** Choices in the order in which a chair reads them. */
export const CHOICES = ["favour", "against", "abstained", "not_voting", "blank", "null"];

/**
 * The one thing to show of a sitting.
 * @param {Board|null} board @param {number} now server's time, ms @returns {View}
 */
export function viewOf(board, now) {
  if (!board || board.phase === "absent") return "before";
  if (board.phase === "ended") return "ended";
  if (board.secret_since) return "secret";
  if (board.roll_call) return "roll";
  if (board.phase === "suspended") return "suspended";
  if (board.ballot) return "vote";
  if (freshVote(board, now)) return "result";
  if (board.phase === "prepared") return board.members.some((one) => one.is_here) ? "roll" : "before";
  return "item";
}

/**
 * The vote that was proclaimed less than a minute ago, with nothing after it.
 * @param {Board} board @param {number} now @returns {Vote|null}
 */
export function freshVote(board, now) {
  const vote = latestVotes(board)[0];
  if (!vote) return null;
  const at = Date.parse(vote.proclaimed_at);
  const isRecent = now - at < RESULT_S * 1000;
  const spoke = [...board.turns, ...(board.turn ? [board.turn] : [])].some((turn) => Date.parse(turn.began_at) > at);
  const called = Date.parse(currentItem(board)?.called_at ?? "") > at;
  return isRecent && !spoke && !called ? vote : null;
}

/** Proclaimed votes, latest first. @param {Board} board @returns {Vote[]} */
export function latestVotes(board) {
  return [...board.votes].reverse().sort((one, two) => Date.parse(two.proclaimed_at) - Date.parse(one.proclaimed_at));
}

/** @param {Board} board @returns {Item|null} */
export function currentItem(board) {
  return board.items.find((one) => one.id === board.item) ?? null;
}

/** @param {Board} board @param {string} id @returns {Member|null} */
export function memberOf(board, id) {
  return board.members.find((one) => one.id === id) ?? null;
}

/**
 * Who has the floor: a guest has a name only; nobody means the chair.
 * @param {Board} board @param {Turn|null} turn
 * @returns {{name: string, group: string, office: string, isChair: boolean}|null} null when nobody knows
 */
export function speakerOf(board, turn) {
  const member = memberOf(board, turn ? turn.member : board.chair);
  if (member) return { name: member.name, group: member.group, office: member.office, isChair: member.id === board.chair };
  return turn?.name ? { name: turn.name, group: "", office: "", isChair: false } : null;
}

/**
 * The clock of a speech, in whole seconds; `left` is below zero after the limit.
 * @param {Turn} turn @param {number} now
 * @returns {{elapsed: number, left: number, level: "free"|"good"|"warn"|"over"}}
 */
export function turnClock(turn, now) {
  const elapsed = Math.max(0, Math.floor((now - Date.parse(turn.began_at)) / 1000));
  if (!turn.limit_s) return { elapsed, left: 0, level: "free" };
  const left = turn.limit_s - elapsed;
  const level = left < 0 ? "over" : left <= turn.warn_s ? "warn" : "good";
  return { elapsed, left, level };
}

/** How a member's seat stands. @param {Member} member */
export function standing(member) {
  if (member.is_lost) return "lost";
  return member.is_here ? member.status : member.status === "present" || member.status === "remote" ? "absent" : member.status;
}

/**
 * The groups, majority first, each with its members by surname; who has no vote comes last.
 * @param {Board} board
 * @returns {{name: string, side: string, members: Member[], here: number}[]}
 */
export function groupsOf(board) {
  /** @type {Map<string, Member[]>} */
  const found = new Map();
  for (const member of board.members) {
    const key = member.votes ? member.group : "\u0000";
    found.set(key, [...(found.get(key) ?? []), member]);
  }
  return [...found].map(([key, members]) => ({
    name: key === "\u0000" ? "" : key,
    side: key === "\u0000" ? "none" : members[0].side,
    members: members.sort((one, two) => one.surname.localeCompare(two.surname, "it") || one.name.localeCompare(two.name, "it")),
    here: members.filter((one) => one.is_here).length,
  })).sort((one, two) => place(one) - place(two) || two.members.length - one.members.length || one.name.localeCompare(two.name, "it"));
}

/** @param {{name: string, side: string}} group */
function place({ name, side }) {
  if (side === "none") return 4;
  return { majority: 0, mixed: 1, minority: 2 }[side] ?? (name ? 1 : 3);
}

/**
 * Surnames by member, with the initial of the name where two are the same.
 * @param {Board} board @returns {Map<string, string>}
 */
export function shortNames(board) {
  const count = new Map();
  for (const one of board.members) count.set(one.surname, (count.get(one.surname) ?? 0) + 1);
  return new Map(board.members.map((one) => {
    const isAlone = !one.surname || count.get(one.surname) === 1;
    return [one.id, isAlone ? one.surname || one.name : `${one.surname} ${one.name[0]}.`];
  }));
}

/**
 * The totals of a vote as rows, choices first, then the names that got votes, most votes first.
 * @param {Vote} vote @returns {{choice: string, count: number, isName: boolean}[]}
 */
export function totalsOf(vote) {
  const names = Object.entries(vote.totals).filter(([name]) => ![...CHOICES, "took_part"].includes(name));
  const isElection = names.length > 0;
  const fixed = CHOICES.filter((choice) => choice in vote.totals && (isShown(choice) || vote.totals[choice] > 0));
  return [
    ...names.sort((one, two) => two[1] - one[1]).map(([choice, count]) => ({ choice, count, isName: true })),
    ...fixed.filter((choice) => !isElection || vote.totals[choice] > 0).map((choice) => ({ choice, count: vote.totals[choice], isName: false })),
  ];
}

/** @param {string} choice */
function isShown(choice) {
  return ["favour", "against", "abstained", "blank"].includes(choice);
}

/** Choices by member. @param {Vote} vote @returns {Map<string, string>} */
export function choicesOf(vote) {
  return new Map(Object.entries(vote.names).flatMap(([choice, members]) => members.map((member) => [member, choice])));
}

/** Whether it tells who voted what. @param {{method: string}} vote */
export function isSecret({ method }) {
  return method.startsWith("secret");
}

/** Whether one can tell who has voted while it goes on. @param {{method: string}} ballot */
export function isIndividual({ method }) {
  return method === "roll_call" || method === "electronic";
}

/** Votes that are not the decision on the item itself. */
const ASIDE = ["amendment", "immediate", "procedural", "secret_sitting"];

/**
 * How an item of the agenda stands, as a key of the sentences.
 * @param {Board} board @param {Item} item
 */
export function itemState(board, item) {
  if (item.id === board.item) return "agenda.now";
  if (item.result === "decided") {
    const vote = board.votes.filter((one) => one.item === item.id && !ASIDE.includes(one.subject)).at(-1);
    return vote ? `result.${vote.result}` : "item.decided";
  }
  return item.result ? `item.${item.result}` : item.called_at ? "agenda.called" : "agenda.waiting";
}

/**
 * All speeches known so far: what a newer board tells replaces its own stretch of time.
 * @param {Turn[]} known @param {Board} board @returns {Turn[]}
 */
export function mergeTurns(known, board) {
  const first = board.turns[0];
  if (!first) return known;
  const from = Date.parse(first.began_at);
  return [...known.filter((turn) => Date.parse(turn.began_at) < from), ...board.turns];
}

/**
 * Who was speaking at an hour; null when the chair was, or nobody.
 * @param {Turn[]} turns ended ones, by time @param {Turn|null} current @param {number} at ms
 * @returns {Turn|null}
 */
export function turnAt(turns, current, at) {
  const found = [...turns, ...(current ? [current] : [])].filter((turn) => Date.parse(turn.began_at) <= at).at(-1);
  return found && (!found.ended_at || at < Date.parse(found.ended_at)) ? found : null;
}

/**
 * The item being treated at an hour; null between two.
 * @param {Board} board @param {number} at ms @returns {Item|null}
 */
export function itemAt(board, at) {
  return board.items.filter((one) => one.called_at && Date.parse(one.called_at) <= at && !(one.left_at && Date.parse(one.left_at) <= at))
    .sort((one, two) => Date.parse(/** @type {string} */ (one.called_at)) - Date.parse(/** @type {string} */ (two.called_at))).at(-1) ?? null;
}

/** The server's clock, as far as this machine can tell. */
export class ServerClock {
  /** @param {() => number} [local] ms */
  constructor(local = Date.now) {
    this.local = local;
    this.ahead = 0; // ms by which this machine's clock is ahead of the server's
  }

  /** The server's present instant, ms. */
  now() {
    return this.local() - this.ahead;
  }

  /**
   * The server said that it was `said` while it answered a request.
   * @param {string} said @param {number} asked @param {number} answered local ms
   */
  answered(said, asked, answered) {
    const at = Date.parse(said);
    if (Number.isFinite(at)) this.ahead = (asked + answered) / 2 - at;
  }

  /**
   * A board just came: it was written before now, so we cannot be further behind than that.
   * @param {string|null} said
   */
  pushed(said) {
    const at = Date.parse(said ?? "");
    if (Number.isFinite(at)) this.ahead = Math.min(this.ahead, this.local() - at);
  }
}
