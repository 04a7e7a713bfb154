// A textarea over its own coloured copy: plain, fast, accessible, and every key of the browser works.
/** @returns {{ value: string, area: HTMLTextAreaElement, onChange(listener: () => void): void }} */
export function createEditor(host, highlight, placeholder = '') {
  const area = document.createElement('textarea');
  const copy = document.createElement('pre');
  area.spellcheck = false;
  area.autocapitalize = 'off';
  area.wrap = 'off';
  area.placeholder = placeholder;
  area.setAttribute('aria-label', host.dataset.label ?? 'Editor');
  copy.setAttribute('aria-hidden', 'true');
  host.append(copy, area);
  const listeners = [];

  const follow = () => {
    copy.scrollTop = area.scrollTop;
    copy.scrollLeft = area.scrollLeft;
  };
  const paint = () => {
    copy.innerHTML = `${highlight(area.value)}\n`;
    follow();
  };
  const changed = () => {
    paint();
    for (const listener of listeners) listener();
  };
  area.addEventListener('input', changed);
  area.addEventListener('scroll', follow);
  area.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Tab' && !event.shiftKey) type(area, event, '  ');
    else if (event.key === 'Enter') type(area, event, newLine(area));
    else if (
      event.key === '}' &&
      /^\s+$/.test(lineBefore(area)) &&
      area.selectionStart === area.selectionEnd
    ) {
      area.selectionStart -= Math.min(2, lineBefore(area).length);
      type(area, event, '}');
    } else if (event.key === '{' && area.selectionStart === area.selectionEnd) {
      type(area, event, '{}');
      area.selectionStart = area.selectionEnd = area.selectionEnd - 1;
    }
  });
  paint();
  return {
    area,
    get value() {
      return area.value;
    },
    set value(text) {
      area.value = text;
      changed();
    },
    onChange: (listener) => listeners.push(listener),
  };
}

const lineBefore = (area) =>
  area.value.slice(area.value.lastIndexOf('\n', area.selectionStart - 1) + 1, area.selectionStart);

/** Goes through the browser's own editing, so that undo works. */
export function type(area, event, text) {
  event?.preventDefault();
  area.focus();
  if (!document.execCommand('insertText', false, text)) {
    area.setRangeText(text, area.selectionStart, area.selectionEnd, 'end');
    area.dispatchEvent(new Event('input'));
  }
}

function newLine(area) {
  const indent = /^\s*/.exec(lineBefore(area))[0];
  const before = area.value[area.selectionStart - 1];
  const after = area.value[area.selectionEnd];
  if (before !== '{') return `\n${indent}`;
  if (after !== '}') return `\n${indent}  `;
  // Between two braces: the closing one goes below, the cursor in between.
  queueMicrotask(() => {
    area.selectionStart = area.selectionEnd = area.selectionEnd - indent.length - 1;
  });
  return `\n${indent}  \n${indent}`;
}
