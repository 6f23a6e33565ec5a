import type { Feed } from '../bytes/feed.ts'
import { clean, unescapeHtml } from './clean.ts'
import type { Draft } from './draft.ts'
import { type Form, PASS, WAIT } from './form.ts'
import { readTag } from './header.ts'

/**
 * Lines out of articles, tickets and chats: the date is gone, perhaps the time too, and what was cut by hand was indented by hand.
 *
 *     02:37:20  systemd[1]: Stopping rsyslog.service...
 *               systemd[1]: Freezing execution.
 *     systemd[1]: rsyslog.service: Found left-over process 1234 (rsyslogd)
 *                 which is already a command process of rsyslog.service.
 *
 * A time of day without a date tells no time; the order of the lines is all there is.
 */
export const pasted: Form = {
  name: 'pasted',
  about: 'lines pasted without date and host: systemd[1]: …',
  example: `02:37:20  systemd[1]: Stopping rsyslog.service...
          systemd[1]: Freezing execution.
`,
  read(feed) {
    const raw = feed.peek()
    if (raw === null) return WAIT
    const line = clean(raw)
    const draft = pastedHead(line)
    if (!draft) return PASS
    const mark = feed.mark()
    feed.take()
    if (joinWrapped(feed, draft, line.length - draft.message.length)) return draft
    feed.reset(mark)
    return WAIT
  },
}

const HEAD = /^\s*(?:\d\d:\d\d:\d\d(?:\.\d+)?\s+)?(?:<\d{1,3}>)?(?=(?:[\w.@/()-]{1,48}\[\d{1,10}\]|systemd|kernel): )/

/** The header of a line that has no stamp, or only a time of day. */
export function pastedHead(line: string): Draft | null {
  const match = HEAD.exec(line)
  return match ? readTag(unescapeHtml(line.slice(match[0].length))) : null
}

/** A line indented to just where the message began was cut for the page's width: a blank joins it. False: not to be known yet. */
function joinWrapped(feed: Feed, draft: Draft, column: number): boolean {
  for (;;) {
    if (feed.first() === -1) return feed.final
    if (feed.first() !== BLANK) return true
    const raw = feed.peek()
    if (raw === null) return feed.final
    const line = clean(raw)
    if (line.length - line.trimStart().length !== column || pastedHead(line)) return true
    draft.message += ` ${line.trim()}`
    feed.take()
  }
}

const BLANK = 32
