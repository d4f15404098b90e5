// The script of the page runs in a browser, of which the compiler knows nothing here (src is Node's): this names the little
// that is used of one, for these files only.
export interface PageEvent {
  readonly target: PageElement | null;
  readonly key?: string;
  preventDefault(): void;
}

export interface PageElement {
  textContent: string | null;
  value: string;
  hidden: boolean;
  open: boolean;
  disabled: boolean;
  className: string;
  readonly clientWidth: number;
  readonly dataset: Record<string, string | undefined>;
  readonly style: { setProperty(name: string, value: string): void };
  readonly cells: ArrayLike<PageElement>;
  append(...nodes: readonly (PageElement | string)[]): void;
  before(...nodes: readonly (PageElement | string)[]): void;
  replaceChildren(...nodes: readonly (PageElement | string)[]): void;
  remove(): void;
  setAttribute(name: string, value: string): void;
  removeAttribute(name: string): void;
  closest(selector: string): PageElement | null;
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement>;
  addEventListener(type: string, listener: (event: PageEvent) => void): void;
}

interface MediaList {
  readonly matches: boolean;
  addEventListener(type: 'change', listener: () => void): void;
}

interface Page {
  readonly documentElement: PageElement;
  createElement(tag: string): PageElement;
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement>;
}

interface Browser {
  readonly document: Page;
  readonly devicePixelRatio: number;
  readonly localStorage: { getItem(name: string): string | null; setItem(name: string, value: string): void };
  matchMedia(query: string): MediaList;
  getComputedStyle(element: PageElement): { getPropertyValue(name: string): string };
  addEventListener(type: string, listener: () => void): void;
  readonly ResizeObserver: new (listener: () => void) => { observe(element: PageElement): void; disconnect(): void };
}

export const browser: Browser = globalThis as unknown as Browser;

/** The first that matches; it is in every report. */
export function find(selector: string, within: Pick<PageElement, 'querySelector'> = browser.document): PageElement {
  const found = within.querySelector(selector);
  if (!found) throw new Error(`the page has no ${selector}`);
  return found;
}

export function findAll(
  selector: string,
  within: Pick<PageElement, 'querySelectorAll'> = browser.document,
): readonly PageElement[] {
  return [...within.querySelectorAll(selector)];
}

/** An element; strings among its children are text, never markup. */
export function make(
  tag: string,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (PageElement | string)[]
): PageElement {
  const element = browser.document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}
