/** Style of the report. Light and dark by the reader's own setting; one column that fits a phone. */
export const STYLE = `
:root { color-scheme: light dark; --page: #f6f7f9; --card: #fff; --text: #1c2430; --quiet: #5b6676; --rule: #dfe4ea;
  --user: #2b5fc4; --system: #6590e4; --iowait: #cf6f16; --memory: #2f9e83; --limit: #8a94a3; --band: #eef2f7;
  --setup: #7f8b9b; --good: #14703f; --good-back: #dff3e6; --doubt: #8a5300; --doubt-back: #fdf0d5; --bad: #b3261e;
  --bad-back: #fce4e2; --live: #1f57b8; --live-back: #e1ebfb; }
@media (prefers-color-scheme: dark) { :root { --page: #12161c; --card: #1a2028; --text: #e6eaf0; --quiet: #9aa6b6;
  --rule: #2c3541; --user: #5b93f5; --system: #b3cdfb; --iowait: #e5964a; --memory: #41b598; --limit: #77828f;
  --band: #222a35; --setup: #6c7a8d; --good: #7fd8a4; --good-back: #15352a; --doubt: #f2c374; --doubt-back: #3b2d12;
  --bad: #ff9c93; --bad-back: #431d1b; --live: #9cc0ff; --live-back: #1b3054; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, 'DejaVu Sans', sans-serif; }
main { max-width: 1000px; margin: 0 auto; padding: 28px 20px 48px; }
header, section { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; padding: 20px 24px; margin: 0 0 16px; }
h1 { font-size: 26px; line-height: 1.25; margin: 2px 0 4px; font-weight: 650; overflow-wrap: anywhere; }
h2 { font-size: 16px; margin: 0 0 12px; font-weight: 650; }
p { margin: 0 0 10px; } p:last-child { margin-bottom: 0; } .scroll + p { margin-top: 12px; }
.kicker { font: 13px ui-monospace, 'DejaVu Sans Mono', monospace; color: var(--quiet); margin: 0; }
.quiet, .note { color: var(--quiet); font-size: 13px; }
.pill { display: inline-block; font-size: 14px; font-weight: 600; line-height: 1; padding: 5px 10px; border-radius: 99px; vertical-align: 4px; }
.pill.small { font-size: 12px; padding: 3px 8px; vertical-align: 0; }
.good { color: var(--good); background: var(--good-back); } .doubt { color: var(--doubt); background: var(--doubt-back); }
.neutral { color: var(--quiet); background: var(--band); } .pill.bad, .reason.bad { color: var(--bad); background: var(--bad-back); } .live { color: var(--live); background: var(--live-back); }
.reason { padding: 9px 12px; border-radius: 6px; overflow-wrap: anywhere; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(132px, 1fr)); gap: 14px 20px; margin: 18px 0 0; padding-top: 16px; border-top: 1px solid var(--rule); }
.figures dt { color: var(--quiet); font-size: 13px; }
.figures dd { margin: 0; font-size: 21px; font-weight: 600; font-variant-numeric: tabular-nums; white-space: nowrap; }
.figures dd.note { font-size: 12.5px; font-weight: 400; line-height: 1.35; white-space: normal; }
figure { margin: 0; } figure svg { display: block; width: 100%; height: auto; } figcaption { margin-top: 10px; } .narrow { display: none; }
.timeline { display: flex; gap: 1px; height: 14px; border-radius: 4px; overflow: hidden; } .timeline i { flex-basis: 0; min-width: 2px; }
.ends { display: flex; justify-content: space-between; gap: 20px; margin: 5px 0 12px; }
i.setup { background: var(--setup); } i.make { background: var(--user); } i.upload { background: var(--memory); }
.key { display: inline-block; width: 9px; height: 9px; border-radius: 2px; margin-right: 8px; }
.scroll { overflow-x: auto; background: linear-gradient(to left, var(--card) 12px, transparent) right / 32px 100% no-repeat local,
  linear-gradient(to left, color-mix(in srgb, var(--quiet) 35%, transparent), transparent) right / 12px 100% no-repeat scroll; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th, td { text-align: left; padding: 6px 14px 6px 0; border-top: 1px solid var(--rule); vertical-align: baseline; white-space: nowrap; }
thead th, thead td { border-top: 0; color: var(--quiet); font-weight: 500; font-size: 13px; }
tbody th { font-weight: 500; } td:last-child, th:last-child { padding-right: 0; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
td.bar { width: 30%; min-width: 70px; vertical-align: middle; } td.bar i { display: block; height: 8px; border-radius: 2px; }
tr.this th, tr.this td { font-weight: 650; } tr.bad th, tr.bad td { color: var(--bad); }
code { font: 13px ui-monospace, 'DejaVu Sans Mono', monospace; overflow-wrap: anywhere; }
ul { margin: 0 0 10px; padding-left: 20px; } .files { columns: 2; font-size: 13px; }
details { margin-top: 10px; } summary { cursor: pointer; color: var(--quiet); font-size: 14px; margin-bottom: 6px; }
.advice { border-left: 4px solid var(--user); }
.log { list-style: none; margin: 0; padding: 0; font: 12.5px/1.6 ui-monospace, 'DejaVu Sans Mono', monospace; }
.log li { display: flex; gap: 12px; padding: 1px 8px; border-left: 3px solid var(--iowait); overflow-wrap: anywhere; margin-bottom: 2px; }
.log li.error { border-color: var(--bad); } .at { color: var(--quiet); min-width: 5ch; text-align: right; user-select: none; }
.details { margin: 0; } .details div { display: grid; grid-template-columns: 130px 1fr; gap: 10px; padding: 5px 0; border-top: 1px solid var(--rule); }
.details div:first-child { border-top: 0; } .details dt { color: var(--quiet); } .details dd { margin: 0; overflow-wrap: anywhere; }
footer { color: var(--quiet); font-size: 13px; text-align: center; }
@media (max-width: 620px) { main { padding: 12px 10px 32px; } header, section { padding: 16px 14px; } h1 { font-size: 21px; }
  .figures { grid-template-columns: repeat(2, 1fr); } .wide { display: none; } .narrow { display: block; } td.bar { display: none; }
  .files { columns: 1; } .details div { grid-template-columns: 1fr; gap: 0; } .ends { font-size: 12px; } }
@media print { body { background: none; } header, section { break-inside: avoid; } }
`;
