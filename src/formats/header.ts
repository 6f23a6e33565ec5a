import { type Draft, draftOf } from './draft.ts'

/**
 * What follows the stamp in every text form: `HOST IDENT[PID]: MESSAGE`, where each of the three before the message may be missing.
 *
 *     vm-web-07 systemd[1]: Freezing execution.      the usual
 *     vm-web-07 systemd: Freezing execution.         RHEL 7: no PID
 *     systemd[1]: Freezing execution.                --no-hostname, consoles
 *     vm-web-07 daemon.info systemd[1]: …            BusyBox
 *     vm-web-07 [systemd] Freezing execution.        metalog
 *     vm-web-07 last message repeated 3 times        no identifier
 */
export function readHeader(rest: string): Draft {
  const space = rest.indexOf(' ')
  const first = space === -1 ? rest : rest.slice(0, space)
  if (first.charCodeAt(first.length - 1) === COLON || TAGGED.test(first)) return readTag(rest) ?? draftOf(rest)
  if (space === -1) return draftOf(rest)
  const after = rest.slice(space + 1)
  const draft = readTag(after) ?? draftOf(after.trimStart())
  draft.host = hostOf(first)
  return draft
}

const COLON = 58
/** A first word that is an identifier already: `audit[4000]:`, `(cron)[152]:`, `systemd[1]:Freezing`. */
const TAGGED = /^[^\s[\]]+\[\d+\]:/

/** `IDENT[PID]: MESSAGE`, or null where it does not begin so. */
export function readTag(text: string): Draft | null {
  const match = WITH_PID.exec(text) ?? PLAIN.exec(text) ?? METALOG.exec(text)
  return match ? tagged(text, match) : odd(text)
}

function odd(text: string): Draft | null {
  if (BUSYBOX.test(text)) return readTag(text.replace(BUSYBOX, ''))
  const match = ODD.exec(text)
  return match && tagged(text, match)
}

function tagged(text: string, match: RegExpExecArray): Draft {
  const draft = draftOf(text.slice(match[0].length))
  draft.ident = match[1] ?? null
  if (match[2] !== undefined) draft.pid = Number(match[2])
  if (draft.ident === 'kernel') readKernelStamp(draft)
  return draft
}

const WITH_PID = /^([^\s[\]:]+)\[(\d{1,10})\]:(?: |$|(?=\S))/
const PLAIN = /^([^\s[\]:]+):(?: |$)/
const METALOG = /^\[([\w.@/-]+)\] (?=\S)/
/** Identifiers may hold blanks and colons; only the PID in its brackets tells where they end. */
const ODD = /^([^[\]]{1,64}?)\[(\d{1,10})\]:(?: |$)/
const BUSYBOX =
  /^(?:kern|user|mail|daemon|auth|syslog|lpr|news|uucp|cron|authpriv|ftp|local[0-7])\.(?:emerg|alert|crit|err|error|warn|warning|notice|info|debug) /

/** syslog-ng's `host/relay` and `source@host`: the host is the first of the chain. */
function hostOf(word: string): string | null {
  if (word === '-') return null
  const slash = word.indexOf('/')
  return slash > 0 ? word.slice(0, slash) : word
}

/** `kernel: [   12.345678] message`: rsyslog's imklog keeps the kernel's own stamp. */
function readKernelStamp(draft: Draft): void {
  if (draft.message.charCodeAt(0) !== BRACKET) return
  const match = KERNEL_STAMP.exec(draft.message)
  if (!match) return
  draft.mono = Number(match[1]) * 1e6 + Number(match[2])
  draft.message = draft.message.slice(match[0].length)
}

const BRACKET = 91
const KERNEL_STAMP = /^\[ *(\d+)\.(\d{6})\](?:\[ *[TC]\d+\])? ?(?:<\d{1,3}>)?/
