import { type Asset, pageStyle, scriptlessStyle } from './assets.ts';
import { html, jsonMarkup, Markup } from './markup.ts';

/** What one page differs in from another. */
export interface PageParts {
  readonly title: string;
  readonly main: Markup;
  /** Its script and the data for it; without it the page shows what needs none. */
  readonly script: Asset | null;
  readonly data: unknown;
  /** Of katydid, if the footer is to say it. */
  readonly version?: string | undefined;
}

/** One HTML page that needs nothing else, no network and no file beside it: the frame of all that katydid writes. */
export function pageFrame({ title, main, script, data, version = '' }: PageParts): string {
  const [style, scriptless] = [pageStyle(), scriptlessStyle()];
  const policy = `default-src 'none'; script-src ${script?.hash ?? "'none'"}; style-src ${style.hash} ${scriptless.hash}; base-uri 'none'; form-action 'none'`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="katydid">
<title>${title}</title>
<style>${asIs(style)}</style>
${script ? html`<noscript><style>${asIs(scriptless)}</style></noscript>` : html`<style>${asIs(scriptless)}</style>`}
</head>
<body>
<header><h1>${title}</h1><div id="controls" class="scripted"></div></header>
<main>
${main}</main>
<footer><p>Made by katydid${version && ` ${version}`}. All times are in UTC.</p></footer>
${
  script &&
  html`<script type="application/json" id="data">${jsonMarkup(data)}</script>
<script>${asIs(script)}</script>`
}
</body>
</html>
`.text;
}

/** Checked in `assets`. */
function asIs({ text }: Asset): Markup {
  return new Markup(text);
}
