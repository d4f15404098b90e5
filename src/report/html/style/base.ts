// Colours, type and the parts that are neither table nor chart. Contrast of text is 4.5 : 1 or more, of lines 3 : 1.

/** Line colours are told apart by all common kinds of colour vision (after Okabe and Ito), and by dashes. */
const light = `color-scheme:light;--back:#fbfcfb;--card:#fff;--text:#18211c;--quiet:#57635c;--grid:#e3e8e4;--edge:#cfd7d1;
--link:#0b5c8f;--mark:#2e6f40;--good:#1f6b35;--good-back:#e9f5ec;--bad:#a8290f;--bad-back:#fdeeea;--warn:#7a5200;
--warn-back:#fff6dd;--stripe:#f3f6f4;--fill:26;--line-0:#18211c;--line-1:#0b66a8;--line-2:#c2410c;--line-3:#00795c;
--line-4:#96367a;--line-5:#8a6d00;--line-6:#3f8fc4;--line-7:#6b6b6b;`;
const dark = `color-scheme:dark;--back:#121614;--card:#191f1c;--text:#e6ece8;--quiet:#a3afa8;--grid:#2a332e;--edge:#3b4640;
--link:#7cc4f0;--mark:#7fcf93;--good:#7fd596;--good-back:#16281c;--bad:#ff9a80;--bad-back:#331a14;--warn:#f0c75a;
--warn-back:#2c2512;--stripe:#1c2320;--fill:30;--line-0:#e6ece8;--line-1:#5cb3ef;--line-2:#ff8a4c;--line-3:#3fc9a2;
--line-4:#e58fcb;--line-5:#e3c54a;--line-6:#a9d4f5;--line-7:#a8a8a8;`;

export const baseStyle: string = `
:root{${light}}
@media (prefers-color-scheme:dark){:root:not([data-theme=light]){${dark}}}
:root[data-theme=dark]{${dark}}
*{box-sizing:border-box}
html{font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"Noto Sans",sans-serif;
  background:var(--back);color:var(--text);-webkit-text-size-adjust:100%}
body{margin:0 auto;max-width:86rem;padding:1.25rem 1.5rem 3rem}
a{color:var(--link)}
:focus-visible{outline:2px solid var(--link);outline-offset:2px;border-radius:2px}
code,pre{font:0.875em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
h1,h2,h3{line-height:1.25;text-wrap:balance;overflow-wrap:anywhere}
h1{font-size:1.6rem;font-weight:650;letter-spacing:-0.01em;margin:0}
h2{font-size:1.25rem;font-weight:650;margin:2.75rem 0 0.75rem}
h3{font-size:0.9375rem;font-weight:600;margin:0}
td,th,dd,li,code,option{unicode-bidi:isolate}
header{display:flex;flex-wrap:wrap;gap:0.5rem 1rem;align-items:center;justify-content:space-between;margin-bottom:1rem}
header h1{flex:1 1 16rem}
button,select,input{font:inherit;font-size:0.875rem;color:inherit;background:var(--card);border:1px solid var(--edge);
  border-radius:6px;padding:0.3rem 0.65rem;min-height:2.25rem}
button{cursor:pointer}
button:hover{border-color:var(--quiet)}
.note{color:var(--quiet);font-size:0.875rem;font-weight:400}
.verdict{border-left:5px solid var(--quiet);background:var(--stripe);border-radius:0 8px 8px 0;padding:0.9rem 1.15rem}
.verdict p,.verdict ul{margin:0.25rem 0 0}
.verdict .mark{margin:0;font-size:0.9375rem;font-weight:650;color:var(--quiet)}
.verdict .conclusion{font-size:1.2rem;line-height:1.4;font-weight:550;text-wrap:pretty}
.verdict ul{padding-left:1.25rem}
.verdict.passed{border-color:var(--good);background:var(--good-back)}
.verdict.passed .mark{color:var(--good)}
.verdict.failed{border-color:var(--bad);background:var(--bad-back)}
.verdict.failed .mark{color:var(--bad)}
.remarks{margin-top:0.75rem;border-left:5px solid var(--warn);background:var(--warn-back);border-radius:0 8px 8px 0;
  padding:0.75rem 1.15rem;overflow-wrap:anywhere}
.remarks h2{font-size:0.9375rem;color:var(--warn);margin:0}
.remarks ul{margin:0.25rem 0 0;padding-left:1.25rem}
dl{margin:0}
dd{margin:0}
dt,dd{overflow-wrap:anywhere}
dt{color:var(--quiet);font-size:0.8125rem}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.25rem,1fr));gap:0.75rem 1.5rem;margin:1.5rem 0;
  padding:1rem 0;border-block:1px solid var(--grid)}
.figures dd{font-size:1.5rem;line-height:1.25;font-weight:600;font-variant-numeric:tabular-nums;letter-spacing:-0.01em}
.figures small{font-size:0.8125rem;font-weight:400;color:var(--quiet);letter-spacing:0;white-space:nowrap}
.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(15rem,1fr));gap:0.75rem 1.5rem}
.facts dd,.options dd{font-size:0.9375rem}
nav{position:sticky;top:0;z-index:3;margin:1.5rem 0 0;background:var(--back);border-bottom:1px solid var(--grid)}
nav ul{display:flex;gap:0 1.25rem;list-style:none;margin:0;padding:0;overflow-x:auto;scrollbar-width:thin}
nav a{display:block;padding:0.6rem 0;white-space:nowrap;font-size:0.9375rem;text-decoration:none}
nav a:hover{text-decoration:underline}
[id]{scroll-margin-top:3.5rem}
.columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr));gap:1.5rem}
.ratios{list-style:none;margin:0.35rem 0 0;padding:0}
.ratios .ratios{margin:0 0 0 0.6rem;padding-left:0.9rem;border-left:1px solid var(--edge)}
.ratios li{overflow-wrap:anywhere;padding:0.1rem 0}
.part{display:inline-block;min-width:4.5rem;text-align:right;font-variant-numeric:tabular-nums;color:var(--quiet);
  margin-right:0.5rem}
.options{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,22rem),1fr));gap:0.5rem 1.5rem}
.options dt{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
footer{margin-top:3rem;color:var(--quiet);font-size:0.875rem;border-top:1px solid var(--grid)}
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
@media (max-width:600px){body{padding:1rem 1rem 2.5rem}.figures,.facts{grid-template-columns:repeat(2,1fr)}
  h1{font-size:1.35rem}.verdict .conclusion{font-size:1.0625rem}.figures dd{font-size:1.3rem}}
@media print{:root,:root[data-theme]{${light}}html{font-size:11px;background:#fff}body{max-width:none;padding:0}
  section{break-inside:auto}h2{break-after:avoid}
  .verdict,.remarks,figure,.facts{break-inside:avoid}a{color:inherit;text-decoration:none}
  *{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`;
