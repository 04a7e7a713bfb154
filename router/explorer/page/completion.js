// Names that fit where the cursor is: fields of the type at hand, arguments, and the type of each.
import { type } from './editor.js';
import { namedType, typeText } from './schema.js';

const TOKEN =
  /#[^\n]*|"""[\s\S]*?"""|"(?:\\.|[^"\\\n])*"?|\.\.\.|[$@]?[_A-Za-z]\w*|[{}()[\]:!=|]|-?\d[\w.]*/g;

/** What may stand at the end of `text`: walks the tokens with a stack of types. */
export function fitting(text, schema) {
  const stack = [];
  let parent;
  let field;
  let inArguments;
  let pending;
  let previous = '';
  for (const [token] of text.matchAll(TOKEN)) {
    if (token.startsWith('#')) continue;
    if (token === '{' && !inArguments) {
      stack.push(parent);
      parent = pending ?? (stack.length === 1 ? schema.byName.get(schema.roots.query) : undefined);
      pending = field = undefined;
    } else if (token === '}' && !inArguments) {
      parent = stack.pop();
      pending = field = undefined;
    } else if (token === '(') inArguments = field ?? { args: [] };
    else if (token === ')') inArguments = undefined;
    else if (inArguments) void 0;
    else if (stack.length === 0 && schema.roots[token]) pending = schema.byName.get(schema.roots[token]);
    else if (previous === 'on' && schema.byName.has(token)) pending = schema.byName.get(token);
    else if (parent && /^[_A-Za-z]/.test(token) && token !== 'on') {
      field = parent.fields?.find(({ name }) => name === token);
      pending = field && schema.byName.get(namedType(field.type).name);
    }
    previous = token;
  }
  if (inArguments) return previous === ':' ? [] : (inArguments.args ?? []);
  if (previous === 'on')
    return schema.types
      .filter(({ kind }) => kind !== 'SCALAR' && kind !== 'INPUT_OBJECT')
      .map(({ name }) => ({ name }));
  return parent?.fields ?? [];
}

export function createCompletion(editor, host, getSchema) {
  const { area } = editor;
  let menu;
  let chosen = 0;
  let offered = [];
  let word = '';

  const close = () => {
    menu?.remove();
    menu = undefined;
  };

  function offer(asked) {
    close();
    const schema = getSchema();
    if (!schema || area.selectionStart !== area.selectionEnd) return;
    const before = area.value.slice(0, area.selectionStart);
    word = /[_A-Za-z]\w*$/.exec(before)?.[0] ?? '';
    if (!asked && word === '') return;
    const start = word.toLowerCase();
    offered = fitting(before.slice(0, before.length - word.length), schema)
      .filter(({ name }) => name.toLowerCase().startsWith(start) && name !== word)
      .slice(0, 40);
    if (offered.length === 0) return;
    chosen = 0;
    menu = document.createElement('div');
    menu.className = 'menu';
    place(before);
    draw();
    host.append(menu);
  }

  function place(before) {
    const lines = before.split('\n');
    const { lineHeight, paddingLeft, paddingTop } = getComputedStyle(area);
    const left =
      Number.parseFloat(paddingLeft) + (lines.at(-1).length - word.length) * 7.83 - area.scrollLeft;
    menu.style.left = `${Math.max(8, Math.min(left, area.clientWidth - 240))}px`;
    menu.style.top = `${Number.parseFloat(paddingTop) + lines.length * Number.parseFloat(lineHeight) - area.scrollTop + 2}px`;
  }

  function draw() {
    menu.replaceChildren(
      ...offered.map((item, i) => {
        const row = document.createElement('div');
        row.className = i === chosen ? 'on' : '';
        row.append(item.name);
        const kind = document.createElement('span');
        kind.textContent = item.type ? typeText(item.type) : '';
        row.append(kind);
        row.title = item.description ?? '';
        row.addEventListener('mousedown', (event) => {
          event.preventDefault();
          take(i);
        });
        return row;
      }),
    );
    menu.children[chosen]?.scrollIntoView({ block: 'nearest' });
  }

  function take(i) {
    const rest = offered[i].name.slice(word.length);
    close();
    type(area, undefined, rest);
    close();
  }

  area.addEventListener('input', () => offer(false));
  area.addEventListener('blur', close);
  area.addEventListener('scroll', close);
  // Before the editor's own keys: Enter takes what is offered.
  area.addEventListener(
    'keydown',
    (event) => {
      if (event.key === ' ' && event.ctrlKey) {
        event.preventDefault();
        offer(true);
      } else if (menu && ['ArrowDown', 'ArrowUp'].includes(event.key)) {
        event.preventDefault();
        chosen = (chosen + (event.key === 'ArrowDown' ? 1 : offered.length - 1)) % offered.length;
        draw();
      } else if (menu && (event.key === 'Enter' || event.key === 'Tab') && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        take(chosen);
      } else if (menu && event.key === 'Escape') {
        event.preventDefault();
        close();
      }
    },
    true,
  );
}
