import { ApiError, get } from './api.js';
import { h } from './dom.js';

/** @typedef {import('../views/log.ts').LogPart} LogPart */

const LOGS = { build: 'Job', serial: 'Console', detail: 'Set-up' };
/** Lines kept in the page. More would make it slow; the bucket has them all. */
const MOST_LINES = 20_000;

/** A run's growing log. Follows the end unless the reader scrolls up. */
export class LogView {
  #runId;
  #log = 'build';
  #offset = 0;
  #text = h('div', { class: 'log', tabindex: '0', role: 'log', 'aria-label': 'Log', 'aria-live': 'off' });
  #note = h('p', { class: 'note' });
  #rest = '';
  element;

  /** @param {string} runId */
  constructor(runId) {
    this.#runId = runId;
    const choice = h(
      'div',
      { class: 'choice', role: 'group', 'aria-label': 'Which log' },
      Object.entries(LOGS).map(([log, name]) =>
        h(
          'button',
          {
            type: 'button',
            'aria-pressed': String(log === 'build'),
            'data-log': log,
            onclick: () => this.#choose(log),
          },
          name,
        ),
      ),
    );
    this.element = h('section', { class: 'log-view' }, choice, this.#note, this.#text);
  }

  async refresh() {
    const log = this.#log;
    const offset = this.#offset;
    const query = `log=${log}&offset=${offset}`;
    try {
      const part = /** @type {LogPart} */ (await get(`/api/runs/${this.#runId}/log?${query}`));
      // Two simultaneous rounds read the same part; only the first one adds it.
      if (log === this.#log && offset === this.#offset) this.#add(part);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 404) throw error;
      this.#note.textContent = error.message;
    }
  }

  /** @param {string} log */
  #choose(log) {
    this.#log = log;
    this.#offset = 0;
    this.#clear();
    for (const button of /** @type {NodeListOf<HTMLElement>} */ (this.element.querySelectorAll('[data-log]')))
      button.ariaPressed = String(button.dataset.log === log);
    this.refresh();
  }

  #clear() {
    this.#text.replaceChildren();
    this.#rest = '';
    this.#note.textContent = '';
  }

  /** @param {LogPart} part */
  #add({ text, offset, skipped, isNew }) {
    if (isNew) this.#clear();
    this.#offset = offset;
    if (skipped > 0)
      this.#note.textContent = `The first ${Math.round(skipped / 1000)} KB are not shown. Use vicinity logs for the whole log.`;
    if (text === '') return;
    const isAtEnd = this.#text.scrollHeight - this.#text.scrollTop - this.#text.clientHeight < 40;
    const lines = (this.#rest + text).split('\n');
    this.#text.querySelector('.rest')?.remove();
    this.#rest = lines.pop() ?? '';
    const added = lines.map(lineElement);
    if (this.#rest !== '') added.push(h('div', { class: 'rest' }, this.#rest));
    this.#text.append(...added);
    while (this.#text.childElementCount > MOST_LINES) this.#text.firstChild?.remove();
    if (isAtEnd || isNew) this.#text.scrollTop = this.#text.scrollHeight;
  }
}

/** @param {string} line */
function lineElement(line) {
  const folded = line.toLowerCase();
  const kind = folded.includes('[error]') ? 'error' : folded.includes('[warn]') ? 'warn' : undefined;
  return h('div', { class: kind }, line || ' ');
}
