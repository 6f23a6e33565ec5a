/** What rotation, packing and form leave at the end of a log's name. */
const ENDS = new RegExp(
  String.raw`(?:\.\d{1,4}|[-.]\d{8}(?:-\d+)?|\.old|~|@[0-9a-f~-]+` +
    String.raw`|\.(?:gz|xz|zst|bz2|lz4|tgz|txz|tar|zip|log|txt|ndjson|jsonl|json|export|journal|out))$`,
)

/** `sosreport-HOST-2026-05-03-abcdefg` (sos report, get_archive_name: a label or a case's number may stand before the date). */
const SOSREPORT = /^sosreport-(.+?)(?:-\d{4}-\d\d-\d\d-[a-z]{6,8})?$/

/** Names that are a program's or a collector's, never a host's. */
const NO_HOST =
  /^(?:messages|syslog|system|journal|kern|daemon|cron|user(?:-\d+)?|auth|debug|dmesg|console|boot|log|logs|remote|part[-_]?\w*|all[-_]?\d*|\d+|\d{4}-\d\d(?:-\d\d)?)$/

/**
 * What a host is called by where its log lies. In this order: a partition's key (`host=NAME`), systemd-journal-remote's `remote-NAME.journal`,
 * the first folder below what the user named, unless that is a date's; the file's own name.
 */
export function nameOfPlace(below: readonly string[]): string {
  const file = below.at(-1) ?? ''
  for (const part of below) {
    const key = /^(?:host|hostname|node|machine|instance)=(.+)$/i.exec(part)
    if (key?.[1]) return bare(decoded(key[1]))
  }
  const remote = /^remote-(.+?)(?:@[0-9a-f~-]+)?\.journal~?$/.exec(file)
  if (remote?.[1]) return remote[1]
  const folder = below.slice(0, -1).find(part => !part.includes('=') && !NO_HOST.test(part))
  return folder ?? bare(file)
}

function bare(file: string): string {
  let name = file
  while (ENDS.test(name) && name.replace(ENDS, '') !== '') name = name.replace(ENDS, '')
  return name.replace(SOSREPORT, '$1')
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Names that say of themselves that they are logs: one that cannot be read must not be passed over in silence. */
export function namesALog(file: string): boolean {
  return /(?:\.(?:log|ndjson|jsonl|json|export|journal~?|gz|xz|zst|bz2|lz4|tgz|txz|tar|zip)|(?:^|\/)(?:messages|syslog)[^/]*)(?:\.\d+)?$/i.test(
    file,
  )
}
