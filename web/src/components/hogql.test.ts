import { expect, test } from 'vitest'
import { eventProperty, personProperty, propertyOf, text } from './hogql'

test('a plain name is a step of the path, any other is quoted', () => {
  expect(eventProperty('$browser')).toBe('properties.$browser')
  expect(personProperty('first name')).toBe('person.properties.`first name`')
  expect(eventProperty('a`b\\c')).toBe('properties.`a\\`b\\\\c`')
})

test('what was quoted is found again', () => {
  for (const key of ['$browser', 'first name', 'a`b\\c', '1st']) {
    expect(propertyOf(eventProperty(key))).toEqual({ of: 'event', key })
    expect(propertyOf(personProperty(key))).toEqual({ of: 'person', key })
  }
  expect(propertyOf('count()')).toBeNull()
})

test('no text ends its own quotes', () => {
  expect(text("it's \\ so")).toBe("'it\\'s \\\\ so'")
})
