// Lays a gzip and a brotli copy beside every built text file, so that the server only hands out files.

import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const OF_TEXT = /\.(js|css|html|svg|json|map)$/
// Below this the headers weigh more than what is saved.
const WORTHWHILE_BYTES = 1024

export function precompress() {
  let folder = ''
  return {
    name: 'precompress',
    apply: 'build',
    configResolved(config) {
      folder = resolve(config.root, config.build.outDir)
    },
    // Not closeBundle, which also comes after a failed build, and would hide why it failed.
    writeBundle() {
      for (const name of readdirSync(folder, { recursive: true })) {
        const path = join(folder, String(name))
        if (!OF_TEXT.test(path) || statSync(path).size < WORTHWHILE_BYTES) continue
        const bytes = readFileSync(path)
        const params = { [constants.BROTLI_PARAM_QUALITY]: path.endsWith('.map') ? 5 : 11 }
        writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }))
        writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params }))
      }
    },
  }
}
