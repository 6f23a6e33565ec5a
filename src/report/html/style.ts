/** The page's own style sheet: readable on a screen, in the dark and on paper; nothing is fetched. */
export const STYLE = `
:root { color-scheme: light dark; --line: #8884; --mark: #b00020; --quiet: #666; }
@media (prefers-color-scheme: dark) { :root { --mark: #ff6b6b; --quiet: #aaa; } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.25rem; margin-top: 3rem; border-top: 2px solid var(--line); padding-top: 1rem; }
h3 { font-size: 1rem; margin: 1.6rem 0 .4rem; }
.critical, .high, .danger { color: var(--mark); font-weight: bold; }
.place, .why, footer { color: var(--quiet); font-size: .9em; }
code, pre { font-family: ui-monospace, monospace; font-size: .9em; overflow-wrap: anywhere; white-space: pre-wrap; }
pre { margin: .3rem 0; padding: .3rem .6rem; border-left: 3px solid var(--line); }
table { border-collapse: collapse; width: 100%; } td, th { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0; border-top: 1px solid var(--line); }
td.time { white-space: nowrap; font-variant-numeric: tabular-nums; } tr.decisive { font-weight: bold; } tr.decisive pre { font-weight: normal; }
@media print { body { margin: 0; max-width: none; font-size: 10pt; } tr, li { break-inside: avoid; } h2, h3 { break-after: avoid; } }
`
