// A server's program: it is bundled, made small, and run by Node.
import { PostHog } from 'posthog-node'
import { Cart, checkout } from './cart.js'

const [token, host, distinctId] = process.argv.slice(2)
const client = new PostHog(token, { host })
try {
    checkout(new Cart().add({ name: 'hedgehog' }))
} catch (error) {
    client.captureException(error, distinctId)
}
await client.shutdown()
