import type { Platform } from '../where/platform.ts'
import type { Event } from './history.ts'

/** What the log of a boot tells of it. */
export function platformIn(events: readonly Event[]): Platform {
  const kernels = events.flatMap(({ name, trust, message }) =>
    name === 'boot.kernel' && trust !== 'refuted' ? (KERNEL.exec(message)?.[1] ?? []) : [],
  )
  return { kernel: kernels.at(-1) ?? null, os: systemIn(events) }
}

/** Linux init/version.c, linux_banner: the builder stands in brackets behind the release. */
const KERNEL = /^Linux version (\d\S*) \(/

/** Lines between a manager's version and its welcome: the kernel's own may come between. */
const NEAR = 40
/** An initrd is a system of its own (dracut: `… dracut-049-191.el8 (Initramfs)`); a machine without os-release is welcomed to `Linux`. */
const NO_SYSTEM = /initramfs|initrd|dracut|^Linux$/i

/**
 * On a console nobody's name stands before a line, and programs welcome as well: only the welcome right behind the line with the manager's
 * version is PID 1's (systemd v252 src/core/main.c, initialize_runtime: log_execution_mode, then status_welcome). How near it is, the lines'
 * numbers tell, which are the same where not all lines are read.
 */
function systemIn(events: readonly Event[]): string | null {
  let said: string | null = null
  let manager: Event | null = null
  for (const event of events) {
    if (event.trust === 'refuted') continue
    if (event.name === 'boot.systemd') manager = event
    if (event.name !== 'boot.os' || NO_SYSTEM.test(event.values.os ?? '')) continue
    if (event.speaker !== 'pid1' && !(manager && isRightBehind(event, manager))) continue
    said = event.values.os ?? said
    manager = null
  }
  return said
}

function isRightBehind({ refs: [ref] }: Event, { refs: [before] }: Event): boolean {
  if (ref?.line === undefined || before?.line === undefined || ref.input !== before.input) return false
  return ref.line > before.line && ref.line - before.line <= NEAR
}
