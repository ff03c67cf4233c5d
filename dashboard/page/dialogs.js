import { ApiError, post, runOf } from './api.js';
import { byId, h } from './dom.js';

/** @typedef {import('../views/overview.ts').RunForm} RunForm */
/** @typedef {import('../views/run-detail.ts').RunDetail} RunDetail */
/** @typedef {import('./api.js').ValidationIssue} ValidationIssue */
/** @typedef {{ runId: string }} Accepted */
/**
 * @typedef {object} Question
 * @property {string} title
 * @property {Node[]} content
 * @property {string} [action] Word on the button that submits.
 * @property {boolean} [isDanger]
 * @property {(form: HTMLFormElement) => Promise<Accepted>} [submit]
 * @property {string} [dismiss]
 */

const dialog = /** @type {HTMLDialogElement} */ (byId('dialog'));

/**
 * Shows a dialog with a form. If `submit` throws, the dialog shows the error and stays open. Resolves with the result of `submit`, or
 * undefined if the dialog was closed.
 * @param {Question} question
 * @returns {Promise<Accepted | undefined>}
 */
function ask({ title, content, action = '', isDanger, submit, dismiss = submit ? 'Back' : 'Close' }) {
  return new Promise((resolve) => {
    const problem = h('div', { class: 'problem', role: 'alert', hidden: true });
    const button = h('button', { type: 'submit', class: isDanger ? 'danger' : 'primary' }, action);
    const form = h(
      'form',
      { method: 'dialog' },
      h('h2', { id: 'dialog-title', class: 'dialog-title' }, title),
      ...content,
      problem,
      h(
        'div',
        { class: 'buttons' },
        h('button', { type: 'button', onclick: () => dialog.close() }, dismiss),
        ...(submit ? [button] : []),
      ),
    );
    /** @type {Accepted | undefined} */
    let result;
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      button.disabled = true;
      button.textContent = 'Sending …';
      try {
        result = await submit?.(form);
        dialog.close();
      } catch (error) {
        problem.hidden = false;
        const issues = error instanceof ApiError ? error.issues : [];
        problem.replaceChildren(h('p', {}, /** @type {Error} */ (error).message), ...issueList(issues));
        button.disabled = false;
        button.textContent = action;
      }
    });
    dialog.addEventListener('close', () => resolve(result), { once: true });
    dialog.setAttribute('aria-labelledby', 'dialog-title');
    dialog.replaceChildren(form);
    dialog.showModal();
  });
}

/** @param {ValidationIssue[]} issues */
function issueList(issues) {
  if (issues.length === 0) return [];
  return [
    h(
      'ul',
      {},
      issues.map(({ field, problem, remedy }) => h('li', {}, `${field}: ${problem}. ${remedy}`)),
    ),
  ];
}

/**
 * Shows the form that starts a run. Resolves with the run id.
 * @param {RunForm} form
 */
export function askForRun(form) {
  const target = h(
    'select',
    { name: 'target', id: 'field-target' },
    form.targets.map(({ name }) => h('option', { value: name, selected: name === form.defaultTarget }, name)),
  );
  const machine = h(
    'select',
    { name: 'machineType', id: 'field-machine' },
    h('option', { value: '' }, 'default'),
    form.machineTypes.map((name) => h('option', { value: name }, name)),
  );
  const params = h('div', { class: 'params' });
  const drawParams = () => {
    const chosen = form.targets.find(({ name }) => name === target.value);
    params.replaceChildren(...(chosen?.params ?? []).map(paramField));
  };
  target.addEventListener('change', drawParams);
  drawParams();
  return ask({
    title: 'Start a run',
    content: [
      field('Target', target),
      params,
      field('Machine', machine),
      h(
        'p',
        { class: 'note' },
        'Uses the newest pushed package. If the VM is busy, the run waits in the queue.',
      ),
    ],
    action: 'Start',
    submit: async (element) => {
      const values = new FormData(element);
      const given = [...values].filter(([name, value]) => name.startsWith('param ') && value !== '');
      const wanted = {
        target: values.get('target'),
        params: Object.fromEntries(given.map(([name, value]) => [name.slice('param '.length), value])),
        ...(values.get('machineType') && { machineType: values.get('machineType') }),
      };
      return accepted(await post('/api/runs', wanted));
    },
  });
}

/** @param {RunForm['targets'][number]['params'][number]} param */
function paramField({ name, pattern, default: preset, description }) {
  const input = h('input', {
    name: `param ${name}`,
    id: `field-${name}`,
    pattern,
    placeholder: preset || 'not set',
    autocomplete: 'off',
    spellcheck: 'false',
    title: `Must match ${pattern}`,
  });
  return field(name, input, description);
}

/**
 * @param {string} name
 * @param {HTMLElement} control
 * @param {string} [description]
 */
function field(name, control, description) {
  return h(
    'div',
    { class: 'field' },
    h('label', { for: control.id }, name),
    control,
    ...(description ? [h('small', {}, description)] : []),
  );
}

/** @param {RunDetail} run */
export function confirmCancel(run) {
  return ask({
    title: `Cancel ${run.target}?`,
    content: [
      h(
        'p',
        {},
        run.startedAt
          ? 'This stops its VM. Files uploaded so far are kept; outputs are partial.'
          : 'This removes it from the queue. Nothing is started.',
      ),
      h('p', { class: 'note' }, run.runId),
    ],
    action: 'Cancel the run',
    dismiss: 'Keep running',
    isDanger: true,
    submit: async () => {
      await post(`/api/runs/${run.runId}/cancel`);
      return { runId: run.runId };
    },
  });
}

/** @param {RunDetail} run */
export function confirmRetry(run) {
  const params = Object.entries(run.request.params).map(([name, value]) => `${name}=${value}`);
  return ask({
    title: `Run ${run.target} again?`,
    content: [
      h('p', {}, 'Starts a new run with the same package and parameters.'),
      h('p', { class: 'note' }, [`package ${run.request.source.slice(0, 12)}`, ...params].join(' · ')),
    ],
    action: 'Run again',
    submit: async () => accepted(await post(`/api/runs/${run.runId}/retry`)),
  });
}

/**
 * @param {import('../actions.ts').Asked} request
 * @returns {Promise<Accepted>}
 */
async function accepted(request) {
  const runId = await runOf(request);
  if (runId) return { runId };
  throw new Error(
    'The request is published, but start-run has not answered within a minute. The run may still start.',
  );
}

const KEYS = {
  'j or ↓': 'next run',
  'k or ↑': 'previous run',
  Enter: 'open the run',
  '/': 'filter',
  '1 2 3 4': 'log, load, details, report',
  r: 'start a run',
  Esc: 'back to the list',
};

export function showKeys() {
  return ask({
    title: 'Keyboard shortcuts',
    content: [
      h(
        'dl',
        { class: 'keys pairs' },
        Object.entries(KEYS).map(([key, effect]) =>
          h('div', {}, h('dt', {}, h('kbd', {}, key)), h('dd', {}, effect)),
        ),
      ),
    ],
  });
}
