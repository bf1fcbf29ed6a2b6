import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { precompress } from './build/precompress.js'

// `npm run dev` talks to the appliance at HOGLET_URL, by default the one of `make run`.
const appliance = process.env.HOGLET_URL ?? 'http://127.0.0.1:8000'
const proxied = { target: appliance, changeOrigin: false }

// Drawing, editing and dragging are for the pages that do it.
const ON_DEMAND =
  /node_modules\/(echarts|zrender|@?codemirror|@lezer|react-grid-layout|react-draggable|react-resizable)/
const ofEveryPage = id => !ON_DEMAND.test(id)

export default defineConfig({
  plugins: [react(), precompress()],
  resolve: { alias: { '@': new URL('./src', import.meta.url).pathname } },
  build: {
    outDir: '../python/appliance/http/ui',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
    modulePreload: { polyfill: false },
    // A page is a handful of files: over HTTP/1.1 a browser fetches six at a time, so that a hundred small ones cost
    // more in round trips than in bytes.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'start', tags: ['$initial'], priority: 3 },
            { name: 'echarts', test: /node_modules\/(echarts|zrender)/, priority: 2 },
            { name: 'common', test: ofEveryPage, minShareCount: 8, priority: 1 },
          ],
        },
      },
    },
  },
  server: {
    host: '127.0.0.1',
    proxy: Object.fromEntries(
      // Pages of ours may begin with the same letters: `/embedded/…`, `/invite/…`.
      [
        '/api/',
        '^/(shared|embedded)/[^/]+\\.json',
        '/_health',
        '^/(batch|capture|i|e|flags|decide)(/|$)',
      ].map(path => [path, proxied]),
    ),
  },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
})
