// @ts-check
/**
 * The vote: the act in full, four buttons, a confirmation apart from them, and what the server
 * says of it. Nothing here is believed before the server says so; of a secret choice nothing
 * stays once the paper is in the box.
 */

import { say } from "../live/wording.js";
import { el } from "./element.js";
import { meaningOf } from "./seat_queue.js";
import { post, sentenceOf } from "./seat_line.js";
import { buttonWords, capital, choiceWords, enable, hour, isOn, part, redraw, root, show, write } from "./seat_parts.js";
import { actOf, choicesOf, voteStage } from "./seat_view.js";

const data = /** @type {Record<string, string>} */ (root.dataset);

export class VoteCard {
  /** @param {import("./seat_line.js").Line} line @param {(what: string, why: string) => void} refuse @param {(sentence: string) => void} announce */
  constructor(line, refuse, announce) {
    this.line = line;
    this.refuse = refuse;
    this.announce = announce;
    this.chosen = "";
    this.ballot = "";
    this.isPosting = false;
    this.isUnsure = false;
    /** @type {any} */
    this.facts = null;
    part("confirm").addEventListener("click", () => void this.#confirm());
    addEventListener("pagehide", () => this.#choose("")); // a page kept by the browser keeps no choice
  }

  /** @param {any} facts */
  draw(facts) {
    this.facts = facts;
    const { ballot } = facts;
    if ((ballot?.id ?? "") !== this.ballot) this.#begin(ballot?.id ?? "");
    show(part("vote"), Boolean(ballot), part("item-title"));
    if (!ballot) return;
    this.#act(ballot);
    const stage = voteStage(facts, this.#paperIn());
    const pending = this.line.queue.find("vote_cast", ballot.id);
    const isMine = stage === "choose" || stage === "paper";
    part("vote").dataset.stage = pending && isMine ? "pending" : stage;
    write(part("vote-title"), say(ballot.stage === "open" ? "vote.open" : "vote.closed"));
    this.#outcome(stage, ballot, pending);
    this.#buttons(ballot, pending?.event.choice ?? "");
    show(part("choose"), isMine, part("outcome").hidden ? part("vote-title") : part("outcome"));
  }

  /** @param {string} ballot */
  #begin(ballot) {
    this.ballot = ballot;
    this.chosen = "";
    this.isUnsure = false;
  }

  /** @param {any} ballot */
  #act(ballot) {
    const { item, amendment, title, subject, repeats } = actOf(this.facts, ballot);
    write(part("act-item"), item ? say("what.item", { number: item.number, title: item.title }) : "");
    const special = ["immediate", "as_amended", "secret_sitting"].includes(subject) ? say(`what.${subject}`) : "";
    const what = amendment ? say("what.amendment", { title: amendment.title }) : special || title;
    write(part("act-what"), what);
    const more = amendment ? [say(`what.effect.${amendment.effect}`), amendment.proposer && say("what.proposer", { name: amendment.proposer })] : [special && title !== special ? title : ""];
    write(part("act-more"), [...more, repeats && say("what.repeats")].filter(Boolean).join(" · "));
    show(part("act-text"), Boolean(amendment));
    write(part("act-text"), amendment ? amendment.text || say("what.noText") : "");
    const needed = ballot.needed ? say("vote.needed", { needed: ballot.needed }) : "";
    const majority = say("vote.majority", { ...ballot, majority: capital(ballot.majority) });
    write(part("act-majority"), `${capital(say(`method.${ballot.method}`))}. ${majority} ${needed}`);
    const isCounted = ballot.method === "electronic" || ballot.method === "roll_call";
    show(part("progress"), isCounted && ballot.stage === "open");
    write(part("progress"), say("voted", { count: ballot.voted.length, all: ballot.entitled.length }));
  }

  /** @param {string} stage @param {any} ballot @param {any} pending */
  #outcome(stage, ballot, pending) {
    const place = part("outcome");
    const text = this.#words(stage, ballot, pending);
    show(place, Boolean(text));
    place.dataset.level = pending || this.isUnsure ? "warn" : stage === "voted" || (stage === "closed" && this.facts.my_vote) ? "good" : "plain";
    write(place, text);
  }

