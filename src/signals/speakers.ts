import type { From } from './definition.ts'

/** Identifiers of each, as syslog tags and SYSLOG_IDENTIFIER= have them over the versions; an init script's or a container's may differ. */
const IDENTIFIERS: Readonly<Partial<Record<From, RegExp>>> = {
  journald: /^(?:systemd-journal|journal$)/,
  logind: /^systemd-logind$/,
  // dbus-daemon called itself dbus until 1.12 (Debian 9, RHEL 7); the broker logs through its launcher too.
  dbus: /^(?:dbus|dbus-daemon|dbus-broker|dbus-broker-launch|dbus-broker-lau)$/,
  cron: /cron/i,
  shutdown: /^systemd-shutdow/,
  coredump: /^systemd-coredum/,
}

/** Whether this speaker may have said it. Null is an unknown speaker: anyone may have. */
export function mayBeFrom(from: readonly From[], speaker: string | null): boolean {
  return speaker === null || from.some(each => isFrom(each, speaker))
}

function isFrom(from: From, speaker: string): boolean {
  switch (from) {
    case 'any':
      return true
    case 'pid1':
    case 'kernel':
      return speaker === from
    case 'client':
      return speaker !== 'pid1' && speaker !== 'kernel'
    default:
      return IDENTIFIERS[from]?.test(speaker) ?? false
  }
}
