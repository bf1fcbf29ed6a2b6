/**
 * Why a frame could not be resolved, in plain words, and what to do about it.
 *
 * Frames tell it as a sentence, symbol sets as JSON of a tagged enum; both are the server's `failure.rs`.
 */

export interface Failure {
  title: string
  /** What to do. */
  todo: string
  /** What the server said of it. */
  detail: string
}

interface Kind {
  /** How the sentence on a frame begins. */
  begins: string
  /** Names of the stored enum's variants. */
  variants: readonly string[]
  title: string
  todo: string
}

const UPLOAD = 'Upload them with posthog-cli when you build; see “How to upload” under Symbol sets.'
const AGAIN = 'Upload them again with the newest posthog-cli.'
const REACH =
  'Upload the maps instead of having them fetched, or let the appliance reach the site. It is tried again after a day.'

const KINDS: readonly Kind[] = [
  {
    begins: 'No sourcemap uploaded for chunk id',
    variants: ['NoSourcemapUploaded'],
    title: 'The source map of this file was not uploaded',
    todo: UPLOAD,
  },
  {
    begins: 'No symbol set for chunk id',
    variants: ['MissingChunkIdData'],
    title: 'Nothing was uploaded for this chunk',
    todo: UPLOAD,
  },
  {
    begins: 'No proguard map uploaded for id',
    variants: ['MissingMap'],
    title: 'The mapping of this build was not uploaded',
    todo: 'Upload the mapping.txt of the build with posthog-cli, or with the Gradle plugin.',
  },
  {
    begins: 'No dSYM uploaded for debug_id',
    variants: ['MissingDsym'],
    title: 'The dSYM of this build was not uploaded',
    todo: 'Upload the dSYMs of the build with posthog-cli, in a build phase of Xcode, say.',
  },
  {
    begins: 'No debug symbols uploaded for debug_id',
    variants: ['MissingSymbolSet'],
    title: 'The debug symbols of this program were not uploaded',
    todo: 'Upload the program with its symbols with posthog-cli before it is stripped.',
  },
  {
    begins: 'This frame had no source url or chunk id',
    variants: ['NoUrlOrChunkId'],
    title: 'The frame names no file',
    todo: 'Nothing, if it is code of the browser itself. Else inject chunk ids with posthog-cli when you build.',
  },
  {
    begins: 'No source url found',
    variants: ['NoSourceUrl'],
    title: 'The frame names no script',
    todo: 'Inject chunk ids with posthog-cli when you build, so that scripts are known without an address.',
  },
  {
    begins: 'No chunk id sent with frame',
    variants: ['NoChunkId'],
    title: 'The frame names no chunk',
    todo: 'Inject chunk ids into the bundle when you build: Metro’s serializer of the SDK does it.',
  },
  {
    begins: 'No map ID sent with frame',
    variants: ['NoMapId'],
    title: 'The frame names no mapping',
    todo: 'Use the Gradle plugin of the SDK, which writes the mapping’s id into the app.',
  },
  {
    begins: 'No debug_id found for frame',
    variants: ['NoDebugId'],
    title: 'The program has no id',
    todo: 'Build with a build id (linkers write one by default), so that its symbols can be found.',
  },
  {
    begins: 'No matching debug image found for frame',
    variants: ['NoMatchingDebugImage'],
    title: 'The address belongs to no library of the event',
    todo: 'Nothing, for a frame of the system. For your own code, update the SDK: it tells which libraries are loaded.',
  },
  {
    begins: 'Could not find sourcemap for source url',
    variants: ['NoSourcemap'],
    title: 'The script names no source map',
    todo: 'Upload its map with posthog-cli. If it is a script of somebody else, nothing is to be done.',
  },
  {
    begins: 'Token not found for frame',
    variants: ['TokenNotFound'],
    title: 'The source map says nothing about this place',
    todo: 'The map is probably of another build. Upload the one that was made together with the script.',
  },
  {
    begins: 'No token for column',
    variants: ['NoTokenForColumn'],
    title: 'The map of the bundle says nothing about this place',
    todo: 'The map is probably of another build. Upload the one that was made together with the bundle.',
  },
  {
    begins: 'No original frames could be derived',
    variants: ['NoOriginalFrames', 'NoModuleProvided', 'MissingClass', 'InvalidClass'],
    title: 'The mapping says nothing about this frame',
    todo: 'The mapping is probably of another build. Nothing, if it is a class of the system.',
  },
  {
    begins: 'Symbol not found at address',
    variants: ['SymbolNotFound', 'InvalidAddress'],
    title: 'No function is known at this address',
    todo: 'The symbols are probably stripped, or of another build. Upload those of the build that crashed.',
  },
  {
    begins: 'Invalid source map',
    variants: ['InvalidSourceMap', 'InvalidMap', 'InvalidMapping'],
    title: 'The source map cannot be used',
    todo: 'It is damaged or too large. Build it anew and upload it again.',
  },
  {
    begins: 'Invalid Source and Map',
    variants: ['InvalidSourceAndMap', 'JSDataError', 'DataError'],
    title: 'The uploaded file cannot be read',
    todo: AGAIN,
  },
  {
    begins: 'Failed to parse d',
    variants: ['ParseError'],
    title: 'The symbols cannot be read',
    todo: AGAIN,
  },
  {
    begins: 'Invalid source url',
    variants: ['InvalidSourceUrl', 'InvalidSourceMapUrl', 'InvalidSourceMapHeader'],
    title: 'The address of the script or its map is none',
    todo: 'Upload the map with posthog-cli instead of having it fetched.',
  },
  {
    begins: 'Invalid data url found at',
    variants: ['InvalidDataUrl'],
    title: 'The map inside the script cannot be read',
    todo: 'Only JSON in UTF-8 or base64 is. Upload the map with posthog-cli instead.',
  },
  {
    begins: 'HTTP error',
    variants: ['HttpStatus'],
    title: 'The site refused to hand out the map',
    todo: REACH,
  },
  {
    begins: 'Request timed out while fetching',
    variants: ['Timeout'],
    title: 'Fetching the map took too long',
    todo: REACH,
  },
  {
    begins: 'Network error while fetching',
    variants: ['NetworkError', 'RedirectError'],
    title: 'The site could not be reached',
    todo: REACH,
  },
  {
    begins: 'This address must not be fetched',
    variants: ['BlockedUrl'],
    title: 'Maps are not fetched from this address',
    todo: 'Upload them with posthog-cli. Whether maps are fetched at all is a setting of the appliance.',
  },
]