  /** @param {string} stage @param {any} ballot @param {any} pending */
  #words(stage, ballot, pending) {
    const { my_vote: mine, my_vote_at: at, why_not: why } = this.facts;
    if (mine && at) return say("you.voted", { choice: choiceWords(mine), time: hour(at) });
    if (mine) return stage === "closed" && mine === "not_voting" && ballot.method === "electronic" ? say("you.silent") : say("you.counted", { choice: choiceWords(mine) });
    if (stage === "voted" || this.#paperIn() === ballot.id) return say("you.paperIn");
    if (pending) return say("you.pending", { choice: choiceWords(pending.event.choice) });
    if (stage === "no") return why || say("you.notEntitled");
    if (stage === "identity") return say("you.identity");
    if (stage === "elsewhere") return say(`you.${ballot.method}`);
    return this.isUnsure ? say("you.paperUnsure") : "";
  }

  /** @param {any} ballot @param {string} sent the choice on its way, "" while none is */
  #buttons(ballot, sent) {
    const place = part("choices");
    redraw(place, [ballot.id, choicesOf(ballot)], () => choicesOf(ballot).map((choice) => this.#button(choice)));
    place.dataset.many = String(choicesOf(ballot).length > 4);
    const isBusy = Boolean(sent) || this.isPosting;
    const shown = sent || this.chosen;
    for (const button of /** @type {NodeListOf<HTMLElement>} */ (place.querySelectorAll("button"))) {
      button.setAttribute("aria-pressed", String(button.dataset.choice === shown));
      enable(button, !isBusy);
    }
    const confirm = part("confirm");
    const sentence = ballot.method === "secret_electronic" ? "confirm.paper" : "confirm.vote";
    enable(confirm, Boolean(shown) && !isBusy);
    write(confirm, isBusy ? say(this.line.isThere ? "confirm.sending" : "confirm.waiting") : shown ? say(sentence, { choice: choiceWords(shown) }) : say("confirm.none"));
  }

  /** @param {string} choice */
  #button(choice) {
    const press = (/** @type {Event} */ event) => {
      if (isOn(/** @type {HTMLElement} */ (event.currentTarget))) this.#choose(choice);
    };
    return el("button", { type: "button", class: "st-choice", "data-choice": choice, "data-focus": choice, "aria-pressed": "false", onclick: press }, buttonWords(choice));
  }

  /** @param {string} choice */
  #choose(choice) {
    this.chosen = choice;
    if (this.facts?.ballot) this.draw(this.facts);
  }

  async #confirm() {
    const { ballot } = this.facts;
    if (!isOn(part("confirm")) || !ballot || !this.chosen) return;
    if (ballot.method === "secret_electronic") return this.#putIn(ballot);
    this.line.send("vote_cast", { ballot: ballot.id, choice: this.chosen });
  }

  /* The secret paper: a right from the pages, then the choice straight to the box. ----------- */

  /** @param {any} ballot */
  async #putIn(ballot) {
    this.isPosting = true;
    this.draw(this.facts);
    const given = await post(data.paper, {}, data.token);
    const answer = meaningOf(given.status) === "done" && given.facts.token
      ? await post(`${data.box}${encodeURIComponent(ballot.id)}`, { token: given.facts.token, choice: this.chosen }, "")
      : given;
    this.isPosting = false;
    this.#settle(ballot, answer);
  }

  /** @param {any} ballot @param {import("./seat_line.js").Answer} answer */
  #settle(ballot, { status, facts }) {
    const isTwice = facts.code === "voted_already";
    const isIn = facts.received === true || isTwice;
    const wasUnsure = this.isUnsure; // then the paper that is in may well be this one
    this.isUnsure = !isIn && meaningOf(status) === "again" && ballot.id === this.ballot;
    if (!this.isUnsure) this.chosen = "";
    if (isIn) this.#remember(ballot.id);
    if (isIn && !isTwice) this.announce(say("you.paperIn"));
    else if (isTwice && !wasUnsure) this.refuse(say("refused.paper"), sentenceOf(facts));
    else if (!isIn && !this.isUnsure && status !== 401) this.refuse(say("refused.paper"), sentenceOf(facts));
    this.line.hurry();
    this.draw(this.facts);
  }

  /** That a paper of this device is in the box, not what it says. @param {string} ballot */
  #remember(ballot) {
    this.inBox = ballot;
    try {
      sessionStorage.setItem(`arengo.paper.${data.uid}.${data.me}`, ballot);
    } catch {
      // a browser that forbids it: the box itself refuses a second paper
    }
  }

  /** @returns {string} */
  #paperIn() {
    try {
      return this.inBox ?? sessionStorage.getItem(`arengo.paper.${data.uid}.${data.me}`) ?? "";
    } catch {
      return this.inBox ?? "";
    }
  }
}
