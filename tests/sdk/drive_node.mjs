// Runs the unmodified posthog-node: what to call comes in on standard input, what it told comes out on standard output.
//
// In:  {"token", "options": {…}, "calls": [{"method", "arguments": […]}]}; an argument {"$date": "…"} is a Date,
//      {"$error": "…"} an error thrown with that message.
// Out: {"sent": [each message as the SDK says it flushed it], "errors": [what the SDK complained about]}.

import { PostHog } from 'posthog-node'

function divide(message) {
    throw new RangeError(message)
}

function thrown(message) {
    try {
        divide(message)
    } catch (error) {
        return error
    }
}

function revive(_name, value) {
    if (value && typeof value === 'object' && '$date' in value) return new Date(value.$date)
    if (value && typeof value === 'object' && '$error' in value) return thrown(value.$error)
    return value
}

async function standardInput() {
    const chunks = []
    for await (const chunk of process.stdin) chunks.push(chunk)
    return JSON.parse(Buffer.concat(chunks).toString('utf8'), revive)
}

const { token, options, calls } = await standardInput()
const sent = []
const errors = []
const client = new PostHog(token, options)
client.on('flush', (messages) => sent.push(...messages))
client.on('error', (error) => errors.push(String(error)))
for (const { method, arguments: given } of calls) await client[method](...given)
await client.shutdown()
process.stdout.write(JSON.stringify({ sent, errors }))
