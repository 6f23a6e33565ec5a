import { chatter, pid1Message, random } from './generate.ts'

const BOOT = 'b4e411756d944b56a7f2eb55d84326eb'
const START = 1_795_484_741_000_000

/** Entries as systemd-journal-remote takes them, all that journald gives each: about 700 bytes an entry in the file. */
export function exported(from: number, count: number, pid1: number): string {
  const next = random(20_261_124 + from)
  return Array.from({ length: count }, (_, nth) => {
    const index = from + nth
    const own = next() * 100 < pid1
    const name = own ? 'systemd' : `api-${index % 12}`
    const unit = own ? 'init.scope' : `${name}.service`
    const pid = own ? 1 : 1000 + (index % 3000)
    const time = START + index * 997
    return `__REALTIME_TIMESTAMP=${time}
__MONOTONIC_TIMESTAMP=${time - START + 5_000_000}
_BOOT_ID=${BOOT}
MESSAGE=${own ? pid1Message(index, next, false) : chatter(index, next)}
PRIORITY=6
SYSLOG_FACILITY=3
SYSLOG_IDENTIFIER=${name}
SYSLOG_PID=${pid}
_TRANSPORT=${own ? 'journal' : 'syslog'}
_PID=${pid}
_UID=0
_GID=0
_COMM=${name}
_EXE=${own ? '/usr/lib/systemd/systemd' : `/usr/bin/${name}`}
_CMDLINE=${own ? '/sbin/init' : `/usr/bin/${name} --serve`}
_CAP_EFFECTIVE=1ffffffffff
_SYSTEMD_CGROUP=${own ? '/init.scope' : `/system.slice/${unit}`}
_SYSTEMD_UNIT=${unit}
_SYSTEMD_SLICE=${own ? '-.slice' : 'system.slice'}
_SYSTEMD_INVOCATION_ID=${own ? '00000000000000000000000000000001' : `5d5b0a2f46b24c1a9d1a2b3c4d5e60${10 + (index % 12)}`}
_SOURCE_REALTIME_TIMESTAMP=${time - 30 - (index % 17)}
_MACHINE_ID=c0ffee00c0ffee00c0ffee00c0ffee00
_HOSTNAME=vm-web-07
_RUNTIME_SCOPE=system

`
  }).join('')
}
