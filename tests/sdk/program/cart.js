/** What somebody is about to buy. */
export class Cart {
    constructor() {
        this.items = []
    }

    add(item) {
        this.items.push(item)
        return this
    }

    total() {
        return this.items.reduce(function sumPrices(sum, item) {
            return sum + item.price.amount
        }, 0)
    }
}

export function checkout(cart) {
    const total = cart.total()
    return `to pay: ${total}`
}
