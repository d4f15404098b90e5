// The script and the style of the page, as text that stands in it.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { baseStyle } from './style/base.ts';
import { chartStyle } from './style/charts.ts';
import { tableStyle } from './style/tables.ts';

const require = createRequire(import.meta.url);
/** The page's script as compiled, or as written where the project runs from its sources. */
const entry = import.meta.url.endsWith('.ts')
  ? new URL('./page/main.ts', import.meta.url)
  : new URL('./page/main.js', import.meta.url);

export interface Asset {
  readonly text: string;
  /** As a policy names it: no other script or style may run. */
  readonly hash: string;
}

/** uPlot with its licence (MIT), then the page's own script: the report's, or that of another page at `url`. */
export function pageScript(url: URL = entry): Asset {
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(url)],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    charset: 'ascii',
    logLevel: 'silent',
    // no settings of whatever project the command is run in
    tsconfigRaw: {},
  });
  return asset(`${chartLibrary()}\n${outputFiles[0]?.text ?? ''}`);
}

function chartLibrary(): string {
  const licence = readFileSync(require.resolve('uplot/LICENSE'), 'utf8');
  return `/*! ${licence.replaceAll('*/', '')} */\n${readFileSync(require.resolve('uplot/dist/uPlot.iife.min.js'), 'utf8')}`;
}

export function pageStyle(): Asset {
  const charts = readFileSync(require.resolve('uplot/dist/uPlot.min.css'), 'utf8');
  return asset(`${charts}\n${baseStyle}${tableStyle}${chartStyle}`);
}

/** Without a script, all rows are shown and nothing waits for a chart. */
export function scriptlessStyle(): Asset {
  return asset('tr[hidden]{display:table-row}.beyond,.scripted{display:none}');
}

function asset(text: string): Asset {
  if (/<\/(script|style)/i.test(text)) throw new Error('the page’s own script or style would end its element');
  return { text, hash: `'sha256-${createHash('sha256').update(text).digest('base64')}'` };
}
