import { get, getText } from './api.js';
import { confirmCancel, confirmRetry } from './dialogs.js';
import { byId, h, pill, since, when } from './dom.js';
import { LogView } from './log-view.js';

const TABS = { log: 'Log', load: 'Load', facts: 'Details', report: 'Report' };

/** One run: its state, log and load, and its actions. */
export class RunView {
  runId;
  #pane = byId('detail');
  #head = h('header', { class: 'head' });
  #body = h('div', { class: 'body' });
  #tab = 'log';
  #log;
  #run;
  #drawn = '';
  #onAsked;

  constructor(runId, onAsked) {
    this.runId = runId;
    this.#onAsked = onAsked;
    this.#log = new LogView(runId);
    this.#pane.replaceChildren(this.#head, this.#tabs(), this.#body);
    this.#choose(this.#tab);
  }

  async refresh() {
    this.#run = await get(`/api/runs/${this.runId}`);
    this.#drawHead();
    await this.#refreshTab(false);
  }

  #drawHead() {
    const run = this.#run;
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

  #actions(run) {
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
            onclick: () => this.#choose(tab),
            onkeydown: (event) => this.#turn(event),
          },
          name,
        ),
      ),
    );
  }

  #turn(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    const names = Object.keys(TABS);
    const next = names[(names.indexOf(this.#tab) + step + names.length) % names.length];
    this.#choose(next);
    byId(`tab-${next}`).focus();
  }

  #choose(tab) {
    this.#tab = tab;
    for (const button of this.#pane.querySelectorAll('[role=tab]')) {
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

  /** Details, load and report of a finished run are drawn once. */
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
      if (error.status !== 404) throw error;
      if (this.#tab === 'load') this.#body.replaceChildren(h('p', { class: 'note' }, error.message));
    }
  }
}

function summary(run) {
  const parts = [when(run.requestedAt)];
  if (!run.isFinished && run.startedAt) parts.push(h('span', {}, 'running for ', since(run.startedAt)));
  for (const text of [run.time, run.cost, run.machine, run.by && `by ${run.by}`]) if (text) parts.push(text);
  return parts.flatMap((part, index) => (index === 0 ? [part] : [' · ', part]));
}

function timeline(phases) {
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

function facts(run) {
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
  const row = ([first, ...rest]) =>
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

function reportFrame(runId) {
  const address = `/runs/${runId}/report`;
  return h(
    'div',
    { class: 'frame' },
    h('a', { href: address, target: '_blank', rel: 'noopener' }, 'Open the report in a new tab'),
    h('iframe', { src: address, title: 'Report of the run', sandbox: '' }),
  );
}
