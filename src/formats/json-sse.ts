import { type Form, PASS, WAIT } from './form.ts'
import { readJsonLine } from './json.ts'

/** `journalctl -o json-sse`, systemd-journal-gatewayd's event stream: `data: ` before each object, an empty line after it. */
export const jsonSse: Form = {
  name: 'json-sse',
  about: 'journalctl -o json-sse: server-sent events',
  example: `data: {"__REALTIME_TIMESTAMP":"1772418641203950","_HOSTNAME":"vm-web-07","_PID":"1","SYSLOG_IDENTIFIER":"systemd","MESSAGE":"Freezing execution."}

`,
  read(feed, scene) {
    if (feed.first() !== 100) return PASS
    const line = feed.peek()
    if (line === null) return WAIT
    return line.startsWith('data: {') ? readJsonLine(feed, scene, line.slice(6)) : PASS
  },
}
