import { get } from './api.js';
import { RunView } from './detail.js';
import { askForRun, showKeys } from './dialogs.js';
import { byId, h, since, tick } from './dom.js';
import { RunList } from './list.js';

const REFRESH_MS = 2500;
/** How often the newest page of the history is read again. */
const HISTORY_EVERY = 4;

/** @typedef {import('../views/overview.ts').Overview} Overview */

const list = new RunList();
/** @type {RunView | undefined} */
let view;
/** @type {Overview['form'] | undefined} */
let form;
let rounds = 0;

window.addEventListener('hashchange', route);
byId('run').addEventListener('click', newRun);
byId('help').addEventListener('click', showKeys);
document.querySelector('.skip')?.addEventListener('click', skipToRun);
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
    const [overview] = await Promise.all([readOverview(), history]);
    form = overview.form;
    drawBar(overview);
    list.show(overview);
    notice(overview.staleConfig);
    if (!view) openNewest(overview);
    await view?.refresh();
    problem('');
  } catch (error) {
    problem(messageOf(error));
  }
}

/** @returns {Promise<Overview>} */
function readOverview() {
  return get('/api/overview');
}

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

/**
 * A wide screen has room for the most relevant run.
 * @param {Overview} overview
 */
function openNewest({ active }) {
  if (location.hash.length > 2 || !matchMedia('(min-width: 900px)').matches) return;
  const newest = /** @type {HTMLAnchorElement | null} */ (document.querySelector('a.row'));
  const first = active?.runId ?? newest?.hash.split('/').at(-1);
  if (first) open(first);
}

function route() {
  const runId = /^#\/runs\/([\w-]+)$/.exec(location.hash)?.[1];
  document.body.classList.toggle('has-run', runId !== undefined);
  if (runId) {
    open(runId)
      .refresh()
      .catch((error) => problem(messageOf(error)));
    if (!matchMedia('(min-width: 900px)').matches) window.scrollTo(0, 0);
  }
}

/**
 * Shows the run.
 * @param {string} runId
 */
function open(runId) {
  list.select(runId);
  if (view?.runId === runId) return view;
  view = new RunView(runId, (asked) => {
    if (asked.runId !== runId) location.hash = `#/runs/${asked.runId}`;
    rounds = 0;
    refresh();
  });
  return view;
}

/** @param {Overview} overview */
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
  const state = unreadable ? 'unknown' : isOn ? status?.toLowerCase() : 'off';
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

/**
 * The link must not change the address, which holds the run.
 * @param {Event} event
 */
function skipToRun(event) {
  event.preventDefault();
  byId('detail').focus();
}

/** @param {string} text */
function problem(text) {
  show('problem', text);
}

/**
 * @param {string} id
 * @param {string} text Empty: hides the element.
 */
function show(id, text) {
  const element = byId(id);
  element.hidden = text === '';
  if (element.textContent !== text) element.textContent = text;
}

/** @param {string} text What runs use instead of the local vicinity.yaml. */
function notice(text) {
  show('notice', text);
}

async function newRun() {
  try {
    const asked = await askForRun(form ?? (await readOverview()).form);
    if (asked) location.hash = `#/runs/${asked.runId}`;
    rounds = 0;
    await refresh();
  } catch (error) {
    problem(messageOf(error));
  }
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  const dialog = /** @type {HTMLDialogElement} */ (byId('dialog'));
  const { target } = event;
  if (!(target instanceof Element) || event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
  if (event.key === 'Escape') return leave(target);
  if (target.matches('input, select, textarea')) return;
  const isInTabs = target.matches('[role=tab], .log');
  /** @type {Record<string, (() => void) | undefined>} */
  const actions = {
    j: () => list.move(1),
    k: () => list.move(-1),
    ...(!isInTabs && { ArrowDown: () => list.move(1), ArrowUp: () => list.move(-1) }),
    '/': () => list.focusFilter(),
    r: newRun,
    '?': showKeys,
  };
  const tabs = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[role=tab]'));
  const tab = tabs[Number(event.key) - 1];
  const action = actions[event.key] ?? (tab && (() => tab.click()));
  if (!action) return;
  event.preventDefault();
  action();
}

/** @param {Element} target */
function leave(target) {
  if (target instanceof HTMLInputElement && target.id === 'filter') {
    target.value = '';
    target.dispatchEvent(new Event('input'));
    target.blur();
  } else location.hash = '#/';
}
