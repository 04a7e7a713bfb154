// The schema browser: roots, types, fields, and a search over all of them.
import { namedType, typeText } from './schema.js';

const MOST_FOUND = 60;

export function createSchemaView(body, search, onInsert) {
  let schema;
  let trail = [];

  const element = (tag, text, className) => {
    const made = document.createElement(tag);
    if (text) made.textContent = text;
    if (className) made.className = className;
    return made;
  };
  const link = (text, go, className = 'link') => {
    const button = element('button', text, className);
    button.addEventListener('click', go);
    return button;
  };
  const typeLink = (type) => {
    const { name } = namedType(type);
    const [before, after] = typeText(type).split(name);
    const whole = document.createDocumentFragment();
    whole.append(
      before,
      link(name, () => open(name)),
      after,
    );
    return whole;
  };

  function open(name) {
    trail = [...trail.filter((other) => other !== name), name].slice(-4);
    search.value = '';
    show();
    body.scrollTop = 0;
  }

  function show() {
    body.replaceChildren();
    if (!schema) return;
    const found = search.value.trim().toLowerCase();
    if (found) return showFound(found);
    const name = trail.at(-1);
    const way = element('div', '', 'trail');
    way.append(
      link('Schema', () => {
        trail = [];
        show();
      }),
    );
    for (const step of trail) way.append(' › ', step === name ? step : link(step, () => open(step)));
    if (trail.length > 0) body.append(way);
    if (name) showType(schema.byName.get(name));
    else showAll();
  }

  function showAll() {
    for (const [kind, name] of Object.entries(schema.roots)) {
      if (!name) continue;
      body.append(element('h3', kind));
      for (const field of schema.byName.get(name).fields) body.append(fieldRow(field, kind));
    }
    body.append(element('h3', 'types'));
    for (const type of schema.types.filter(
      ({ kind, name }) => kind !== 'SCALAR' && !Object.values(schema.roots).includes(name),
    )) {
      const row = element('div', '', 'field');
      row.append(link(type.name, () => open(type.name)));
      body.append(row);
    }
  }

  function showType(type) {
    body.append(element('h2', type.name), element('p', type.description ?? ''));
    const lists = [
      ['implements', type.interfaces],
      ['possible types', type.possibleTypes],
    ];
    for (const [title, list] of lists) {
      if (!list?.length) continue;
      body.append(element('h3', title));
      for (const other of list)
        body.append(
          link(other.name, () => open(other.name)),
          ' ',
        );
    }
    const fields = type.fields ?? type.inputFields;
    if (fields?.length) body.append(element('h3', 'fields'), ...fields.map((field) => fieldRow(field)));
    if (type.enumValues?.length) {
      body.append(element('h3', 'values'));
      for (const value of type.enumValues) {
        const row = element('div', '', 'field');
        row.append(
          element('code', value.name, value.isDeprecated ? 'deprecated' : ''),
          element('p', value.description ?? ''),
        );
        body.append(row);
      }
    }
  }

  function fieldRow(field, root) {
    const row = element('div', '', 'field');
    const code = element('code');
    const name = root
      ? link(field.name, () => onInsert(root, field), 'link name')
      : element('span', field.name, 't-key');
    if (root) name.title = `Write this ${root} into the editor`;
    if (field.isDeprecated) name.classList.add('deprecated');
    code.append(name);
    if (field.args?.length) {
      code.append('(');
      for (const [i, arg] of field.args.entries()) {
        code.append(
          i ? ', ' : '',
          arg.name,
          ': ',
          typeLink(arg.type),
          arg.defaultValue ? ` = ${arg.defaultValue}` : '',
        );
      }
      code.append(')');
    }
    code.append(': ', typeLink(field.type));
    row.append(code);
    const words = [field.description, field.isDeprecated && `Deprecated: ${field.deprecationReason ?? ''}`]
      .filter(Boolean)
      .join(' ');
    if (words) row.append(element('p', words));
    return row;
  }

  function showFound(text) {
    let count = 0;
    for (const type of schema.types) {
      const matches = (type.fields ?? type.inputFields ?? []).filter(({ name }) =>
        name.toLowerCase().includes(text),
      );
      if (!matches.length && !type.name.toLowerCase().includes(text)) continue;
      if (++count > MOST_FOUND) return body.append(element('p', 'More were found: write more.'));
      const row = element('div', '', 'field');
      row.append(link(type.name, () => open(type.name)));
      for (const field of matches.slice(0, 6))
        row.append(document.createElement('br'), element('code', `  ${field.name}: ${typeText(field.type)}`));
      body.append(row);
    }
    if (count === 0) body.append(element('p', 'Nothing is called that.'));
  }

  search.addEventListener('input', show);
  return {
    set(loaded) {
      schema = loaded;
      show();
    },
  };
}
