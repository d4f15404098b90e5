/** Tables scroll in their own frame; the name stays in sight. */
export const tableStyle: string = `
.table{margin:0 0 2rem}
.table h3{font-size:1.0625rem}
.table .note{margin:0.1rem 0 0}
.above{display:flex;flex-wrap:wrap;gap:0.5rem 1.5rem;align-items:end;justify-content:space-between;margin-bottom:0.35rem}
caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.scroll{overflow:auto;max-height:min(44rem,85vh);overscroll-behavior-x:contain}
table{border-collapse:separate;border-spacing:0;width:100%;font-size:0.875rem;font-variant-numeric:tabular-nums}
thead th{position:sticky;top:0;z-index:1;background:var(--back);text-align:right;font-weight:600;white-space:nowrap;
  border-bottom:2px solid var(--edge);padding:0.35rem 0.6rem;vertical-align:bottom}
thead th[data-kind=text],thead th[data-kind=name]{text-align:left}
thead th[data-kind=name]{left:0;z-index:2}
thead button{all:unset;position:relative;box-sizing:border-box;cursor:pointer;padding:0.25rem 0;white-space:nowrap}
thead button:hover{text-decoration:underline}
thead button:focus-visible{outline:2px solid var(--link);outline-offset:2px}
thead button::after{position:absolute;left:calc(100% + 0.1em);color:var(--mark)}
thead [data-kind=number] button::after{left:auto;right:calc(100% + 0.1em)}
[aria-sort=ascending] button::after{content:"↑"}
[aria-sort=descending] button::after{content:"↓"}
td,tbody th,tfoot th{padding:0.35rem 0.6rem;text-align:right;white-space:nowrap;vertical-align:top;
  border-bottom:1px solid var(--grid);background:var(--back)}
td.t{text-align:left;white-space:normal;overflow-wrap:anywhere;min-width:4rem;max-width:14rem}
tbody th,tfoot th{position:sticky;left:0;text-align:left;font-weight:400;white-space:normal;min-width:12rem;max-width:26rem;
  overflow-wrap:anywhere}
tbody th a,tfoot th a{color:inherit;text-decoration-color:var(--edge);text-underline-offset:3px}
tbody th a:hover,tfoot th a:hover{color:var(--link)}
tbody tr:hover>*{background:var(--stripe)}
tfoot>tr>*{position:sticky;bottom:0;font-weight:600;border-top:2px solid var(--edge);border-bottom:0}
tfoot th{z-index:1;font-weight:600}
td.bad{color:var(--bad);font-weight:600}
td.good{color:var(--good);font-weight:600}
#thresholds td.t:last-child,#failures td.t:nth-child(3),#exceptions td.t{max-width:none}
#thresholds td.t:last-child{min-width:14rem}
#thresholds td.t:first-child{white-space:nowrap}
#thresholds{margin-top:1.5rem}
.message{display:block;min-width:14rem;max-width:44rem;overflow-wrap:anywhere;white-space:pre-wrap}
summary{cursor:pointer;color:var(--link)}
details pre{margin:0.5rem 0 0;padding:0.75rem;background:var(--stripe);border-radius:6px;overflow-x:auto;max-width:60rem;
  max-height:24rem;white-space:pre-wrap;overflow-wrap:anywhere}
.tools{display:flex;flex-wrap:wrap;gap:0.5rem 1rem;align-items:center}
.tools label{font-size:0.875rem;color:var(--quiet)}
.tools label{display:flex;align-items:center;gap:0.5rem}
.tools input{width:16rem;max-width:60vw}
@media (max-width:600px){thead th,td,tbody th,tfoot th{padding:0.35rem 0.45rem}
  tbody th,tfoot th{min-width:8.5rem;max-width:11rem}.message{min-width:12rem}}
@media print{.scroll{overflow:visible;max-height:none}table{font-size:8px}thead th,tfoot>tr>*,tbody th{position:static}
  td,tbody th,tfoot th,thead th{padding:2px 4px}thead{display:table-header-group}tfoot{display:table-row-group}
  tr{break-inside:avoid}tbody th,tfoot th{min-width:0}.message{min-width:0}summary{display:none}
  details pre{max-height:none;font-size:8px}}
`;
