// What was run before, in this browser only. Headers are not kept: they hold credentials.
const KEY = 'aisle-explorer-history';
const DRAFT = 'aisle-explorer-draft';
const MOST = 50;

const read = (key, otherwise) => {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? otherwise;
  } catch {
    return otherwise;
  }
};

export function createHistory(host, onPick) {
  const show = () => {
    const entries = read(KEY, []);
    host.replaceChildren();
    if (entries.length === 0)
      host.innerHTML = '<div class="hint">What you run is kept here, in this browser.</div>';
    for (const entry of entries) {
      const button = document.createElement('button');
      button.className = 'past';
      const name = document.createElement('b');
      name.textContent = entry.name;
      const when = document.createElement('span');
      when.textContent = new Date(entry.at).toLocaleString();
      const code = document.createElement('code');
      code.textContent = entry.query.replace(/\s+/g, ' ').slice(0, 120);
      button.append(name, when, code);
      button.addEventListener('click', () => onPick(entry));
      host.append(button);
    }
  };
  show();
  return {
    add(entry) {
      const others = read(KEY, []).filter(
        ({ query, variables }) => query !== entry.query || variables !== entry.variables,
      );
      localStorage.setItem(KEY, JSON.stringify([{ ...entry, at: Date.now() }, ...others].slice(0, MOST)));
      show();
    },
  };
}

export const loadDraft = () => read(DRAFT, undefined);
export const saveDraft = (draft) => localStorage.setItem(DRAFT, JSON.stringify(draft));
