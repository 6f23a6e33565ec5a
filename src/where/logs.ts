/** What a log is called once it was rotated: `.1`, `-20261101`, `.old`, and how it is packed then. */
const ROTATED = String.raw`(?:\.\d+|[-.]\d{8}(?:-\d+)?|\.old)*(?:\.(?:gz|xz|zst|bz2|lz4))?`

/** Logs in /var/log that PID 1, the kernel, the bus or their clients write to; what is not here is another program's own. */
const NAMES = [
  'messages',
  'syslog',
  String.raw`(?:kern|daemon|cron|user|debug|auth)(?:\.log)?`,
  'secure',
  'warn',
  String.raw`boot\.(?:log|msg)`,
  'dmesg',
  // cloud-init's own, and what its scripts printed: whoever provisioned the machine made links and reloads there.
  String.raw`cloud-init(?:-output)?\.log`,
  // What a serial console showed, as clouds and hypervisors hand it out.
  String.raw`(?:serial|console|ttyS\d|hvc\d)[\w.-]*?(?:\.(?:log|txt))?`,
]

const LOG = new RegExp(`^(?:${NAMES.join('|')})${ROTATED}$`)

export function isSystemLog(name: string): boolean {
  return LOG.test(name)
}

/** A native journal, or one that journald put aside as damaged. */
export function isJournal(name: string): boolean {
  return /\.journal~?$/.test(name)
}

/** What journalctl printed for a sosreport; lists and checks of its files are no log. */
export function isPrintedJournal(name: string): boolean {
  return /^journalctl_/.test(name) && !/--(?:disk-usage|list-boots|verify|header|vacuum)/.test(name)
}
