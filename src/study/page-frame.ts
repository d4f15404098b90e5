import { type Asset, pageScript, pageStyle, scriptlessStyle } from '../report/html/assets.ts';
import { html, jsonMarkup, Markup } from '../report/html/markup.ts';

/** The page's script as compiled, or as written where the project runs from its sources. */
const script = import.meta.url.endsWith('.ts')
  ? new URL('./page/main.ts', import.meta.url)
  : new URL('./page/main.js', import.meta.url);

/** One HTML page that needs nothing else, in the report's style. `data` is for its script; without it there is none. */
export function pageOf(title: string, body: Markup, data: unknown): string {
  const [style, scriptless] = [pageStyle(), scriptlessStyle()];
  const code = data === null ? null : pageScript(script);
  const policy = `default-src 'none'; script-src ${code?.hash ?? "'none'"}; style-src ${style.hash} ${scriptless.hash}; base-uri 'none'; form-action 'none'`;
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
${code === null ? html`<style>${asIs(scriptless)}</style>` : html`<noscript><style>${asIs(scriptless)}</style></noscript>`}
</head>
<body>
<header><h1>${title}</h1><div id="controls" class="scripted"></div></header>
<main>
${body}</main>
<footer><p>Made by katydid. All times are in UTC.</p></footer>
${
  code !== null &&
  html`<script type="application/json" id="data">${jsonMarkup(data)}</script>
<script>${asIs(code)}</script>`
}
</body>
</html>
`.text;
}

/** Checked in `assets`. */
function asIs({ text }: Asset): Markup {
  return new Markup(text);
}
