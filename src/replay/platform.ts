import type { Platform } from '../where/platform.ts'
import type { Event } from './history.ts'

/** What the log of a boot tells of it. */
export function platformIn(events: readonly Event[]): Platform {
  const kernel = events.findLast(({ name, trust }) => name === 'boot.kernel' && trust !== 'refuted')
  return { kernel: kernel?.values.version ?? null, os: systemIn(events) }
}

/** Entries between a manager's version and its welcome: the kernel's own may come between. */
const NEAR = 40
/** An initrd is a system of its own (dracut: `… dracut-049-191.el8 (Initramfs)`); a machine without os-release is welcomed to `Linux`. */
const NO_SYSTEM = /initramfs|initrd|dracut|^Linux$/i

/**
 * On a console nobody's name stands before a line, and programs welcome as well: only the welcome right behind the line with the manager's
 * version is PID 1's (systemd v252 src/core/main.c, initialize_runtime: log_execution_mode, then status_welcome).
 */
function systemIn(events: readonly Event[]): string | null {
  let said: string | null = null
  let manager = Number.NEGATIVE_INFINITY
  for (const { name, trust, seq, values } of events) {
    if (trust === 'refuted') continue
    if (name === 'boot.systemd') manager = seq
    if (name !== 'boot.os' || seq < manager || seq - manager > NEAR || NO_SYSTEM.test(values.os ?? '')) continue
    said = values.os ?? said
    manager = Number.NEGATIVE_INFINITY
  }
  return said
}
