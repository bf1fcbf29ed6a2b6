import { type FormEvent, useState } from 'react'
import { ApiError, errorText } from '@/api/errors'

interface Submission {
  onSubmit: (event: FormEvent) => void
  busy: boolean
  /** What the server says of a field. */
  errorOf: (field: string) => string | undefined
  /** What it says otherwise. */
  error: string | undefined
}

/** A form that is sent by `send`, with what the server finds wrong beside the field that it names. */
export function useSubmit(fields: readonly string[], send: () => Promise<void>): Submission {
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<unknown>(null)
  const attr = failure instanceof ApiError ? failure.attr : null
  const named = attr !== null && fields.includes(attr)
  const submit = async () => {
    setBusy(true)
    setFailure(null)
    try {
      await send()
    } catch (error) {
      setFailure(error)
    } finally {
      setBusy(false)
    }
  }
  return {
    onSubmit: event => {
      event.preventDefault()
      void submit()
    },
    busy,
    errorOf: field => (named && attr === field ? errorText(failure) : undefined),
    error: failure !== null && !named ? errorText(failure) : undefined,
  }
}
