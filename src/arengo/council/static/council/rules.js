// @ts-check
/** The guided page of the rules: the examples follow the answers, without sending the page. */

const PAUSE_MS = 400; // after the last key

const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-examples]"));
const place = document.querySelector("[data-part=examples]");
if (form && place) follow(form, place);

/** @param {HTMLFormElement} form @param {Element} place */
function follow(form, place) {
  let asked = 0;
  let timer = 0;
  const ask = async () => {
    const mine = ++asked;
    try {
      const answer = await fetch(form.dataset.examples ?? "", {
        method: "POST",
        body: new FormData(form),
        headers: { Accept: "text/html" },
      });
      const text = await answer.text();
      const isPiece = answer.ok || answer.status === 422;
      if (mine === asked && isPiece) place.innerHTML = text;
    } catch {
      // without network the button still asks the server
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE_MS);
  });
}
