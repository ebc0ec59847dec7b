// @ts-check
/** A template: its preview follows the text; of one with an error the last good preview stays. */

const PAUSE_MS = 500; // after the last key

const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-preview]"));
if (form) follow(form);

/** @param {HTMLElement} root @param {string} name */
function part(root, name) {
  return /** @type {HTMLElement} */ (root.querySelector(`[data-part="${name}"]`));
}

/** @param {HTMLFormElement} form */
function follow(form) {
  const text = /** @type {HTMLTextAreaElement} */ (form.querySelector("textarea"));
  const fault = part(form, "fault");
  let asked = 0;
  let timer = 0;
  const ask = async () => {
    const mine = ++asked;
    try {
      const answer = await fetch(form.dataset.preview ?? "", { method: "POST", body: new FormData(form) });
      const piece = await answer.text();
      if (mine === asked) show(form, text, answer.status, piece);
    } catch {
      if (mine === asked) part(form, "offline").hidden = false;
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE_MS);
  });
  fault.addEventListener("click", (event) => {
    const line = event.target instanceof HTMLElement ? event.target.dataset.line : undefined;
    if (line) goTo(text, Number(line));
  });
}

/** @param {HTMLFormElement} form @param {HTMLTextAreaElement} text @param {number} status @param {string} piece */
function show(form, text, status, piece) {
  const isFault = status === 422;
  if (status !== 200 && !isFault) {
    part(form, "offline").hidden = false;
    return;
  }
  part(form, "offline").hidden = true;
  part(form, isFault ? "fault" : "preview").innerHTML = piece;
  part(form, "fault").hidden = !isFault;
  part(form, "stale").hidden = !isFault;
  text.toggleAttribute("aria-invalid", isFault);
  if (isFault) text.setAttribute("aria-invalid", "true");
}

/** @param {HTMLTextAreaElement} text @param {number} line */
function goTo(text, line) {
  const lines = text.value.split("\n");
  const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  text.focus();
  text.setSelectionRange(start, start + (lines[line - 1] ?? "").length);
  text.scrollTop = (line - 4) * (text.scrollHeight / lines.length);
}
