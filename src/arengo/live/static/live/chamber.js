// @ts-check
/**
 * What happens in the hall, under the picture: who speaks, the agenda, each vote with its names.
 *
 * The server draws agenda and votes once; from then on the board does. Moments of the hall are
 * hours, moments of the video sitting time: `WallClock` leads from one to the other.
 */

import { CHOICES, choicesOf, currentItem, groupsOf, isSecret, itemAt, itemState, latestVotes, mergeTurns, ServerClock, speakerOf, standing, totalsOf, turnAt, turnClock } from "../council/board.js";
import { el, fill } from "../council/element.js";
import { signOf } from "../council/seats.js";
import { WallClock } from "./timeline.js";
import { clock, say } from "./wording.js";

/** @typedef {import("../council/board.js").Board} Board */
/** @typedef {import("../council/board.js").Vote} Vote */

const BEFORE_S = 2; // a moment is easier to follow from just before it
const STALE_MS = 30_000; // hours of the recording older than this are asked again before a jump

export class Chamber {
  /**
   * @param {HTMLElement} root @param {import("./player.js").Player} player
   * @param {{media: string, onSeek: (time: number) => void}} options `onSeek`: a sitting time was chosen
   */
  constructor(root, player, { media, onSeek }) {
    this.root = root;
    this.player = player;
    this.media = media;
    this.onSeek = onSeek;
    /** @type {Board|null} */
    this.board = null;
    /** @type {import("../council/board.js").Turn[]} */
    this.turns = [];
    this.wall = new WallClock();
    this.server = new ServerClock();
    this.phase = "";
    this.take = -1;
    this.toldAt = -Infinity; // when the recording's hours were asked
    /** @type {Map<string, HTMLElement>} */
    this.votes = new Map();
    root.addEventListener("click", (event) => void this.#jump(event));
    if (!root.hidden) void this.read();
  }

  /** Reads the whole record: every speech, and what time it is at the server's. */
  async read() {
    const asked = Date.now();
    const answer = await fetch(/** @type {string} */ (this.root.dataset.record), { cache: "no-cache" }).catch(() => null);
    if (!answer?.ok) return;
    const board = await answer.json();
    this.server.answered(board.now, asked, Date.now());
    if (board.phase === "absent") return;
    if (board.turns.length) this.turns = board.turns;
    if (!this.board || board.seq >= this.board.seq) this.#show(board);
  }

  /** @param {Board} board from the events */
  pushed(board) {
    this.server.pushed(board.at);
    if (board.phase === "absent" || (this.board && board.seq < this.board.seq)) return;
    const isFirst = this.board === null && this.root.hidden;
    const hasEnded = board.phase === "ended" && this.board?.phase !== "ended";
    this.#tellNewVotes(board);
    this.turns = mergeTurns(this.turns, board);
    this.#show(board);
    if (isFirst || hasEnded) void this.read();
  }

  /** @param {string} phase @param {number} take the studio's present take */
  state(phase, take) {
    if (phase === this.phase && take === this.take) return;
    this.phase = phase;
    this.take = take;
    if (this.board) void this.#askHours();
  }

  async #askHours() {
    this.toldAt = performance.now();
    const answer = await fetch(`${this.media}clock.json`, { cache: "no-cache" }).catch(() => null);
    if (!answer?.ok) return;
    this.wall.set(await answer.json());
    this.#showJumps();
  }

  // --- drawing ----------------------------------------------------------------------------

  /** @param {Board} board */
  #show(board) {
    if (!this.board) void this.#askHours();
    this.board = board;
    this.root.hidden = false;
    this.#part("presenceBox").hidden = false;
    fill(this.#part("agenda"), ...board.items.map((item) => agendaRow(board, item)));
    this.#part("noAgenda").hidden = board.items.length > 0;
    fill(this.#part("presence"), ...groupsOf(board).map(groupRow));
    const voters = board.members.filter((one) => one.votes);
    put(this.#part("here"), say("presence.here", { here: voters.filter((one) => one.is_here).length, all: voters.length }));
    this.#showQuorum(board);
    this.#showVotes(board);
    this.#showJumps();
    this.tick();
  }

  /** @param {string} name */
  #part(name) {
    return /** @type {HTMLElement} */ (this.root.querySelector(`[data-part="${name}"]`));
  }

  /** @param {Board} board */
  #showQuorum({ quorum, phase, secret_since: secret }) {
    const place = this.#part("quorum");
    place.hidden = !quorum || phase === "ended" || phase === "prepared" || secret !== null;
    if (!quorum || place.hidden) return;
    place.dataset.level = quorum.is_met ? "good" : "missing";
    const words = say(quorum.is_met ? "quorum.met" : "quorum.missing", { counted: quorum.counted, needed: quorum.needed });
    fill(place, el("strong", {}, words), el("span", {}, `${quorum.formula}. ${quorum.article}.`));
  }

