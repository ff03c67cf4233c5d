import { ApiError, get, getText } from './api.js';
import { confirmCancel, confirmRetry } from './dialogs.js';
import { byId, h, pill, since, when } from './dom.js';
import { LogView } from './log-view.js';

/** @typedef {import('../views/run-detail.ts').RunDetail} RunDetail */
/** @typedef {import('./dialogs.js').Accepted} Accepted */
/** @typedef {keyof typeof TABS} Tab */

const TABS = { log: 'Log', load: 'Load', facts: 'Details', report: 'Report' };

/** One run: its state, log and load, and its actions. */
export class RunView {
  runId;
  #pane = byId('detail');
  #head = h('header', { class: 'head' });
  #body = h('div', { class: 'body' });
  /** @type {Tab} */
  #tab = 'log';
  #log;
  /** @type {RunDetail | undefined} */
  #run;
  #drawn = '';
  #onAsked;

  /**
   * @param {string} runId
   * @param {(asked: Accepted) => void} onAsked Called once a request of this view is accepted.
   */
  constructor(runId, onAsked) {
    this.runId = runId;
    this.#onAsked = onAsked;
    this.#log = new LogView(runId);
    this.#pane.replaceChildren(this.#head, this.#tabs(), this.#body);
    this.#choose(this.#tab);
  }

  async refresh() {
    this.#run = /** @type {RunDetail} */ (await get(`/api/runs/${this.runId}`));
    this.#drawHead(this.#run);
    await this.#refreshTab(false);
  }

