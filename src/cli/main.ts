#!/usr/bin/env node
// The command. Only here is anything printed, and only here does the process end.
import { plain } from '../problems/frame.ts'
import { RuleError, UsageError } from '../problems/problem.ts'
import type { Outcome, Terminal } from './command.ts'
import { codeOf, writeAll } from './descriptor.ts'
import { keepHeapSmall } from './heap.ts'
import { understand } from './program.ts'
import { ProgressLine } from './progress.ts'
import { screenOn } from './screen.ts'
import { fileSink, isNoFile, isPiped, type Sink, STANDARD_OUTPUT, standardOutput, writeFault } from './sink.ts'

// A run that is over before there is garbage is spared the loading of node:v8.
setTimeout(keepHeapSmall, 50).unref()

const WRONG = 2

const told = screenOn(2)
const progress = new ProgressLine(text => void writeAll(2, text).catch(() => {}), told?.columns ?? 80)
let sink: Sink = standardOutput()
let mayBlock = false

async function main(argv: readonly string[]): Promise<number> {
  const call = understand(argv)
  if ('text' in call) return deliver({ text: [call.text], end: () => ({ status: 0, complaints: [] }) })
  const { command, operands, options } = call
  const { output = '-' } = options
  if (output !== '-') sink = fileSink(output, operands)
  const readsStdin = operands.length === 0 || operands.includes('-')
  mayBlock = operands.some(isNoFile) || (readsStdin && isPiped())
  const outcome = await command.run?.(operands, options, terminal(output === '-'))
  progress.wipe()
  return outcome ? deliver(outcome) : WRONG
}

function terminal(onScreen: boolean): Terminal {
  const output = onScreen ? screenOn(1) : null
  return {
    input: screenOn(0) !== null,
    output: output !== null,
    columns: output?.columns ?? 80,
    env: process.env,
    progress: (bytes, total, before) => {
      if (told) progress.tell(bytes, total, before)
      else if (before !== undefined) progress.note(bytes, total, before)
    },
  }
}

/** Writes what a command has to say. A reader who has seen enough (`| head`) is no fault. */
async function deliver(outcome: Outcome): Promise<number> {
  let fault: unknown = null
  // A reader who never reads on blocks the write, and with it our answer to signals; theirs by default is the right one.
  if (sink.name === STANDARD_OUTPUT) for (const signal of Object.keys(ENDINGS)) process.removeAllListeners(signal)
  try {
    for await (const piece of outcome.text) await sink.write(piece)
    const { status, complaints } = outcome.end()
    if (status === WRONG) sink.discard()
    else sink.finish()
    await complain(complaints)
    return status
  } catch (error) {
    if (!isWriteFault(error)) throw error
    fault = error
  }
  sink.discard()
  const { status, complaints } = outcome.end()
  await complain(complaints)
  if (codeOf(fault) === 'EPIPE') return status
  await complain([`${sink.name}: ${writeFault(fault)}; the report is not whole`])
  return WRONG
}

function isWriteFault(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && WRITING.some(call => call === error.syscall)
}

const WRITING = ['write', 'fsync', 'close', 'rename']

async function complain(sentences: readonly string[]): Promise<void> {
  await say(sentences.map(sentence => `inquest: ${plain(sentence)}\n`).join(''))
}

/** To standard error; nobody is left to be told where that fails. */
async function say(text: string): Promise<void> {
  progress.wipe()
  await writeAll(2, text).catch(() => {})
}

async function explain(error: unknown): Promise<void> {
  if (error instanceof UsageError) await say(`inquest: ${plain(error.message)}\nTry 'inquest --help'.\n`)
  else if (error instanceof RuleError) await say(`${error.message}\n`)
  else {
    const trace = error instanceof Error ? (error.stack ?? error.message) : String(error)
    await say(`${trace}\ninquest: this is a fault of inquest, not of your log; please report it with the lines above\n`)
  }
}

// 128 and the signal's number, as a shell counts.
const ENDINGS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const

for (const [signal, status] of Object.entries(ENDINGS)) {
  process.on(signal, () => {
    progress.wipe()
    sink.discard()
    if (mayBlock) dieBy(signal)
    process.exit(status)
  })
}

/** A read that waits for the other end of a pipe would hold up process.exit() for as long; the signal's own effect waits for nothing. */
function dieBy(signal: string): void {
  process.removeAllListeners(signal)
  process.kill(process.pid, signal)
}

async function failed(error: unknown): Promise<number> {
  sink.discard()
  await explain(error)
  return WRONG
}

// No await: the file that is compiled beforehand (start.ts) is no module.
void main(process.argv.slice(2))
  .catch(failed)
  .then(status => process.exit(status))
