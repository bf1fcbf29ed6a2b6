// Places posthog-js as browsers load it from the appliance: `node web/scripts.mjs PACKAGE FOLDER`.
//
// The package lists the scripts it is published with and their checksums; each is checked, and laid down plain and
// compressed, so that the server only hands out files. Modules for bundlers stay out: no page loads those from a host.
// `manifest.json` comes last: a folder that has one is complete.

import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const OF_BUNDLERS = /^(main|module)\b|\.(cjs|mjs)$/
const [source, target] = process.argv.slice(2)

function brotli(bytes, quality) {
    const params = { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length }
    return brotliCompressSync(bytes, { params })
}

function place(name, bytes, quality) {
    writeFileSync(join(target, name), bytes)
    writeFileSync(join(target, `${name}.gz`), gzipSync(bytes, { level: 9 }))
    writeFileSync(join(target, `${name}.br`), brotli(bytes, quality))
    return { bytes: bytes.length, sha384: createHash('sha384').update(bytes).digest('base64') }
}

const { version, files } = JSON.parse(readFileSync(join(source, 'dist', 'integrity.json'), 'utf8'))
rmSync(target, { recursive: true, force: true })
mkdirSync(target, { recursive: true })
const placed = {}
for (const [name, checksum] of Object.entries(files)) {
    if (OF_BUNDLERS.test(name)) continue
    const found = readFileSync(join(source, 'dist', name))
    placed[name] = place(name, found, 11)
    if (`sha384-${placed[name].sha384}` !== checksum) throw new Error(`${name} is not what posthog-js published`)
    const map = `${name}.map`
    placed[map] = place(map, readFileSync(join(source, 'dist', map)), 5)
}
cpSync(join(source, 'LICENSE'), join(target, 'LICENSE'))
writeFileSync(join(target, 'manifest.json'), JSON.stringify({ version, files: placed }, null, 2) + '\n')
