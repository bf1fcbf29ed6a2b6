import { expect, test } from 'vitest'
import { ApiError, errorOf, errorText, errorTitle } from './errors'

test('an answer in the shape of the API tells its own detail, code and field', () => {
  const error = errorOf(400, {
    type: 'validation_error',
    code: 'required',
    detail: 'Say which.',
    attr: 'name',
  })
  expect([error.status, error.code, error.message, error.attr]).toEqual([
    400,
    'required',
    'Say which.',
    'name',
  ])
})

test('a page of a proxy is not shown as the error', () => {
  expect(errorOf(502, '<html>bad gateway</html>').message).toBe('The server failed')
})

test('what may pass by itself is told apart from what may not', () => {
  const passing = [0, 429, 500, 503].map(status => new ApiError(status, {}).isPassing)
  const lasting = [400, 403, 404].map(status => new ApiError(status, {}).isPassing)
  expect([...passing, ...lasting]).toEqual([true, true, true, true, false, false, false])
})

test('a failure of our own has a title and its message', () => {
  expect(errorTitle(new TypeError('x is not a function'))).toBe('Something went wrong')
  expect(errorText(new TypeError('x is not a function'))).toBe('x is not a function')
})
