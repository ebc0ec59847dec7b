// @ts-check
/** Small questions of the console: pick a person, choose, write a line. One dialog for all. */

import { say } from "../live/wording.js";
import { el } from "./element.js";

const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("ask"));
const form = /** @type {HTMLFormElement} */ (dialog.querySelector('[data-part="ask-form"]'));
const body = /** @type {HTMLElement} */ (dialog.querySelector('[data-part="ask-body"]'));
const title = /** @type {HTMLElement} */ (document.getElementById("ask-title"));
const ok = /** @type {HTMLButtonElement} */ (dialog.querySelector('[data-part="ask-ok"]'));

dialog.querySelector('[data-part="ask-cancel"]')?.addEventListener("click", () => dialog.close(""));

/**
 * @typedef {{name: string, label: string, type?: "text"|"area"|"number"|"check"|"choice"|"people", value?: any,
 *   help?: string, options?: [string, string][], several?: boolean, required?: boolean}} Field
 */

/**
 * Ask with the fields shown; null when the person lets it be.
 * @param {string} question @param {Field[]} fields @param {{confirm?: string, isGrave?: boolean, note?: string}} [how]
 * @returns {Promise<Record<string, any>|null>}
 */
export function ask(question, fields, how = {}) {
  title.textContent = question;
  ok.textContent = how.confirm ?? ok.dataset.text ?? (ok.dataset.text = ok.textContent ?? "");
  ok.className = `rg-button ${how.isGrave ? "rg-button--stop" : "rg-button--go"}`;
  body.replaceChildren(...(how.note ? [el("p", {}, how.note)] : []), ...fields.map(drawn));
  dialog.returnValue = "";
  dialog.showModal();
  const first = /** @type {HTMLElement|null} */ (body.querySelector("input, select, textarea"));
  (first ?? ok).focus();
  return new Promise((answer) => {
    const done = () => answer(dialog.returnValue === "ok" ? Object.fromEntries(fields.map((field) => [field.name, read(field)])) : null);
    dialog.addEventListener("close", done, { once: true });
  });
}

form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target instanceof HTMLSelectElement) {
    event.preventDefault();
    form.requestSubmit(ok);
  }
});

/** @param {Field} field */
function drawn(field) {
  const id = `ask-field-${field.name}`;
  if (field.type === "people") return people(field, id);
  const input = control(field, id);
  const help = field.help ? el("p", { class: "cs-help", id: `${id}-help` }, field.help) : null;
  if (help) input.setAttribute("aria-describedby", help.id);
  if (field.type === "check") return el("p", {}, el("label", { class: "ar-check" }, input, el("span", {}, field.label)), help);
  return el("div", { class: "cs-field" }, el("label", { for: id }, field.label), input, help);
}

/** @param {Field} field @param {string} id */
function control(field, id) {
  const required = field.required !== false;
  if (field.type === "choice") {
    return el("select", { id }, ...(field.options ?? []).map(([value, text]) => el("option", { value, selected: value === field.value }, text)));
  }
  if (field.type === "area") return el("textarea", { id, rows: 3, maxlength: 4000, required }, field.value ?? "");
  if (field.type === "check") return el("input", { id, type: "checkbox", checked: Boolean(field.value) });
  return el("input", { id, type: field.type === "number" ? "number" : "text", min: field.type === "number" ? 0 : null, value: field.value ?? "", required, autocomplete: "off", maxlength: 500, onfocus: (/** @type {Event} */ event) => /** @type {HTMLInputElement} */ (event.target).select() });
}

/** A list narrowed by typing a few letters of the surname. @param {Field} field @param {string} id */
function people(field, id) {
  const list = el("select", { id, size: field.several ? 4 : 8, multiple: Boolean(field.several), "aria-label": field.label, onchange: () => tell() });
  const chosen = field.several ? el("p", { class: "cs-chosen", role: "status" }) : null;
  const tell = () => {
    if (chosen) chosen.textContent = chosenNames(list).join(", ") || say("nobody");
  };
  const show = (/** @type {string} */ typed) => {
    const kept = new Set(field.several ? chosenOf(list) : []);
    const found = (field.options ?? []).filter(([value, text]) => kept.has(value) || matches(text, typed));
    list.replaceChildren(...found.map(([value, text], at) => el("option", { value, selected: kept.has(value) || (!field.several && at === 0) }, text)));
    tell();
  };
  const search = el("input", {
    id: `${id}-search`, type: "search", autocomplete: "off",
    oninput: (/** @type {Event} */ event) => show(/** @type {HTMLInputElement} */ (event.target).value),
    onkeydown: (/** @type {KeyboardEvent} */ event) => onSearchKey(event, list, Boolean(field.several), show),
  });
  const preset = new Set(field.value ?? []);
  show("");
  for (const option of /** @type {HTMLSelectElement} */ (list).options) {
    if (preset.size) option.selected = preset.has(option.value);
    else if (field.several) option.selected = false;
  }
  tell();
  return el("div", { class: "cs-field" }, el("label", { for: `${id}-search` }, field.label), search, chosen, list, field.help ? el("p", { class: "cs-help" }, field.help) : null);
}

/** @param {KeyboardEvent} event @param {HTMLElement} list @param {boolean} several @param {(typed: string) => void} show */
function onSearchKey(event, list, several, show) {
  const select = /** @type {HTMLSelectElement} */ (list);
  if (event.key === "ArrowDown" && select.options.length) {
    event.preventDefault();
    select.focus();
  }
  if (event.key === "Enter" && several && /** @type {HTMLInputElement} */ (event.target).value) {
    event.preventDefault(); // the first that matches joins the chosen ones
    const search = /** @type {HTMLInputElement} */ (event.target);
    const first = [...select.options].find((option) => !option.selected && matches(option.text, search.value));
    if (first) first.selected = true;
    search.value = "";
    show("");
  }
}

/** @param {HTMLElement} list */
function chosenNames(list) {
  return [.../** @type {HTMLSelectElement} */ (list).selectedOptions].map((option) => option.text);
}

/** @param {HTMLElement} list */
function chosenOf(list) {
  return [.../** @type {HTMLSelectElement} */ (list).selectedOptions].map((option) => option.value);
}

/** Whether a name has a word that begins with what was typed. @param {string} text @param {string} typed */
export function matches(text, typed) {
  const plain = (/** @type {string} */ words) => words.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[’']/g, "");
  const wanted = plain(typed.trim());
  return !wanted || plain(text).split(/\s+/).some((word) => word.startsWith(wanted)) || plain(text).startsWith(wanted);
}

/** @param {Field} field */
function read(field) {
  const control = /** @type {HTMLInputElement} */ (document.getElementById(`ask-field-${field.name}`));
  if (field.type === "people") return field.several ? chosenOf(control) : chosenOf(control)[0] ?? "";
  if (field.type === "check") return control.checked;
  if (field.type === "number") return Number(control.value || 0);
  return control.value.trim();
}
