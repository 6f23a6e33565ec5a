import { type Draft, draftOf } from './draft.ts'

/**
 * What follows the stamp in every text form, from a place of the line on: `HOST IDENT[PID]: MESSAGE`, where each of the three before the message may be missing.
 *
 *     vm-web-07 systemd[1]: Freezing execution.      the usual
 *     vm-web-07 systemd: Freezing execution.         RHEL 7: no PID
 *     systemd[1]: Freezing execution.                --no-hostname, consoles
 *     vm-web-07 daemon.info systemd[1]: …            BusyBox
 *     vm-web-07 [systemd] Freezing execution.        metalog
 *     vm-web-07 last message repeated 3 times        no identifier
 */
export function readHeader(line: string, from = 0): Draft {
  const space = line.indexOf(' ', from)
  const first = space === -1 ? line.slice(from) : line.slice(from, space)
  if (first.charCodeAt(first.length - 1) === COLON || (first.includes('[') && TAGGED.test(first)))
    return readTag(line, from) ?? draftOf(line.slice(from))
  if (space === -1) return draftOf(first)
  const draft = readTag(line, space + 1) ?? draftOf(line.slice(space + 1).trimStart())
  draft.host = hostOf(first)
  return draft
}

const COLON = 58
/** A first word that is an identifier already: `audit[4000]:`, `(cron)[152]:`, `systemd[1]:Freezing`. */
const TAGGED = /^[^\s[\]]+\[\d+\]:/

/** `IDENT[PID]: MESSAGE`, or null where it does not begin so. */
export function readTag(line: string, from = 0): Draft | null {
  const usual = readUsual(line, from)
  if (usual) return usual
  const text = line.slice(from)
  const match = WITH_PID.exec(text) ?? PLAIN.exec(text) ?? METALOG.exec(text)
  return match ? tagged(text, match) : odd(text)
}

/** Nearly every tag, in ASCII and followed by a blank: what WITH_PID matches of those. */
function readUsual(text: string, from: number): Draft | null {
  let open = from
  for (let code = text.charCodeAt(from); code !== OPEN; code = text.charCodeAt(++open)) {
    if (!(code > BLANK && code < DEL) || code === COLON || code === CLOSE) return null
  }
  let pid = 0
  let at = open + 1
  for (let digit = text.charCodeAt(at) - ZERO; digit >= 0 && digit <= 9 && at <= open + 10; digit = text.charCodeAt(++at) - ZERO)
    pid = 10 * pid + digit
  if (open === from || at === open + 1 || text.charCodeAt(at) !== CLOSE) return null
  if (text.charCodeAt(at + 1) !== COLON || text.charCodeAt(at + 2) !== BLANK) return null
  return told(text.slice(at + 3), text.slice(from, open), pid)
}

function odd(text: string): Draft | null {
  if (BUSYBOX.test(text)) return readTag(text.replace(BUSYBOX, ''))
  const match = ODD.exec(text)
  return match && tagged(text, match)
}

function tagged(text: string, match: RegExpExecArray): Draft {
  return told(text.slice(match[0].length), match[1] ?? null, match[2] === undefined ? null : Number(match[2]))
}

function told(message: string, ident: string | null, pid: number | null): Draft {
  const draft = draftOf(message)
  draft.ident = ident
  draft.pid = pid
  if (ident === 'kernel') readKernelStamp(draft)
  return draft
}

const OPEN = 91
const CLOSE = 93
const BLANK = 32
const DEL = 127
const ZERO = 48
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
  if (draft.message.charCodeAt(0) !== OPEN) return
  const match = KERNEL_STAMP.exec(draft.message)
  if (!match) return
  draft.mono = Number(match[1]) * 1e6 + Number(match[2])
  draft.message = draft.message.slice(match[0].length)
}

const KERNEL_STAMP = /^\[ *(\d+)\.(\d{6})\](?:\[ *[TC]\d+\])? ?(?:<\d{1,3}>)?/