  /** A proclaimed vote never changes: each is drawn once. @param {Board} board */
  #showVotes(board) {
    const listed = latestVotes(board);
    for (const vote of listed) if (!this.votes.has(vote.id)) this.votes.set(vote.id, voteBlock(board, vote));
    const rows = listed.map((vote) => /** @type {HTMLElement} */ (this.votes.get(vote.id)));
    const place = this.#part("votes");
    if (rows.length !== place.children.length || rows.some((row, at) => place.children[at] !== row)) place.replaceChildren(...rows);
    this.#part("noVotes").hidden = rows.length > 0;
  }

  /** Says the result of votes that are proclaimed while we listen. @param {Board} board */
  #tellNewVotes(board) {
    if (!this.board) return;
    const known = new Set(this.board.votes.map((vote) => vote.id));
    const fresh = board.votes.filter((vote) => !known.has(vote.id));
    if (fresh.length) this.#part("spoken").textContent = fresh.map((vote) => say("vote.fresh", { title: vote.title, result: say(`result.${vote.result}`) })).join(". ");
  }

  #showJumps() {
    for (const button of /** @type {NodeListOf<HTMLElement>} */ (this.root.querySelectorAll("[data-hour]"))) {
      const time = this.wall.toSitting(Number(button.dataset.hour));
      button.hidden = !Number.isFinite(time) || this.phase === "secret";
      const place = button.querySelector("time");
      if (place && Number.isFinite(time)) put(/** @type {HTMLElement} */ (place), clock(time));
    }
  }

  /** @param {Event} event */
  async #jump(event) {
    const button = /** @type {HTMLElement|null} */ (/** @type {Element} */ (event.target).closest("[data-hour]"));
    if (!button) return;
    if (performance.now() - this.toldAt > STALE_MS) await this.#askHours();
    const time = this.wall.toSitting(Number(button.dataset.hour));
    if (!Number.isFinite(time)) return;
    this.onSeek(Math.max(0, time - BEFORE_S));
    document.getElementById("player")?.scrollIntoView({ block: "nearest" });
  }

  // --- who speaks, now or at the moment that is played ----------------------------------------

  /** Whether the picture is of another moment than the hall's present. */
  get isReplay() {
    const { source, isFollowing } = this.player;
    return source === "recording" || (source === "live" && !isFollowing);
  }

  tick() {
    const { board } = this;
    if (!board) return;
    const then = this.wall.toWall(this.player.time);
    const isThen = this.isReplay && Number.isFinite(then);
    const isOver = board.phase === "ended";
    const place = this.#part("now");
    place.hidden = isOver && !isThen;
    if (place.hidden) return;
    put(this.#part("nowLabel"), isThen ? say("now.then") : nowWords(board));
    const item = isThen ? itemAt(board, then) : currentItem(board);
    put(this.#part("nowItem"), item ? `${say("item.number", { number: item.number })} · ${item.title}` : isThen ? say("item.none") : "");
    this.#tickSpeaker(board, isThen ? turnAt(this.turns, board.turn, then) : board.turn, isThen ? then : this.server.now(), isThen);
  }

  /** @param {Board} board @param {import("../council/board.js").Turn|null} turn @param {number} at @param {boolean} isThen */
  #tickSpeaker(board, turn, at, isThen) {
    const isQuiet = !turn && (isThen || board.phase !== "open" || Boolean(board.secret_since) || Boolean(board.ballot));
    const speaker = isQuiet ? null : speakerOf(board, turn);
    const about = turn ? [speaker?.group || speaker?.office, say(`speech.${turn.type}`)] : [speaker ? say("now.presidency") : ""];
    put(this.#part("speaker"), speaker?.name ?? "");
    put(this.#part("speakerMore"), about.filter(Boolean).join(" · "));
    const { elapsed, level } = turn ? turnClock(turn, at) : { elapsed: 0, level: "free" };
    const limit = turn?.limit_s ? ` ${say("speech.limit", { time: clock(turn.limit_s) })}` : "";
    const place = this.#part("speakerClock");
    put(place, turn && !isThen ? clock(elapsed) + limit + (level === "over" ? ` · ${say("speech.overShort")}` : "") : "");
    place.dataset.level = level;
  }
}

/** What is happening, in a few words. @param {Board} board */
function nowWords(board) {
  if (board.secret_since) return say("secret");
  if (board.ballot) return say("now.voting", { title: board.ballot.title });
  if (board.roll_call) return say("phase.prepared");
  return say(`phase.${board.phase}`);
}

/** @param {Board} board @param {import("../council/board.js").Item} item */
function agendaRow(board, item) {
  const state = itemState(board, item);
  return el("li", { "data-state": state, "aria-current": state === "agenda.now" && "step" },
    el("span", { class: "ch-agenda__number" }, item.number),
    el("span", { class: "ch-agenda__title" }, item.title, " ", el("span", { class: "ch-pill", "data-state": state }, say(state))),
    item.called_at && jump(item.called_at, say("jump.item", { number: item.number }), `item-${item.id}`));
}

/** @param {string} hour @param {string} label @param {string} focus */
function jump(hour, label, focus) {
  return el("button", { type: "button", class: "ch-jump", "data-hour": Date.parse(hour), "data-focus": focus, hidden: true },
    el("span", { class: "ch-jump__sign", "aria-hidden": "true" }, "▶"), el("time", { "aria-hidden": "true" }), el("span", { class: "visually-hidden" }, label));
}

/** @param {{name: string, side: string, members: import("../council/board.js").Member[], here: number}} group */
function groupRow({ name, side, members, here }) {
  const title = name || say(side === "none" ? "presence.noVote" : "presence.none");
  const rows = members.map((one) => {
    const state = standing(one);
    const note = state === "present" ? null : el("span", { class: "ch-presence__note" }, ` (${say(`status.${state}`)})`);
    return el("li", { "data-state": state }, signOf(state), el("span", {}, one.name, note));
  });
  return el("div", { class: "ch-presence__group" }, el("h4", {}, `${title} `, el("span", {}, say("presence.group", { here, all: members.length }))), el("ul", {}, ...rows));
}

// --- a vote -----------------------------------------------------------------------------------

/** @param {Board} board @param {Vote} vote */
function voteBlock(board, vote) {
  const item = board.items.find((one) => one.id === vote.item);
  const hour = new Intl.DateTimeFormat("it", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Rome" }).format(Date.parse(vote.proclaimed_at));
  const facts = [item ? say("item.number", { number: item.number }) : "", say("vote.at", { time: hour }), say(`method.${vote.method}`), say("vote.present", { count: vote.present })];
  return el("article", { class: "ch-vote", "data-result": vote.result, "aria-labelledby": `vote-${vote.id}` },
    el("div", { class: "ch-vote__head" },
      el("h4", { id: `vote-${vote.id}` }, vote.title),
      el("p", { class: "ch-result", "data-result": vote.result }, say(`result.${vote.result}`)),
      jump(vote.opened_at, say("jump.vote", { title: vote.title }), `vote-${vote.id}`)),
    el("p", { class: "ch-vote__facts" }, facts.filter(Boolean).join(" · ")),
    el("dl", { class: "ch-totals" }, ...totalsOf(vote).map(({ choice, count, isName }) => el("div", {}, el("dt", {}, !isName && signOf(choice), isName ? choice : say(`choice.${choice}`)), el("dd", {}, count)))),
    vote.elected.length > 0 && el("p", {}, say("vote.elected", { names: vote.elected.join(", ") })),
    el("p", { class: "ch-vote__formula" }, `${vote.formula}.`, el("small", {}, vote.article)),
    isSecret(vote) ? el("p", { class: "ch-vote__formula" }, say("vote.secret")) : names(board, vote));
}

/** @param {Board} board @param {Vote} vote */
function names(board, vote) {
  const nameOf = new Map(board.members.map((one) => [one.id, one.name]));
  const listed = CHOICES.filter((choice) => vote.names[choice]?.length).map((choice) => el("div", {},
    el("dt", {}, signOf(choice), say(`choice.${choice}`)),
    el("dd", {}, vote.names[choice].map((id) => nameOf.get(id) ?? "").sort((one, two) => one.localeCompare(two, "it")).join(", "))));
  return el("div", {}, el("dl", { class: "ch-names" }, ...listed),
    el("details", { class: "ch-table" }, el("summary", {}, say("vote.tableOpen")), table(board, vote)));
}

/** @param {Board} board @param {Vote} vote */
function table(board, vote) {
  const choices = choicesOf(vote);
  const rows = groupsOf(board).flatMap((group) => group.members).filter((one) => choices.has(one.id))
    .map((one) => el("tr", {}, el("th", { scope: "row" }, one.name), el("td", {}, one.group), el("td", {}, say(`cast.${choices.get(one.id)}`))));
  const heads = ["name", "group", "choice"].map((name) => el("th", { scope: "col" }, say(`vote.${name}`)));
  return el("table", {}, el("caption", {}, say("vote.table", { title: vote.title })), el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...rows));
}

/** @param {HTMLElement} place @param {string} text */
function put(place, text) {
  if (place.textContent !== text) place.textContent = text;
}
