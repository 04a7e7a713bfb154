// The answer's side: one result, or the results of a subscription, the newest first.
import { highlightJson } from './highlight.js';

const MOST_SHOWN = 200;
const CLOCK = {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hour12: false,
};

export function createOutput(host) {
  const pre = (value) => {
    const made = document.createElement('pre');
    made.innerHTML = highlightJson(typeof value === 'string' ? value : JSON.stringify(value, null, 2));
    return made;
  };
  return {
    clear: () => host.replaceChildren(),
    show: (value) => host.replaceChildren(pre(value)),
    say(html) {
      const hint = document.createElement('div');
      hint.className = 'hint';
      hint.innerHTML = html;
      host.replaceChildren(hint);
    },
    event(value) {
      host.querySelector('.hint')?.remove();
      const made = document.createElement('div');
      made.className = 'event';
      const time = document.createElement('time');
      time.textContent = new Date().toLocaleTimeString(undefined, CLOCK);
      made.append(time, pre(value));
      host.prepend(made);
      if (host.childElementCount > MOST_SHOWN) host.lastElementChild.remove();
    },
  };
}
