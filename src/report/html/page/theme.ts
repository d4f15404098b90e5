import { browser, find, make } from './dom.ts';

const themes = ['auto', 'light', 'dark'] as const;
type Theme = (typeof themes)[number];
const key = 'katydid-theme';

/** A button for light, dark, or what the system says; `onChange` after each change, and around printing. */
export function watchTheme(onChange: () => void): void {
  const button = make('button', { type: 'button', id: 'theme' });
  let chosen: Theme = themes.find((theme) => theme === remembered()) ?? 'auto';
  const show = (theme: Theme): void => {
    if (theme === 'auto') browser.document.documentElement.removeAttribute('data-theme');
    else browser.document.documentElement.setAttribute('data-theme', theme);
    button.textContent = `Theme: ${theme}`;
  };
  button.addEventListener('click', () => {
    chosen = themes[(themes.indexOf(chosen) + 1) % themes.length] ?? 'auto';
    remember(chosen);
    show(chosen);
    onChange();
  });
  show(chosen);
  find('#controls').append(button);
  browser.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', onChange);
  onPrint((isPrinting) => {
    show(isPrinting ? 'light' : chosen);
    onChange();
  });
}

/** Paper is light, and its charts are drawn before the browser looks at the page's style for print. */
function onPrint(listener: (isPrinting: boolean) => void): void {
  const print = browser.matchMedia('print');
  let isPrinting = false;
  const change = (next: boolean): void => {
    if (next === isPrinting) return;
    isPrinting = next;
    listener(next);
  };
  browser.addEventListener('beforeprint', () => change(true));
  browser.addEventListener('afterprint', () => change(false));
  print.addEventListener('change', () => change(print.matches));
}

/** A page from a file, or in a frame, may have no storage. */
function remembered(): string | null {
  try {
    return browser.localStorage.getItem(key);
  } catch {
    return null;
  }
}

function remember(theme: Theme): void {
  try {
    browser.localStorage.setItem(key, theme);
  } catch {
    // it lasts as long as the page
  }
}
