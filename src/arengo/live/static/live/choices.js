// @ts-check
/** What a reader chose, remembered by their own browser and sent to nobody. */

/** @param {string} name @param {string} usual */
export function recall(name, usual) {
  try {
    return localStorage.getItem(`arengo.${name}`) ?? usual;
  } catch {
    return usual; // a browser that forbids it
  }
}

/** @param {string} name @param {string} value */
export function remember(name, value) {
  try {
    localStorage.setItem(`arengo.${name}`, value);
  } catch {
    // a browser that forbids it: the choice lasts as long as the page
  }
}

/**
 * Binds a select to a remembered choice.
 * @param {HTMLSelectElement} select its `name` names the choice
 * @param {(value: string) => void} apply called now and at each change
 */
export function bind(select, apply) {
  const known = recall(select.name, select.value);
  if ([...select.options].some(({ value }) => value === known)) select.value = known;
  select.addEventListener("change", () => {
    remember(select.name, select.value);
    apply(select.value);
  });
  apply(select.value);
}
