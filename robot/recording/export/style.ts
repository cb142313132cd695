/** The look of exported pages: quiet, with the system's own Chinese fonts, legible on screen and on paper. */
export const STYLE = `
:root { --ink: #22272e; --soft: #5b6570; --line: #dde1e6; --paper: #fff; --wash: #f6f7f9;
  --good: #1a7f4b; --warn: #9a6200; --bad: #b3261e; --accent: #2456a6; }
* { box-sizing: border-box; }
html { background: var(--wash); color: var(--ink); -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 60rem; padding: 2rem 1.25rem 4rem; font: 16px/1.65 "Noto Sans TC", "Noto Sans CJK TC",
  "PingFang TC", "Microsoft JhengHei", system-ui, sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.3; margin: 0 0 .25rem; }
h2 { font-size: 1.15rem; margin: 2.5rem 0 .75rem; }
h3 { font-size: 1rem; margin: 0; }
p { margin: .35rem 0; }
a { color: var(--accent); }
.soft, time { color: var(--soft); }
.small { font-size: .85rem; }
.card { background: var(--paper); border: 1px solid var(--line); border-radius: .6rem; padding: 1rem 1.25rem; margin: .75rem 0; }
.card.good { border-left: .35rem solid var(--good); }
.card.warn { border-left: .35rem solid var(--warn); }
.card.bad { border-left: .35rem solid var(--bad); }
.badge { display: inline-block; border-radius: 1rem; padding: .05rem .7rem; font-size: .9rem; border: 1px solid currentColor; }
.good > .badge, .badge.good, .tone-good { color: var(--good); }
.badge.warn, .tone-warn { color: var(--warn); }
.badge.bad, .tone-bad { color: var(--bad); }
.tone-quiet { color: var(--soft); font-size: .9rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1.25rem; margin: .5rem 0; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th { text-align: left; color: var(--soft); font-weight: normal; white-space: nowrap; }
th, td { border-bottom: 1px solid var(--line); padding: .35rem .75rem .35rem 0; vertical-align: top; }
td { font-variant-numeric: tabular-nums; }
.unbroken, td.size { white-space: nowrap; }
caption { text-align: left; }
summary { cursor: pointer; }
td.wide { overflow-wrap: anywhere; }
code, .hash { font-family: ui-monospace, "Cascadia Mono", Menlo, "DejaVu Sans Mono", monospace; font-size: .8rem;
  overflow-wrap: anywhere; }
.step > header { display: flex; flex-wrap: wrap; gap: .15rem .75rem; align-items: baseline; }
.step > header .small { margin-left: auto; }
.bare { border: 0; background: none; padding: .25rem 1.25rem; }
ol.events { list-style: none; margin: .5rem 0 0; padding: 0; }
ol.events > li { display: grid; grid-template-columns: 4.6rem 1fr; gap: 0 .9rem; padding: .3rem 0; }
ol.events time { font-size: .85rem; line-height: 1.95; font-variant-numeric: tabular-nums; }
blockquote { margin: .25rem 0; padding: .1rem .8rem; border-left: 3px solid var(--line); color: var(--soft); }
blockquote::before { content: "平台說："; }
figure { margin: .4rem 0; }
figure img { display: block; width: min(26rem, 100%); border: 1px solid var(--line); border-radius: .3rem; cursor: zoom-in; }
figure input { position: absolute; opacity: 0; }
figure input:focus-visible + img { outline: 3px solid var(--accent); outline-offset: 2px; }
figure input:checked + img { width: 100%; cursor: zoom-out; }
.gone { border: 1px dashed var(--line); border-radius: .3rem; padding: .5rem .8rem; color: var(--soft); font-size: .9rem; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: var(--wash); padding: .75rem; border-radius: .3rem; margin: .5rem 0; }
@media (max-width: 36rem) { dl, ol.events > li { grid-template-columns: 1fr; } }
@media print { html { background: none; } body { max-width: none; padding: 0; font-size: 11pt; }
  .card, figure, tr { break-inside: avoid; } .step { break-inside: auto; } h2, h3 { break-after: avoid; } figure img { width: 60%; } }
`;
