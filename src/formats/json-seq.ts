import { type Form, PASS, WAIT } from './form.ts'
import { readJsonLine } from './json.ts'

/** `journalctl -o json-seq` (v240): RFC 7464, a record separator (0x1e) before each object. */
export const jsonSeq: Form = {
  name: 'json-seq',
  about: 'journalctl -o json-seq: RFC 7464',
  example: `\x1e{"__REALTIME_TIMESTAMP":"1772418641203950","_HOSTNAME":"vm-web-07","_PID":"1","SYSLOG_IDENTIFIER":"systemd","MESSAGE":"Freezing execution."}
`,
  read(feed, scene) {
    if (feed.first() !== 0x1e) return PASS
    const line = feed.peek()
    return line === null ? WAIT : readJsonLine(feed, scene, line.slice(1))
  },
}
