import { get } from './api.js';
import { byId, h, pill, since, when } from './dom.js';

/** @typedef {import('../views/run-row.ts').RunRow} RunRow */
/** @typedef {{ runs: RunRow[], next?: string }} Page */
/** @typedef {Pick<import('../views/overview.ts').Overview, 'active' | 'queue'>} Live */

/** The list of runs: active and queued runs first, then the history, page by page. */
export class RunList {
  #rows = byId('rows');
  #more = byId('more');
  #filter = /** @type {HTMLInputElement} */ (byId('filter'));
  #count = byId('count');
  /** @type {Map<string, RunRow>} Runs by id, newest first. */
  #runs = new Map();
  /** @type {Map<string, HTMLElement>} */
  #elements = new Map();
  /** @type {string | undefined} */
  #next;
  /** @type {string | undefined} */
  #selected;
  #isLoading = false;
  /** @type {Live} */
  #overview = { queue: [] };

  constructor() {
    this.#more.addEventListener('click', () => this.loadOlder());
    this.#filter.addEventListener('input', () => this.#draw());
    // Loads older runs when the end of the list comes near.
    new IntersectionObserver(([entry]) => entry?.isIntersecting && this.loadOlder(), {
      rootMargin: '600px',
    }).observe(this.#more);
  }

  /** Reads the newest page again and keeps the other pages. */
  async refresh() {
    const { runs, next } = /** @type {Page} */ (await get('/api/runs'));
    const isFirst = this.#runs.size === 0;
    this.#take(runs);
    if (isFirst) this.#next = next;
    this.#draw();
  }

  async loadOlder() {
    if (!this.#next || this.#isLoading) return;
    this.#isLoading = true;
    try {
      const { runs, next } = /** @type {Page} */ (await get(`/api/runs?before=${this.#next}`));
      this.#take(runs);
      this.#next = next;
      this.#draw();
    } finally {
      this.#isLoading = false;
    }
  }

  /** @param {Live} overview */
  show(overview) {
    this.#overview = overview;
    this.#take([...(overview.active ? [overview.active] : []), ...overview.queue]);
    this.#draw();
  }

  /** @param {string} runId */
  select(runId) {
    this.#selected = runId;
    for (const [id, element] of this.#elements) mark(element, id === runId);
  }

  /**
   * Moves the focus up or down the list.
   * @param {1 | -1} step
   */
  move(step) {
    const links = /** @type {HTMLElement[]} */ ([...this.#rows.querySelectorAll('a.row')]);
    const at = links.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const start = at < 0 ? links.findIndex((link) => link.ariaCurrent === 'true') : at;
    links[Math.max(0, Math.min(links.length - 1, start + step))]?.focus();
  }

  focusFilter() {
    this.#filter.focus();
    this.#filter.select();
  }

  /** @param {RunRow[]} runs */
  #take(runs) {
    const isNew = runs.some(({ runId }) => !this.#runs.has(runId));
    for (const run of runs) this.#runs.set(run.runId, run);
    if (isNew) this.#runs = new Map([...this.#runs].sort(([a], [b]) => (a < b ? 1 : -1)));
  }

  #draw() {
    const { active, queue } = this.#overview;
    const live = [active?.runId, ...queue.map(({ runId }) => runId)].filter(Boolean);
    const words = this.#filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const shown = [...this.#runs.values()].filter((run) => matches(run, words));
    const history = shown.filter(({ runId }) => !live.includes(runId));
    const waiting = queue.filter((run) => matches(run, words));
    place(this.#rows, [
      ...(active && matches(active, words) ? [heading('Running'), this.#row(active)] : []),
      ...(waiting.length > 0 ? [heading('Queue'), ...waiting.map((run) => this.#row(run))] : []),
      ...(history.length > 0 ? [heading('Runs'), ...history.map((run) => this.#row(run))] : []),
      ...(this.#runs.size === 0 ? [h('p', { class: 'empty' }, 'No runs yet. Start one with “Run…”.')] : []),
    ]);
    this.#count.textContent = countText(
      shown.length,
      this.#runs.size,
      this.#next !== undefined,
      words.length > 0,
    );
    this.#more.hidden = !this.#next;
  }

  /**
   * The element of a run, replaced only if the run changed.
   * @param {RunRow} run
   */
  #row(run) {
    const look = JSON.stringify(run);
    const old = this.#elements.get(run.runId);
    if (old?.dataset.look === look) return old;
    const element = rowElement(run);
    element.dataset.look = look;
    mark(element, run.runId === this.#selected);
    const hadFocus = old === document.activeElement;
    old?.replaceWith(element);
    if (hadFocus) element.focus();
    this.#elements.set(run.runId, element);
    return element;
  }
}

/** @type {Map<string, HTMLElement>} */
const headings = new Map();

/** @param {string} text */
function heading(text) {
  const element = headings.get(text) ?? h('h2', {}, text);
  headings.set(text, element);
  return element;
}

/** @param {RunRow} run */
function rowElement(run) {
  const facts = run.isFinished
    ? [run.time, run.cost, run.by]
    : [run.startedAt ? since(run.startedAt) : undefined, run.machine, run.by];
  return h(
    'a',
    { class: 'row', href: `#/runs/${run.runId}` },
    h('span', { class: 'target' }, run.target),
    pill(run.word, run.tone),
    h(
      'span',
      { class: 'facts' },
      when(run.requestedAt),
      ...facts.filter(Boolean).flatMap((fact) => [' · ', fact]),
    ),
  );
}

/**
 * @param {HTMLElement} element
 * @param {boolean} isCurrent
 */
function mark(element, isCurrent) {
  if (isCurrent) element.setAttribute('aria-current', 'true');
  else element.removeAttribute('aria-current');
}

/**
 * @param {RunRow} run
 * @param {string[]} words
 */
function matches(run, words) {
  const text = `${run.target} ${run.runId} ${run.word} ${run.by} ${run.machine}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

/**
 * Puts the children in order and moves only those that are out of place.
 * @param {HTMLElement} parent
 * @param {Node[]} children
 */
function place(parent, children) {
  let at = parent.firstChild;
  for (const child of children) {
    if (child === at) at = at.nextSibling;
    else parent.insertBefore(child, at);
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

/**
 * @param {number} shown
 * @param {number} loaded
 * @param {boolean} hasMore
 * @param {boolean} isFiltered
 */
function countText(shown, loaded, hasMore, isFiltered) {
  if (isFiltered) return `${shown} of ${loaded}${hasMore ? ' loaded' : ''}`;
  return hasMore ? `${loaded} loaded` : `${loaded}`;
}
