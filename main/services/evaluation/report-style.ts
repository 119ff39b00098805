// The style sheet inside the HTML report, dark and light. A constant; used where evaluation runs.

export const reportStyle = `
:root {
  --page: #f7f6f3; --card: #fff; --ink: #1d1f24; --soft: #666a73; --line: #e2e0da; --accent: #2457c5; --tint: #e9effb;
  --good: #1c7a45; --good-tint: #e4f4ea; --bad: #b3402e;
  color-scheme: light dark;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14161a; --card: #1d2026; --ink: #e9e9e6; --soft: #9aa0ab; --line: #31353d; --accent: #8db2ff; --tint: #232c3f;
    --good: #6fd39a; --good-tint: #1b3326; --bad: #f09482;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.55 system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
main { max-width: 1160px; margin: 0 auto; padding: 48px 24px 96px; }
h1 { font-size: clamp(28px, 4vw, 40px); line-height: 1.15; letter-spacing: -.02em; margin: 4px 0 24px; text-wrap: balance; }
h2 { font-size: 24px; letter-spacing: -.01em; margin: 0 0 8px; }
h3 { font-size: 18px; line-height: 1.35; margin: 0; font-weight: 600; overflow-wrap: anywhere; }
h4 { font-size: 14px; margin: 0 0 10px; display: flex; flex-wrap: wrap; justify-content: space-between; gap: 2px 8px; }
p { margin: 0 0 12px; max-width: 78ch; }
section { margin-top: 64px; }
section section { margin: 0; }
small { display: block; font-size: 12.5px; font-weight: 400; color: var(--soft); white-space: nowrap; }
.kicker { margin: 0; color: var(--accent); font-weight: 600; font-size: 14px; letter-spacing: .06em; text-transform: uppercase; }
.muted { color: var(--soft); font-size: 13px; margin: 0; overflow-wrap: anywhere; }
.note { font-size: 14px; color: var(--soft); margin-top: 14px; }
.note b { color: var(--ink); }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(160px, 1fr)); gap: 18px 24px; margin: 0; padding: 20px 0; border-block: 1px solid var(--line); }
.facts dt { font-size: 13px; color: var(--soft); }
.facts dd { margin: 0; font-weight: 600; overflow-wrap: anywhere; }
.facts small { white-space: normal; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(210px, 1fr)); gap: 16px; margin-top: 32px; }
.tiles div { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 20px 22px; }
.tiles b { display: block; font-size: 34px; line-height: 1.2; letter-spacing: -.02em; font-variant-numeric: tabular-nums; }
.tiles span { color: var(--soft); font-size: 14px; }
.scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: 14px; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(320px, 1fr)); gap: 16px; align-items: start; margin-top: 14px; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: 11px 16px; text-align: right; vertical-align: top; border-top: 1px solid var(--line); }
th[scope="row"], thead th:first-child, .group th { text-align: left; }
th[scope="row"] { font-weight: 600; }
thead th { border-top: 0; font-size: 13px; color: var(--soft); font-weight: 600; white-space: nowrap; }
td { font-weight: 600; white-space: nowrap; }
.chosen { background: var(--tint); }
.paper th, .paper td { color: var(--soft); font-weight: 400; }
.paper .group th { font-size: 12.5px; padding-block: 8px; background: var(--page); }
.bar { display: block; position: relative; height: 4px; margin-top: 6px; min-width: 84px; border-radius: 2px; background: var(--line); }
.bar::before { content: ""; position: absolute; inset: 0 auto 0 0; width: calc(var(--value) * 1%); border-radius: 2px; background: var(--accent); }
.bar::after { content: ""; position: absolute; inset-block: -2px; left: calc(var(--low) * 1%); width: max(2px, calc((var(--high) - var(--low)) * 1%)); border-radius: 2px; background: var(--ink); opacity: .45; }
.bar.time::after { inset-block: 0; opacity: .3; background: var(--accent); }
.picture { display: block; object-fit: cover; background: var(--line); border-radius: 8px; flex: none; }
.picture.small { width: 96px; height: 72px; }
.picture.large { width: 100%; aspect-ratio: 4 / 3; object-fit: contain; }
.missing { display: grid; place-items: center; font-size: 11px; color: var(--soft); }
.query, .failure { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 20px; margin-top: 20px; break-inside: avoid; }
.query header { display: flex; gap: 16px; align-items: center; margin-bottom: 18px; }
.query header .picture { outline: 3px solid var(--good); outline-offset: 2px; }
.rankings { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 20px; }
.rankings ol { list-style: none; margin: 0; padding: 0; display: grid; gap: 8px; }
.rankings li { display: flex; gap: 12px; padding: 6px; border-radius: 12px; border: 1px solid transparent; }
.rankings li > div { min-width: 0; }
.rankings li.right { background: var(--good-tint); border-color: var(--good); }
.rank { font-weight: 500; color: var(--bad); }
.rank.good, .tick { color: var(--good); }
.tick { font-size: 12.5px; font-weight: 600; }
.caption { margin: 0; font-size: 14px; line-height: 1.35; overflow-wrap: anywhere; }
.own { font-size: 12px; color: var(--accent); white-space: nowrap; }
.failures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(480px, 100%), 1fr)); gap: 20px; }
.failure { margin: 0; display: flex; flex-direction: column; gap: 16px; }
.versus { display: grid; grid-template-columns: 1fr 1fr; gap: 16px; flex: 1; align-items: start; }
.versus figure { margin: 0; min-width: 0; }
.versus .picture { margin-bottom: 8px; }
.versus .right .picture { outline: 3px solid var(--good); outline-offset: -3px; }
.versus b { font-size: 13px; }
.versus .right b { color: var(--good); }
.versus .wrong b { color: var(--bad); }
.ranks { display: grid; grid-template-columns: repeat(auto-fit, minmax(90px, 1fr)); gap: 8px; margin: 0; padding-top: 12px; border-top: 1px solid var(--line); }
.ranks dt { font-size: 12px; color: var(--soft); }
.ranks dd { margin: 0; font-weight: 600; font-variant-numeric: tabular-nums; }
@media (max-width: 860px) { .rankings { grid-template-columns: 1fr; } main { padding: 28px 16px 64px; } }
@media print { body { background: #fff; } main { max-width: none; padding: 0; } }
`;
