import { pageScript } from '../report/html/assets.ts';
import type { Markup } from '../report/html/markup.ts';
import { pageFrame } from '../report/html/page-frame.ts';

/** The page's script as compiled, or as written where the project runs from its sources. */
const entry = import.meta.url.endsWith('.ts')
  ? new URL('./page/main.ts', import.meta.url)
  : new URL('./page/main.js', import.meta.url);

/** A page in the report's frame. `data` is for its script; without it there is none. */
export function pageOf(title: string, main: Markup, data: unknown): string {
  return pageFrame({ title, main, script: data === null ? null : pageScript(entry), data });
}
