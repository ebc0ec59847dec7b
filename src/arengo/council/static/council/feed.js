// @ts-check
/** What reaches a public screen of the chamber: boards, the sitting's state, captions, the hour. */

import { CueList } from "../live/cues.js";
import { phaseOf, troubleOf } from "../live/phase.js";
import { Stream } from "../live/stream.js";
import { freshVote, ServerClock, viewOf } from "./board.js";

/** @typedef {import("./board.js").Board} Board */
/** @typedef {"board"|"words"} News */

export class Feed {
  /**
   * @param {{events: string, record: string}} addresses
   * @param {(news: News) => void} onNews
   */
  constructor({ events, record }, onNews) {
    this.record = record;
    this.onNews = onNews;
    /** @type {Board|null} */
    this.board = null;
    /** @type {import("../live/phase.js").Phase|null} */
    this.phase = null;
    this.isSecret = false;
    this.clock = new ServerClock();
    this.list = new CueList();
    this.partial = "";
    this.isLoaded = false;
    /** The last result that was shown: once something took its place it does not come back. */
    this.result = { id: "", isOver: false };
    const handlers = {
      board: (/** @type {Board} */ board) => this.#pushed(board),
      state: (/** @type {any} */ state) => this.#state(state),
      cue: (/** @type {import("../live/cues.js").Cue} */ one) => this.#cue(one),
      partial: (/** @type {{text: string}} */ heard) => this.#partial(heard.text),
    };
    this.stream = new Stream(() => events, handlers, () => void this.read());
  }

  open() {
    void this.stream.open();
    void this.read();
  }

  /** The one thing to show now. @returns {import("./board.js").View} */
  view() {
    if (this.isSecret) return "secret";
    const view = viewOf(this.board, this.clock.now());
    const id = view === "result" && this.board ? freshVote(this.board, this.clock.now())?.id ?? "" : "";
    if (id && id !== this.result.id) this.result = { id, isOver: false };
    if (view !== "result") this.result.isOver = true;
    return view === "result" && this.result.isOver ? "item" : view;
  }

  /** What to say of the line to us: nothing while all is well. */
  get trouble() {
    return troubleOf(navigator.onLine, this.stream.silence);
  }

  /** Reads the record: how the chamber stands when no board has come, and what time it is. */
  async read() {
    const asked = Date.now();
    try {
      const answer = await fetch(this.record, { cache: "no-cache" });
      if (!answer.ok) return;
      const board = await answer.json();
      this.clock.answered(board.now, asked, Date.now());
      this.#take(board);
    } catch {
      // the line is lost: boards come with the events when it is back
    } finally {
      this.isLoaded = true;
      this.onNews("board");
    }
  }

  /** @param {Board} board */
  #pushed(board) {
    this.clock.pushed(board.at);
    if (this.#take(board)) this.onNews("board");
  }

  /** An older board goes nowhere. @param {Board} board */
  #take(board) {
    if (this.board && board.seq <= this.board.seq) return false;
    this.board = board;
    return true;
  }

  /** @param {{sitting: string, signal: string, secret?: boolean}} state */
  #state(state) {
    this.phase = phaseOf(state);
    this.isSecret = this.phase === "secret";
    if (this.isSecret) this.#partial("");
    this.onNews("board");
  }

  /** @param {import("../live/cues.js").Cue} one */
  #cue(one) {
    if (!this.list.put(one)) return;
    this.partial = "";
    this.onNews("words");
  }

  /** @param {string} text */
  #partial(text) {
    this.partial = text;
    this.onNews("words");
  }
}
