/** Signals by which a boot is known to have ended in a crash, and in an orderly way. */
export const CRASHES: readonly string[] = ['pid1.assert', 'pid1.core', 'pid1.exited', 'pid1.panic', 'pid1.rebooting']
export const ENDS: readonly string[] = ['shutdown.done', 'shutdown.final', 'journal.stopped']

/** The signals that coverage needs: how a boot ended, and what it ran on (version.ts, platform.ts). */
export const COVERING: ReadonlySet<string> = new Set([
  'pid1.froze',
  ...CRASHES,
  ...ENDS,
  'boot.systemd',
  'boot.kernel',
  'boot.os',
])
