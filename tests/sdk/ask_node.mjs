// Runs the unmodified posthog-node: what to ask comes in on standard input, what it answered goes out on standard output.
//
// In:  {"token", "options": {…}, "calls": [{"method", "arguments": […]}]}.
// Out: {"results": [what each call answered, null for undefined], "sent": [each message as the SDK says it flushed it],
//       "errors": [what the SDK complained about]}.

import { PostHog } from 'posthog-node'

const chunks = []
for await (const chunk of process.stdin) chunks.push(chunk)
const { token, options, calls } = JSON.parse(Buffer.concat(chunks).toString('utf8'))
const results = []
const sent = []
const errors = []
// Standard output is for the answer alone.
console.log = console.debug = console.info = console.warn = console.error
const client = new PostHog(token, options)
client.on('flush', (messages) => sent.push(...messages))
client.on('error', (error) => errors.push(String(error)))
for (const { method, arguments: given } of calls) results.push((await client[method](...given)) ?? null)
await client.shutdown()
process.stdout.write(JSON.stringify({ results, sent, errors }))
