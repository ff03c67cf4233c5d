/** @typedef {Node | string | undefined | false} Child */
/** @typedef {string | number | boolean | undefined | ((event: any) => unknown)} Attribute An `on…` attribute is a listener. */

/**
 * An element: `h('a', { href: '#/', class: 'row' }, 'text', child)`. Text is never read as HTML.
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Record<string, Attribute>} attributes
 * @param {(Child | Child[])[]} children
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (typeof value === 'function') element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? '' : String(value));
  }
  for (const child of children.flat()) if (child) element.append(child);
  return element;
}

/**
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`The page has no element ${id}.`);
  return element;
}

/**
 * A run's end or stage, coloured.
 * @param {string} word
 * @param {string} tone
 */
export function pill(word, tone) {
  return h('span', { class: `pill ${tone}` }, word);
}

/**
 * `24 Nov, 03:06` in UTC, with the whole time to point at.
 * @param {string} time
 */
export function when(time) {
  const date = new Date(time);
  const [, day, month, , clock = ''] = date.toUTCString().split(/[ ,]+/);
  return h(
    'time',
    { datetime: time, title: date.toUTCString() },
    `${Number(day)} ${month}, ${clock.slice(0, 5)}`,
  );
}

/**
 * Time since then, kept up to date by `tick`.
 * @param {string} time
 */
export function since(time) {
  return h('span', { class: 'since', 'data-since': time }, describeSince(time));
}

/** Brings every `since` of the page up to date. */
export function tick() {
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-since]')))
    element.textContent = describeSince(element.dataset.since ?? '');
}

/** @param {string} time */
function describeSince(time) {
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(time)) / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}
