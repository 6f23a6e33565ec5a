/**
 * Takes out what was meant for a terminal: colours and cursor moves (CSI), titles and links (OSC), bells, carriage returns, stray NULs.
 * Messages in JSON are cleaned too, so that the same message reads the same in every form.
 */
export function clean(text: string): string {
  return CONTROL.test(text) ? text.replace(OSC, '').replace(CSI, '').replace(LONE_ESCAPE, '').replace(CONTROLS, '') : text
}

const CONTROL = /[\x00-\x08\x0b-\x1f\x7f]/
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f]/g
const CSI = /\x1b\[[0-?]*[ -/]*[@-~]/g
const OSC = /\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)/g
const LONE_ESCAPE = /\x1b[ -/]*[0-Z\\^_`a-z{|}~]/g

/** `#012` and its like: what rsyslog writes for a control character (three octal digits). Only line ends and tabs are undone. */
export function unescapeSyslog(text: string): string {
  return text.includes('#01') ? text.replace(/#012/g, '\n').replace(/#011/g, '\t').trimEnd() : text
}

/** `Caught &lt;ABRT>`: lines that came by way of a web page (systemd#9315). Only for forms that are pasted, never for a log's own text. */
export function unescapeHtml(text: string): string {
  return text.includes('&') ? text.replace(/&(lt|gt|quot|amp);/g, (_, name: string) => HTML[name] ?? '') : text
}

const HTML: Record<string, string> = { lt: '<', gt: '>', quot: '"', amp: '&' }
