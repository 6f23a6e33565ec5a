/** The page's own: nothing is fetched. Readable on a screen, in the dark and on paper. */
export const STYLE = `
:root { color-scheme: light; --line: #8885; --soft: #8882; --quiet: #667; --mark: #b3261e; --c0: #b3261e; --c1: #e08a00; --c2: #6750a4; --c3: #00696f; --c4: #77574b; --c5: #4a6267; }
@media screen and (prefers-color-scheme: dark) { :root { color-scheme: dark; --quiet: #aab; --mark: #ff8a80; --c0: #ff8a80; --c1: #ffb74d; --c2: #b69df8; --c3: #4dd0d8; --c4: #d7b5a6; --c5: #a8c4c9; } }
* { box-sizing: border-box; }
body { font: 16px/1.5 system-ui, "DejaVu Sans", sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1.2rem; }
h1 { font-size: clamp(1.15rem, .8rem + 1.6vw, 1.45rem); line-height: 1.35; margin: 0 0 .3rem; } h2 { font-size: 1.15rem; margin: 2.6rem 0 .6rem; padding-top: .9rem; border-top: 2px solid var(--line); }
p { margin: .5rem 0; max-width: 60rem; } .quiet, footer, th { color: var(--quiet); } .quiet, footer { font-size: .9em; } footer { margin-top: 3rem; }
.tiles { display: flex; flex-wrap: wrap; gap: .8rem; margin: 1.2rem 0; } .tile { flex: 1 1 9rem; border: 1px solid var(--line); border-left: 5px solid var(--tint, var(--line)); border-radius: 6px; padding: .6rem .9rem; }
.tile b { display: block; font-size: 1.7rem; line-height: 1.2; font-variant-numeric: tabular-nums; } .tile span { display: block; font-size: .85em; color: var(--quiet); }
.t0 { --tint: var(--c0); } .t1 { --tint: var(--c1); } .t2 { --tint: var(--c2); } .t3 { --tint: var(--c3); } .t4 { --tint: var(--c4); } .t5 { --tint: var(--c5); }
svg { display: block; max-width: 100%; height: auto; margin: .8rem 0; } svg text { fill: currentColor; font-size: 12px; } svg .axis { stroke: var(--line); } svg rect { fill: var(--tint); }
.legend span { margin-right: 1.4rem; } .legend i { display: inline-block; width: .8em; height: .8em; margin-right: .4em; background: var(--tint); border-radius: 2px; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: .92em; } td, th { text-align: left; vertical-align: top; padding: .35rem .9rem .35rem 0; border-top: 1px solid var(--line); }
thead th { border-top: 0; white-space: nowrap; font-weight: 600; } .n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; } td.n, th.n { padding-right: 1.6rem; }
nav { display: flex; flex-wrap: wrap; gap: .3rem 1.4rem; font-size: .95em; } nav a { color: inherit; text-underline-offset: .2em; } figure { margin: .8rem 0; } figcaption { font-size: .85em; color: var(--quiet); }
.bar { display: block; height: .55rem; border-radius: 2px; background: var(--soft); margin-top: .35rem; width: 12rem; /* of one length in all columns: they are compared */ } .bar i { display: block; height: 100%; border-radius: 2px; background: var(--tint, var(--quiet)); }
pre, code { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .9em; overflow-wrap: anywhere; white-space: pre-wrap; } pre { margin: .2rem 0 .5rem 1.2rem; padding: .3rem .7rem; border-left: 3px solid var(--line); }
.firm { font-weight: 600; } .danger { color: var(--mark); font-weight: bold; }
.tools { display: flex; flex-wrap: wrap; gap: .8rem; align-items: center; margin: .8rem 0; } input, select { font: inherit; padding: .35rem .6rem; border: 1px solid var(--line); border-radius: 6px; background: transparent; color: inherit; } input { flex: 1 1 16rem; }
#hosts th { cursor: pointer; } #hosts th[aria-sort]::after { content: " ▲"; } #hosts th[aria-sort=descending]::after { content: " ▼"; }
summary { cursor: pointer; white-space: nowrap; } /* The story lies over the rest of its row, and takes no part in the width of the column. */
.story { width: 0; } .story > * { width: calc(min(72rem, 100vw) - 4.5rem); } tr:has(details[open]) td { white-space: nowrap; } .story > * { white-space: normal; } tr:has(details[open]) { background: var(--soft); }
#hosts td:nth-child(2) { color: var(--tint); font-weight: 600; } details ol { margin: .4rem 0 .8rem; padding-left: 2.2rem; font-size: .92em; } details ol li { margin: .25rem 0; } details time { font-variant-numeric: tabular-nums; color: var(--quiet); margin-right: .6em; }
.paper { display: none; }
@media print { h1 { font-size: 14pt; } body { margin: 0; max-width: none; font-size: 9.5pt; print-color-adjust: exact; -webkit-print-color-adjust: exact; } nav, .tools, .screen, tr[data-kind="nothing found"] { display: none; } .paper { display: block; } .scroll { overflow: visible; } .story > * { width: 17cm; } tr, .tile, svg { break-inside: avoid; } h2 { break-after: avoid; } thead { display: table-header-group; } }
`
