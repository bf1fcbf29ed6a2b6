/** The exceptions of an event, read out of its properties: those that the server resolved, or as an SDK sent them. */

export interface Frame {
  /** `<digest>/<part>`: what the server keeps beside events it keeps by this. Empty where the frame was only sent. */
  raw_id: string
  /** The function as it was sent. */
  mangled_name: string
  /** By the name that it has in its source. */
  resolved_name: string | null
  line: number | null
  column: number | null
  source: string | null
  module: string | null
  in_app: boolean
  lang: string
  resolved: boolean
  /** Why it is not, or why it is taken as it was sent. */
  resolve_failure: string | null
  /** The SDK's own code, perhaps. */
  suspicious: boolean
  /** As it was sent, where that is kept. */
  raw: SentFrame | null
  code_variables: Record<string, unknown> | null
}

export interface SentFrame {
  function: string | null
  filename: string | null
  lineno: number | null
  colno: number | null
  module: string | null
  chunk_id: string | null
}

export interface Mechanism {
  type: string | null
  handled: boolean | null
  synthetic: boolean
  /** How it hangs on the one before: its `cause`, or a `member` of a group. */
  source: string | null
}

export interface Exception {
  id: string
  type: string
  value: string
  module: string | null
  mechanism: Mechanism
  thread_id: number | null
  /** The entry point first, the place of the crash last. Null where none were sent. */
  frames: Frame[] | null
}

type Fields = Record<string, unknown>

/** The one that was caught first, what caused it last. What cannot be read is left out. */
export function exceptionsOf(properties: Fields): Exception[] {
  const listed = properties.$exception_list
  if (!Array.isArray(listed)) return []
  return listed.filter(isFields).map((one, at) => exceptionOf(one, at))
}

function exceptionOf(given: Fields, at: number): Exception {
  const stack = isFields(given.stacktrace) ? given.stacktrace : null
  const mechanism = isFields(given.mechanism) ? given.mechanism : {}
  return {
    id: text(given.id) ?? String(at),
    type: text(given.type) ?? 'Error',
    value: text(given.value) ?? '',
    module: text(given.module),
    thread_id: whole(given.thread_id),
    mechanism: {
      type: text(mechanism.type),
      handled: typeof mechanism.handled === 'boolean' ? mechanism.handled : null,
      synthetic: mechanism.synthetic === true,
      source: text(mechanism.source),
    },
    frames: Array.isArray(stack?.frames) ? stack.frames.filter(isFields).map(frameOf) : null,
  }
}

/** A resolved frame; a raw one says the same in other words. */
export function frameOf(given: Fields): Frame {
  const drawer = isFields(given.junk_drawer) ? given.junk_drawer : {}
  const isSent = given.raw_id === undefined && given.mangled_name === undefined
  const sent = sentOf(given)
  return {
    raw_id: text(given.raw_id) ?? '',
    mangled_name: text(given.mangled_name) ?? sent.function ?? '',
    resolved_name: text(given.resolved_name) ?? (isSent ? sent.function : null),
    line: whole(given.line) ?? (isSent ? sent.lineno : null),
    column: whole(given.column) ?? (isSent ? sent.colno : null),
    source: text(given.source) ?? (isSent ? sent.filename : null),
    module: text(given.module),
    in_app: given.in_app !== false,
    lang: text(given.lang) ?? text(given.platform)?.split(':').at(-1) ?? '',
    resolved: isSent || given.resolved === true,
    resolve_failure: text(given.resolve_failure),
    suspicious: given.suspicious === true,
    raw: isSent ? sent : isFields(drawer.raw_frame) ? sentOf(drawer.raw_frame) : null,
    code_variables: isFields(given.code_variables) ? given.code_variables : null,
  }
}

function sentOf(given: Fields): SentFrame {
  return {
    function: text(given.function),
    filename: text(given.filename) ?? text(given.abs_path),
    lineno: whole(given.lineno),
    colno: whole(given.colno),
    module: text(given.module),
    chunk_id: text(given.chunk_id) ?? text(given.chunkId),
  }
}

function isFields(given: unknown): given is Fields {
  return typeof given === 'object' && given !== null && !Array.isArray(given)
}

function text(given: unknown): string | null {
  return typeof given === 'string' ? given : null
}

function whole(given: unknown): number | null {
  return typeof given === 'number' && Number.isFinite(given) ? given : null
}
