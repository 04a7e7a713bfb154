import { createCompletion } from './completion.js';
import { createEditor } from './editor.js';
import { createOutput } from './events.js';
import { highlightGraphql, highlightJson } from './highlight.js';
import { createHistory, loadDraft, saveDraft } from './history.js';
import { operationAt, sendJson, sendStream } from './operations.js';
import { showPlan } from './plan.js';
import { loadSchema, starter } from './schema.js';
import { createSchemaView } from './schema-view.js';

const $ = (id) => document.getElementById(id);
const status = (text, bad = false) => {
  $('status').textContent = text;
  $('status').className = bad ? 'bad' : '';
};

const query = createEditor($('query'), highlightGraphql, 'Write an operation; Ctrl-Space offers what fits.');
const variables = createEditor($('variables'), highlightJson, '{ "id": "…" }');
const headers = createEditor($('headers'), highlightJson, '{ "x-aisle-region": "eu" }');
const output = createOutput($('response'));
const history = createHistory($('history'), (entry) => {
  query.value = entry.query;
  variables.value = entry.variables ?? '';
});
let schema;
let token;
let running;

for (const tabs of document.querySelectorAll('.tabs')) {
  tabs.addEventListener('click', ({ target }) => target.dataset.tab && showTab(tabs, target.dataset.tab));
}
function showTab(tabs, name) {
  for (const button of tabs.children) button.classList.toggle('on', button.dataset.tab === name);
  for (const panel of tabs.parentElement.querySelectorAll('[data-panel]'))
    panel.hidden = panel.dataset.panel !== name;
}

const objectOf = (editor, name) => {
  if (editor.value.trim() === '') return undefined;
  try {
    const value = JSON.parse(editor.value);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {}
  throw new Error(`The ${name} are no JSON object.`);
};

async function run() {
  if (running) return running.abort();
  const operation = operationAt(query.value, query.area.selectionStart);
  let extra;
  let params;
  try {
    extra = { ...(token && { authorization: `Bearer ${token}` }), ...objectOf(headers, 'headers') };
    params = {
      query: query.value,
      variables: objectOf(variables, 'variables'),
      operationName: operation?.name,
    };
  } catch (error) {
    return status(error.message, true);
  }
  running = new AbortController();
  $('run').textContent = 'Stop';
  $('run').classList.add('stop');
  history.add({
    name: operation?.name ?? operation?.kind ?? 'query',
    query: query.value,
    variables: variables.value,
  });
  try {
    if (operation?.kind === 'subscription') await listen(params, extra);
    else await ask(params, extra);
  } catch (error) {
    status(
      running.signal.aborted ? 'stopped' : `The router did not answer: ${error.message}`,
      !running.signal.aborted,
    );
  }
  running = undefined;
  $('run').textContent = 'Run';
  $('run').classList.remove('stop');
}

async function ask(params, extra) {
  status('running …');
  const wantsPlan = $('want-plan').checked;
  const answer = await sendJson(
    params,
    { ...extra, ...(wantsPlan && { 'x-aisle-plan': '1' }) },
    running.signal,
  );
  const { body } = answer;
  showPlan($('plan'), body?.extensions?.queryPlan);
  if (body?.extensions?.queryPlan) {
    delete body.extensions.queryPlan;
    if (Object.keys(body.extensions).length === 0) delete body.extensions;
  }
  output.show(body ?? answer.text);
  const size = answer.size < 1024 ? `${answer.size} B` : `${(answer.size / 1024).toFixed(1)} kB`;
  status(
    `${answer.status} · ${answer.took.toFixed(0)} ms · ${size}`,
    answer.status >= 400 || Boolean(body?.errors),
  );
}

async function listen(params, extra) {
  let count = 0;
  output.say('Subscribed. Events appear here as they happen.');
  status('live');
  await sendStream(params, extra, running.signal, (event) => {
    output.event(event);
    status(`live · ${++count} event${count === 1 ? '' : 's'}`);
  });
  status(`completed · ${count} event${count === 1 ? '' : 's'}`);
}

async function format() {
  const response = await fetch(`/explorer/format?text=${encodeURIComponent(query.value)}`);
  const text = await response.text();
  if (response.ok) query.value = `${text}\n`;
  else status(text, true);
}

async function signIn(login) {
  token = undefined;
  if (!login) return status('signed out');
  status('signing in …');
  const { body } = await sendJson({ query: login.query, variables: login.variables });
  token = login.token.split('.').reduce((value, key) => value?.[key], body?.data);
  status(token ? `signed in as ${login.label}` : 'That login was refused.', !token);
}

function fill(select, pick, items, labelOf) {
  pick.hidden = items.length === 0;
  for (const [i, item] of items.entries()) select.add(new Option(labelOf(item), String(i)));
}

async function begin() {
  const draft = loadDraft();
  if (draft) {
    query.value = draft.query;
    variables.value = draft.variables;
  }
  showPlan($('plan'), undefined);
  output.say(
    '<p><kbd>Ctrl</kbd> <kbd>Enter</kbd> runs the operation the cursor is in.</p><p><kbd>Ctrl</kbd> <kbd>Space</kbd> offers what fits. Click a root field on the left to write it.</p>',
  );
  const { logins, samples } = await (await fetch('/explorer/settings.json')).json();
  fill($('login'), $('login-pick'), logins, ({ label }) => label);
  fill($('sample'), $('sample-pick'), samples, ({ title }) => title);
  $('login').addEventListener('change', () => signIn(logins[Number($('login').value || -1)]));
  $('sample').addEventListener('change', () => {
    const sample = samples[Number($('sample').value || -1)];
    if (sample) show(sample);
  });
  schema = await loadSchema(sendJson);
  view.set(schema);
  if (query.value.trim() === '') show(samples[0] ?? { query: starter(schema) });
}

function show(sample) {
  query.value = sample.query;
  variables.value = sample.variables ? JSON.stringify(sample.variables, null, 2) : '';
}

const view = createSchemaView($('doc-body'), $('search'), (root, field) => {
  const given = field.args.filter((arg) => arg.type.kind === 'NON_NULL' && arg.defaultValue === null);
  const args = given.length ? `(${given.map(({ name }) => `${name}: `).join(', ')})` : '';
  query.value = `${query.value.trimEnd()}\n\n${root} {\n  ${field.name}${args}\n}\n`.trimStart();
  query.area.focus();
});
createCompletion(query, $('query'), () => schema);
for (const editor of [query, variables])
  editor.onChange(() => saveDraft({ query: query.value, variables: variables.value }));
$('run').addEventListener('click', run);
$('format').addEventListener('click', format);
document.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    run();
  } else if (event.code === 'KeyF' && event.shiftKey && event.altKey) {
    event.preventDefault();
    format();
  }
});
begin().catch((error) => status(error.message, true));
