import { expect, test } from 'vitest'
import { elementsOf } from './elements'

test('the outermost element comes first, without its places', () => {
  const found = elementsOf('button.action:nth-child="1"nth-of-type="1"text="Upload";body:nth-child="1"')
  expect(found).toEqual([
    { tag: 'body', classes: [], attributes: [], text: undefined },
    { tag: 'button', classes: ['action'], attributes: [], text: 'Upload' },
  ])
})

test('text may hold quotes and what otherwise parts elements', () => {
  const [link] = elementsOf(
    'a.b.c:attr__href="/x;y"href="/x;y"attr__class="b c"attr_id="go"text="Say \\"hi\\"; now"',
  )
  expect(link).toEqual({
    tag: 'a',
    classes: ['b', 'c'],
    attributes: [
      ['href', '/x;y'],
      ['id', 'go'],
    ],
    text: 'Say "hi"; now',
  })
})

test('what is no chain is no elements', () => {
  expect(elementsOf('')).toEqual([])
  expect(elementsOf(';;;')).toEqual([])
  expect(elementsOf('"broken:::')).toEqual([])
  expect(elementsOf('a:text="never ends').map(one => one.tag)).toEqual(['a'])
})
