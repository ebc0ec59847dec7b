// @ts-check
/** The seats of the council in a hemicycle: shape and sign tell how each stands, colour repeats it. */

const SPACE = "http://www.w3.org/2000/svg";
const OUTER = 86; // radius of the outer row
const MARGIN = 1.3; // of a seat's radius, for the ring around who speaks

/** Signs inside a seat of radius 1; a state without one is the plain shape. */
const SIGNS = {
  favour: "M-.45 0 -.12 .36 .5 -.38",
  against: "M-.36 -.36 .36 .36M.36 -.36 -.36 .36",
  abstained: "M-.45 0 .45 0",
  voted: "M-.45 0 -.12 .36 .5 -.38",
  remote: "M-.4 .1A.45 .45 0 0 1 .4 .1M-.16 .3A.2 .2 0 0 1 .16 .3",
  lost: "M-.3 -.3 .3 .3",
};

/** @typedef {{x: number, y: number, angle: number}} Place */

/**
 * Places for so many seats, from left to right, the rows of one slice together.
 * @param {number} count @returns {{places: Place[], radius: number}}
 */
export function hemicycle(count) {
  const rows = count <= 9 ? 1 : count <= 24 ? 2 : count <= 42 ? 3 : 4;
  const step = rows === 1 ? 26 : 54 / rows;
  const radii = Array.from({ length: rows }, (_, row) => OUTER - row * step).reverse();
  const sizes = shares(count, radii);
  const places = radii.flatMap((radius, row) => arc(radius, sizes[row]));
  const gaps = radii.map((radius, row) => (sizes[row] > 1 ? (Math.PI * radius) / (sizes[row] - 1) : step));
  return { places: places.sort((one, two) => two.angle - one.angle || one.y - two.y), radius: Math.min(...gaps, step) * 0.42 };
}

/** Splits seats over rows as long as their arcs, all of them given. @param {number} count @param {number[]} radii */
function shares(count, radii) {
  const whole = radii.reduce((sum, radius) => sum + radius, 0);
  const sizes = radii.map((radius) => Math.floor((count * radius) / whole));
  for (let row = radii.length - 1, left = count - sizes.reduce((sum, size) => sum + size, 0); left > 0; left -= 1) {
    sizes[row] += 1;
    row = row > 0 ? row - 1 : radii.length - 1;
  }
  return sizes;
}

/** @param {number} radius @param {number} count @returns {Place[]} */
function arc(radius, count) {
  return Array.from({ length: count }, (_, at) => {
    const angle = count === 1 ? Math.PI / 2 : Math.PI - (Math.PI * at) / (count - 1);
    return { x: radius * Math.cos(angle), y: -radius * Math.sin(angle), angle };
  });
}

/**
 * Draws seats in the given order.
 * @param {{id: string, state: string, isSpeaking?: boolean}[]} seats @param {string} label in words
 * @returns {SVGElement}
 */
export function drawSeats(seats, label) {
  const { places, radius } = hemicycle(seats.length);
  const half = OUTER + MARGIN * radius;
  const box = [-half, -half, 2 * half, half + MARGIN * radius].map((one) => one.toFixed(1));
  const svg = shape("svg", { viewBox: box.join(" "), role: "img", "aria-label": label, class: "seats" });
  seats.forEach((seat, at) => svg.append(drawSeat(seat, places[at], radius)));
  return svg;
}

/** @param {{id: string, state: string, isSpeaking?: boolean}} seat @param {Place} place @param {number} radius */
function drawSeat({ id, state, isSpeaking }, { x, y }, radius) {
  const turned = `translate(${x.toFixed(2)} ${y.toFixed(2)}) scale(${radius.toFixed(3)})`;
  const group = shape("g", { class: "seat", "data-state": state, "data-member": id, transform: turned });
  if (isSpeaking) group.append(shape("circle", { r: "1.22", class: "seat__ring" }));
  group.append(state === "against" ? shape("rect", { x: "-.9", y: "-.9", width: "1.8", height: "1.8", rx: ".12", class: "seat__shape" }) : shape("circle", { r: "1", class: "seat__shape" }));
  const sign = SIGNS[/** @type {keyof typeof SIGNS} */ (state)];
  if (sign) group.append(shape("path", { d: sign, class: "seat__sign" }));
  return group;
}

/**
 * The sign of a choice or a standing by itself, to stand before its words.
 * @param {string} state @returns {SVGElement}
 */
export function signOf(state) {
  const svg = shape("svg", { viewBox: "-1.1 -1.1 2.2 2.2", "aria-hidden": "true", focusable: "false", class: "sign" });
  svg.append(drawSeat({ id: "", state }, { x: 0, y: 0, angle: 0 }, 1));
  return svg;
}

/** @param {string} tag @param {Record<string, string>} attributes @returns {SVGElement} */
function shape(tag, attributes) {
  const made = document.createElementNS(SPACE, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}
