// A page's program: it is bundled, made small, and run in a browser.
import posthog from 'posthog-js'
import { Cart, checkout } from './cart.js'

const { token, options } = window.settings
posthog.init(token, options)
window.posthog = posthog
// Nobody gave this item a price.
document.querySelector('#buy').addEventListener('click', function buy() {
    checkout(new Cart().add({ name: 'hedgehog' }))
})
