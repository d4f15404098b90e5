/** Two charts in a row where there is room; uPlot's own parts in this page's type and colours. */
export const chartStyle: string = `
.charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,33rem),1fr));gap:1.25rem}
.charts>.note,.charts>.marks{grid-column:1/-1;margin:0}
.marks ol{margin:0.25rem 0 0;padding-left:1.5rem;overflow-wrap:anywhere}
figure{margin:0;padding:0.9rem 1rem 0.6rem;background:var(--card);border:1px solid var(--grid);border-radius:8px;min-width:0}
.histogram{min-width:0;display:grid;grid-column:1/-1}
figcaption{display:flex;flex-wrap:wrap;gap:0.25rem 1rem;justify-content:space-between;align-items:center;
  margin-bottom:0.25rem;min-height:2.25rem}
figcaption label{font-size:0.8125rem;color:var(--quiet);white-space:nowrap}
.frame{min-width:0;overflow:hidden}
#name-choice{margin:0 0 0.75rem}
#name-choice select{max-width:100%;min-width:min(100%,22rem)}
.uplot{font-family:inherit}
.u-legend{font-size:0.8125rem;text-align:left;margin:0.15rem 0 0;padding-left:0.25rem;font-variant-numeric:tabular-nums;
  width:auto;min-height:0}
.u-legend th{font-weight:400;color:var(--quiet)}
.u-inline.u-live th::after{content:":\\00a0"}
.u-legend td{white-space:nowrap}
.u-inline tr{margin-right:0.9rem}
.u-legend tr>*{padding:2px 0;border:0;background:none;white-space:nowrap;min-width:0;text-align:left}
.u-legend .u-series th{cursor:pointer;position:static;max-width:none}
.u-legend tr:hover>*{background:none}
.u-legend .u-value{min-width:3.5em}
.u-legend .u-marker{width:0.9em;height:0.9em;border-radius:2px}
.u-select{background:var(--link);opacity:0.15}
.u-hz .u-cursor-x,.u-vt .u-cursor-y{border-right-color:var(--quiet)}
.u-hz .u-cursor-y,.u-vt .u-cursor-x{border-bottom-color:var(--grid)}
@media print{nav,#controls,.tools,figcaption label{display:none}.charts{grid-template-columns:1fr 1fr;gap:8px}figure{padding:6px}.u-legend{font-size:8px}
  .uplot,.u-wrap{width:100%!important}.u-wrap{height:auto!important}.uplot canvas{height:auto}.u-over,.u-under{display:none}}
`;
