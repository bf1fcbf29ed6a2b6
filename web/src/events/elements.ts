/** The elements that a click went through, out of the one text that events keep of them. */

export interface EventElement {
  tag: string
  classes: string[]
  /** Attributes as they were on the page, then text. */
  attributes: [string, string][]
  text: string | undefined
}

const CHARACTERS_MAX = 200_000
const ELEMENTS_MAX = 100
const HEAD = /^[^:;"]*/
const ATTRIBUTE = /([\w-]+)="((?:[^"\\]|\\.)*)"/gy
const PLACES = new Set(['nth-child', 'nth-of-type'])

/** From the outermost to the one that was clicked: `button.primary:text="Save"nth-child="1";body:…` is the other way round. */
export function elementsOf(chain: string): EventElement[] {
  const found: EventElement[] = []
  let rest = chain.slice(0, CHARACTERS_MAX)
  while (rest && found.length < ELEMENTS_MAX) {
    const head = HEAD.exec(rest)?.[0] ?? ''
    rest = rest.slice(head.length)
    const [tag = '', ...classes] = head.split('.')
    const attributes: [string, string][] = []
    let text: string | undefined
    if (rest.startsWith(':')) {
      rest = rest.slice(1)
      ATTRIBUTE.lastIndex = 0
      let end = 0
      for (let one = ATTRIBUTE.exec(rest); one; one = ATTRIBUTE.exec(rest)) {
        end = ATTRIBUTE.lastIndex
        const name = one[1] ?? ''
        const value = (one[2] ?? '').replace(/\\(.)/g, '$1')
        if (name === 'text') text = value
        else if (!PLACES.has(name)) attributes.push([attributeName(name), value])
      }
      rest = rest.slice(end)
    }
    if (tag) found.push({ tag, classes: classes.filter(Boolean), attributes: distinct(attributes), text })
    // What is between here and the next element cannot be read.
    const next = rest.indexOf(';')
    rest = next < 0 ? '' : rest.slice(next + 1)
  }
  return found.reverse()
}

function attributeName(name: string): string {
  return name.replace(/^attr__/, '').replace(/^attr_/, '')
}

/** `href` and `attr__href` are one; classes are told beside the tag already. */
function distinct(attributes: [string, string][]): [string, string][] {
  return [...new Map(attributes)].filter(([name]) => name !== 'class')
}
