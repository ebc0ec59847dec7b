// The sha256 of a file, counted here: only it is asked, the file never leaves the computer.

const box = document.getElementById("lascia");
const input = document.getElementById("file");
const said = document.getElementById("conta");

export const hex = (bytes) => [...new Uint8Array(bytes)].map((b) => b.toString(16).padStart(2, "0")).join("");

// The act's code stands in the metadata of our PDF in the clear, whatever else was changed.
export const codeIn = (bytes) => {
  const text = new TextDecoder("latin1").decode(bytes);
  return text.match(/arengo:atto:([0-9a-f]{16})/)?.[1] ?? "";
};

async function ask(file) {
  said.textContent = said.dataset.busy;
  try {
    const bytes = await file.arrayBuffer();
    const asked = new URLSearchParams({ impronta: hex(await crypto.subtle.digest("SHA-256", bytes)) });
    const code = codeIn(bytes);
    if (code) asked.set("atto", code);
    location.assign(`?${asked}#esito`);
  } catch {
    said.textContent = said.dataset.failed;
  }
}

if (box && globalThis.crypto?.subtle) {
  box.hidden = false;
  input.addEventListener("change", () => input.files[0] && ask(input.files[0]));
  for (const name of ["dragenter", "dragover"]) {
    box.addEventListener(name, (event) => { event.preventDefault(); box.classList.add("is-over"); });
  }
  box.addEventListener("dragleave", () => box.classList.remove("is-over"));
  box.addEventListener("drop", (event) => {
    event.preventDefault();
    box.classList.remove("is-over");
    if (event.dataTransfer.files[0]) ask(event.dataTransfer.files[0]);
  });
}