/** Other sentences that say the same as one above. */
const ALSO: Readonly<Record<string, string>> = {
  'Invalid map': 'InvalidMap',
  'Invalid mapping': 'InvalidMapping',
  'Data error': 'DataError',
  JSDataError: 'JSDataError',
  'Redirect error while fetching': 'RedirectError',
  'Could not parse source-map header': 'InvalidSourceMapHeader',
  'No module provided': 'NoModuleProvided',
  'No class matched': 'MissingClass',
  'Invalid class format': 'InvalidClass',
  'Invalid address format': 'InvalidAddress',
}

/** A frame's. */
export function failureOfText(text: string): Failure {
  const also = Object.entries(ALSO).find(([begins]) => text.startsWith(begins))
  return failure(
    KINDS.find(one => (also ? one.variants.includes(also[1]) : text.startsWith(one.begins))),
    text,
  )
}

/** A symbol set's: `{"JavaScript":{"NoSourcemap":"…"}}`, `{"JavaScript":"InvalidSourceAndMap"}`. */
export function failureOfJson(json: string): Failure {
  const [names, detail] = unwrapped(json)
  return failure(
    KINDS.find(one => one.variants.some(variant => names.includes(variant))),
    detail,
  )
}

function failure(kind: Kind | undefined, detail: string): Failure {
  if (!kind) return { title: 'It could not be resolved', todo: UPLOAD, detail }
  return { title: kind.title, todo: kind.todo, detail }
}

/** The tags, from the outside in, and what they hold. */
function unwrapped(json: string): [string[], string] {
  let held: unknown
  try {
    held = JSON.parse(json)
  } catch {
    return [[], json]
  }
  const names: string[] = []
  while (typeof held === 'object' && held !== null && !Array.isArray(held)) {
    const [first] = Object.entries(held)
    if (!first) break
    names.push(first[0])
    held = first[1]
  }
  if (typeof held === 'string' && names.length === 1 && names[0] !== 'MissingChunkIdData') {
    return [[...names, held], held]
  }
  return [names, Array.isArray(held) ? held.map(String).join(' ') : String(held ?? '')]
}

export const KNOWN_BEGINNINGS: readonly string[] = [...KINDS.map(one => one.begins), ...Object.keys(ALSO)]
export const KNOWN_VARIANTS: readonly string[] = KINDS.flatMap(one => one.variants)
