import { get } from './api.js';
import { RunView } from './detail.js';
import { askForRun, showKeys } from './dialogs.js';
import { byId, h, since, tick } from './dom.js';
import { RunList } from './list.js';

const REFRESH_MS = 2500;
/** How often the newest page of the history is read again. */
const HISTORY_EVERY = 4;

const list = new RunList();
let view;
/** The form of the last overview. */
let form;
let rounds = 0;

window.addEventListener('hashchange', route);
byId('run').addEventListener('click', newRun);
byId('help').addEventListener('click', showKeys);
document.querySelector('.skip').addEventListener('click', skipToRun);
document.addEventListener('keydown', onKey);
document.addEventListener('visibilitychange', () => !document.hidden && refresh());
setInterval(tick, 1000);
route();
loop();

/** Sends no requests while the page is hidden. */
async function loop() {
  for (;;) {
    if (!document.hidden) await refresh();
    await new Promise((resolve) => setTimeout(resolve, REFRESH_MS));
  }
}

async function refresh() {
  try {
    const history = rounds % HISTORY_EVERY === 0 ? list.refresh() : undefined;
    rounds += 1;
    const [overview] = await Promise.all([get('/api/overview'), history]);
    form = overview.form;
    drawBar(overview);
    list.show(overview);
    if (!view) openNewest(overview);
    await view?.refresh();
    problem('');
  } catch (error) {
    problem(error.message);
  }
}

/** A wide screen has room for the most relevant run. */
function openNewest({ active }) {
  if (location.hash.length > 2 || !matchMedia('(min-width: 900px)').matches) return;
  const first = active?.runId ?? document.querySelector('a.row')?.hash.split('/').at(-1);
  if (first) open(first);
}

function route() {
  const runId = /^#\/runs\/([\w-]+)$/.exec(location.hash)?.[1];
  document.body.classList.toggle('has-run', runId !== undefined);
  if (runId) {
    open(runId);
    view.refresh().catch((error) => problem(error.message));
    if (!matchMedia('(min-width: 900px)').matches) window.scrollTo(0, 0);
  }
}

function open(runId) {
  list.select(runId);
  if (view?.runId === runId) return;
  view = new RunView(runId, (asked) => {
    if (asked.runId !== runId) location.hash = `#/runs/${asked.runId}`;
    rounds = 0;
    refresh();
  });
}

function drawBar({ project, bucket, machine }) {
  byId('place').textContent = `${project} · gs://${bucket}`;
  const {
    name,
    zone,
    status,
    isOn,
    isHeld,
    machineType,
    cost,
    since: onSince,
    problem: unreadable,
  } = machine;
  const state = unreadable ? 'unknown' : isOn ? status.toLowerCase() : 'off';
  const parts = [
    machineType,
    onSince ? h('span', {}, 'on for ', since(onSince)) : undefined,
    cost,
    isHeld ? 'kept on by a hold' : undefined,
  ];
  byId('machine').replaceChildren(
    h('span', { class: `lamp ${unreadable ? 'unknown' : isOn ? 'on' : 'off'}`, 'aria-hidden': 'true' }),
    h('b', { title: `${name} in ${zone}` }, name),
    h('span', { class: 'state', title: unreadable }, state),
    h(
      'span',
      { class: 'facts' },
      parts.filter(Boolean).flatMap((part, index) => (index === 0 ? [part] : [' · ', part])),
    ),
  );
}

/** The link must not change the address, which holds the run. */
function skipToRun(event) {
  event.preventDefault();
  byId('detail').focus();
}

function problem(text) {
  const element = byId('problem');
  element.hidden = text === '';
  element.textContent = text;
}

async function newRun() {
  try {
    const asked = await askForRun(form ?? (await get('/api/overview')).form);
    if (asked) location.hash = `#/runs/${asked.runId}`;
    rounds = 0;
    await refresh();
  } catch (error) {
    problem(error.message);
  }
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || byId('dialog').open) return;
  const isTyping = event.target.matches('input, select, textarea');
  if (event.key === 'Escape') return leave(event.target);
  if (isTyping) return;
  const isInTabs = event.target.matches('[role=tab], .log');
  const actions = {
    j: () => list.move(1),
    k: () => list.move(-1),
    ...(!isInTabs && { ArrowDown: () => list.move(1), ArrowUp: () => list.move(-1) }),
    '/': () => list.focusFilter(),
    r: newRun,
    '?': showKeys,
  };
  const tab = document.querySelectorAll('[role=tab]')[Number(event.key) - 1];
  const action = actions[event.key] ?? (tab && (() => tab.click()));
  if (!action) return;
  event.preventDefault();
  action();
}

function leave(target) {
  if (target.id === 'filter') {
    target.value = '';
    target.dispatchEvent(new Event('input'));
    target.blur();
  } else location.hash = '#/';
}
