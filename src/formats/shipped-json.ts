import { type Form, PASS, WAIT } from './form.ts'
import { parseObject } from './object.ts'
import { readShipped } from './shipped.ts'

/** One object a line whose fields a shipper renamed: Fluent Bit, Vector, Filebeat, VictoriaLogs, Azure Monitor, Cloud Logging, Splunk. */
export const shippedJson: Form = {
  name: 'shipped-json',
  about: "shippers' JSON: message, _msg, SyslogMessage, _raw, textPayload …, one object a line",
  example: `{"_time":"2026-03-02T02:30:41.20395Z","_stream":"{_HOSTNAME=\\"vm-web-07\\"}","_msg":"Freezing execution.","_PID":"1","_HOSTNAME":"vm-web-07"}
{"message":"Freezing execution.","hostname":"vm-web-07","pid":"1","syslog_identifier":"systemd","timestamp":"2026-03-02T02:30:41.203950Z"}
`,
  read(feed, scene) {
    if (feed.first() !== 123) return PASS
    const line = feed.peek()
    if (line === null) return WAIT
    const object = line.length > 2 ? parseObject(line) : null
    const draft = object && readShipped(object, scene)
    if (!draft) return PASS
    feed.take()
    return draft
  },
}
