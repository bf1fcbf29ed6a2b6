/** Plurals of names that people gave, by the simple rules of English. */

const IRREGULAR: Readonly<Record<string, string>> = {
  person: 'people',
  child: 'children',
  man: 'men',
  woman: 'women',
}

/** `company` to `companies`; what looks like a plural already, or like no English word, stays as it is. */
export function pluralOf(name: string): string {
  const [, before = '', word = ''] = /^([\s\S]*?)([a-z]+)$/i.exec(name) ?? []
  if (!word) return name
  return before + pluralWord(word)
}

function pluralWord(word: string): string {
  const small = word.toLowerCase()
  const known = Object.hasOwn(IRREGULAR, small) ? IRREGULAR[small] : undefined
  if (known) return word.charAt(0) + known.slice(1)
  if (/[^aeiou]y$/.test(small)) return `${word.slice(0, -1)}ies`
  if (/(ss|us|x|z|ch|sh)$/.test(small)) return `${word}es`
  if (/[^aeiou]is$/.test(small)) return `${word.slice(0, -2)}es`
  return small.endsWith('s') ? word : `${word}s`
}
