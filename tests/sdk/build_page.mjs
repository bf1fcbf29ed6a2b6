// Bundles the page's program as a site's build does: `node build_page.mjs <folder>`. Chunk ids are for posthog-cli.
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const here = dirname(fileURLToPath(import.meta.url))
await build({
    entryPoints: [join(here, 'program/page.js')],
    outdir: process.argv[2],
    bundle: true,
    minify: true,
    sourcemap: true,
    format: 'iife',
    logLevel: 'error',
})
