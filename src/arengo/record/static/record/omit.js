// @ts-check
/** Puts what is selected in the text among the words to leave out. */

const button = /** @type {HTMLButtonElement} */ (document.querySelector("#aggiungi"));
const text = /** @type {HTMLElement} */ (document.querySelector("#testo"));
const words = /** @type {HTMLTextAreaElement} */ (document.querySelector("#id_texts"));

function selected() {
  const selection = getSelection();
  const isInside = selection?.anchorNode && text.contains(selection.anchorNode) && text.contains(selection.focusNode);
  return isInside ? String(selection).replace(/\s+/g, " ").trim() : "";
}

let kept = "";
document.addEventListener("selectionchange", () => {
  kept = selected() || kept; // pressing the button may take the selection away
});
button.hidden = false;
button.addEventListener("click", () => {
  if (!kept) return;
  const lines = words.value.split("\n").filter(Boolean);
  if (!lines.includes(kept)) lines.push(kept);
  words.value = `${lines.join("\n")}\n`;
  kept = "";
  getSelection()?.removeAllRanges();
});