  /** @param {RunDetail} run */
  #drawHead(run) {
    const look = JSON.stringify(run);
    if (look === this.#drawn) return;
    this.#drawn = look;
    document.title = `${run.target} ${run.word} · vicinity`;
    const stage =
      !run.isFinished && run.phase
        ? h(
            'p',
            { class: 'stage' },
            'Phase ',
            h('b', {}, run.phase),
            run.phaseSince && h('span', {}, ' for ', since(run.phaseSince)),
          )
        : undefined;
    this.#head.replaceChildren(
      h('a', { class: 'back', href: '#/' }, '‹ Runs'),
      h('p', { class: 'kicker' }, run.runId),
      h(
        'div',
        { class: 'title' },
        h('h1', {}, run.target, ' ', pill(run.word, run.tone)),
        this.#actions(run),
      ),
      h('p', { class: 'facts' }, ...summary(run)),
      ...(run.reason ? [h('p', { class: `reason ${run.tone}` }, run.reason)] : []),
      ...(stage ? [stage] : []),
      ...(run.phases.length > 0 ? [timeline(run.phases)] : []),
    );
  }

  /** @param {RunDetail} run */
  #actions(run) {
    /** @param {Promise<Accepted | undefined>} promise */
    const done = (promise) => promise.then((asked) => asked && this.#onAsked(asked));
    return h(
      'div',
      { class: 'actions' },
      run.isFinished
        ? h('button', { type: 'button', id: 'retry', onclick: () => done(confirmRetry(run)) }, 'Run again…')
        : h(
            'button',
            { type: 'button', class: 'danger', id: 'cancel', onclick: () => done(confirmCancel(run)) },
            'Cancel…',
          ),
    );
  }

  #tabs() {
    return h(
      'div',
      { class: 'tabs', role: 'tablist', 'aria-label': 'What to show' },
      Object.entries(TABS).map(([tab, name]) =>
        h(
          'button',
          {
            type: 'button',
            role: 'tab',
            id: `tab-${tab}`,
            'data-tab': tab,
            'aria-controls': 'tab-body',
            onclick: () => this.#choose(/** @type {Tab} */ (tab)),
            onkeydown: (/** @type {KeyboardEvent} */ event) => this.#turn(event),
          },
          name,
        ),
      ),
    );
  }

  /** @param {KeyboardEvent} event */
  #turn(event) {
    const step = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
    const names = /** @type {Tab[]} */ (Object.keys(TABS));
    const next = names[(names.indexOf(this.#tab) + step + names.length) % names.length];
    if (step === 0 || !next) return;
    this.#choose(next);
    byId(`tab-${next}`).focus();
  }

  /** @param {Tab} tab */
  #choose(tab) {
    this.#tab = tab;
    for (const button of /** @type {NodeListOf<HTMLElement>} */ (this.#pane.querySelectorAll('[role=tab]'))) {
      const isChosen = button.dataset.tab === tab;
      button.setAttribute('aria-selected', String(isChosen));
      button.tabIndex = isChosen ? 0 : -1;
    }
    this.#body.className = `body show-${tab}`;
    Object.assign(this.#body, { id: 'tab-body' });
    this.#body.setAttribute('role', 'tabpanel');
    this.#body.setAttribute('aria-labelledby', `tab-${tab}`);
    this.#body.replaceChildren(
      ...(tab === 'log' ? [this.#log.element] : [h('p', { class: 'note' }, 'Loading …')]),
    );
    this.#refreshTab(true);
  }

  /**
   * Details, load and report of a finished run are drawn once.
   * @param {boolean} isNew
   */
  async #refreshTab(isNew) {
    const tab = this.#tab;
    const isLive = !this.#run?.isFinished;
    if (tab === 'log') return this.#log.refresh();
    if (!isNew && !isLive && this.#body.dataset.done === `${this.runId} ${tab}`) return;
    if (tab === 'load') await this.#drawLoad();
    else if (tab === 'facts' && this.#run) this.#body.replaceChildren(...facts(this.#run));
    else if (tab === 'report' && isNew) this.#body.replaceChildren(reportFrame(this.runId));
    if (!isLive && this.#run) this.#body.dataset.done = `${this.runId} ${tab}`;
  }

  async #drawLoad() {
    const width = Math.max(280, this.#body.clientWidth - 2);
    try {
      const text = await getText(`/api/runs/${this.runId}/load.svg?width=${width}`);
      const drawing = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement;
      drawing.setAttribute('role', 'img');
      drawing.setAttribute('aria-label', 'Processors and memory over time; the report has the figures');
      if (this.#tab === 'load') this.#body.replaceChildren(document.importNode(drawing, true));
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 404) throw error;
      if (this.#tab === 'load') this.#body.replaceChildren(h('p', { class: 'note' }, error.message));
    }
  }
}

/** @param {RunDetail} run */
function summary(run) {
  /** @type {(Node | string)[]} */
  const parts = [when(run.requestedAt)];
  if (!run.isFinished && run.startedAt) parts.push(h('span', {}, 'running for ', since(run.startedAt)));
  for (const text of [run.time, run.cost, run.machine, run.by && `by ${run.by}`]) if (text) parts.push(text);
  return parts.flatMap((part, index) => (index === 0 ? [part] : [' · ', part]));
}

/** @param {RunDetail['phases']} phases */
function timeline(phases) {
  /** @param {string} name */
  const kind = (name) => (name === 'make' || name === 'upload' ? name : 'setup');
  const bars = phases.map(({ name, time, share, cost }) => {
    const bar = h('i', { class: kind(name), title: `${name}: ${time}, ${cost}` });
    bar.style.flexGrow = String(Math.max(share, 0.004));
    return bar;
  });
  const words = phases.map(({ name, time }) => `${name} ${time}`).join(', ');
  const longest = phases.toSorted((a, b) => b.share - a.share).slice(0, 3);
  return h(
    'div',
    {},
    h('div', { class: 'timeline', role: 'img', 'aria-label': `Phases: ${words}` }, bars),
    h(
      'p',
      { class: 'phases', 'aria-hidden': 'true' },
      longest.map(({ name, time }) => h('span', {}, h('i', { class: kind(name) }), `${name} ${time}`)),
    ),
  );
}

/** @param {RunDetail} run */
function facts(run) {
  /**
   * @param {string[]} head
   * @param {Node[]} rows
   */
  const table = (head, rows) =>
    h(
      'div',
      { class: 'scroll' },
      h(
        'table',
        {},
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            head.map((name) => h('th', { scope: 'col' }, name)),
          ),
        ),
        h('tbody', {}, rows),
      ),
    );
  /** @param {string[]} cells */
  const row = ([first = '', ...rest]) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, first),
      rest.map((text) => h('td', {}, text)),
    );
  return [
    h(
      'dl',
      { class: 'pairs' },
      run.facts.map(({ name, value }) => h('div', {}, h('dt', {}, name), h('dd', {}, value))),
    ),
    ...(run.phases.length > 0
      ? [
          h('h2', {}, 'Phases'),
          table(
            ['Phase', 'Time', 'Cost'],
            run.phases.map(({ name, time, cost }) => row([name, time, cost])),
          ),
        ]
      : []),
    ...(run.outputList.length > 0
      ? [
          h('h2', {}, 'Outputs'),
          table(
            ['Path', 'Files', 'Size'],
            run.outputList.map(({ path, files, size }) => row([path, String(files), size])),
          ),
        ]
      : []),
    h('h2', {}, 'On the command line'),
    h('pre', {}, run.next.map(({ command }) => command).join('\n')),
  ];
}

/** @param {string} runId */
function reportFrame(runId) {
  const address = `/runs/${runId}/report`;
  return h(
    'div',
    { class: 'frame' },
    h('a', { href: address, target: '_blank', rel: 'noopener' }, 'Open the report in a new tab'),
    h('iframe', { src: address, title: 'Report of the run', sandbox: '' }),
  );
}
