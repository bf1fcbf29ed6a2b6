// Bundles the server's program with PostHog's own plugin, which gives chunks their ids and calls posthog-cli:
// `node build_server.mjs <folder> <settings of the plugin as JSON>`.
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import posthog from '@posthog/rollup-plugin'
import { transform } from 'esbuild'
import { rollup } from 'rollup'

const here = dirname(fileURLToPath(import.meta.url))
const [folder, settings] = process.argv.slice(2)
const minify = {
    name: 'minify',
    async renderChunk(code) {
        const small = await transform(code, { minify: true, sourcemap: true, sourcefile: 'chunk.js' })
        return { code: small.code, map: small.map }
    },
}
const bundle = await rollup({
    input: join(here, 'program/server.js'),
    external: [/^node:/, 'posthog-node'],
    plugins: [minify, (posthog.default ?? posthog)(JSON.parse(settings))],
})
await bundle.write({ dir: folder, format: 'es', sourcemap: true, entryFileNames: 'server.mjs' })
await bundle.close()
