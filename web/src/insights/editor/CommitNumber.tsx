import { NumberInput, type NumberInputProps } from '@mantine/core'
import { useEffect, useState } from 'react'

interface Props extends Omit<NumberInputProps, 'value' | 'onChange'> {
  value: number | undefined
  /** When the field is left, or with Enter; `undefined` when it is emptied. */
  onCommit: (value: number | undefined) => void
}

export function CommitNumber({ value, onCommit, ...others }: Props) {
  const [typed, setTyped] = useState<number | string>(value ?? '')
  useEffect(() => setTyped(value ?? ''), [value])
  const commit = () => {
    const found = typed === '' ? undefined : Number(typed)
    if (found !== value && (found === undefined || Number.isFinite(found))) onCommit(found)
  }
  return (
    <NumberInput
      allowDecimal={false}
      {...others}
      value={typed}
      onChange={setTyped}
      onBlur={commit}
      onKeyDown={event => {
        if (event.key === 'Enter') commit()
      }}
    />
  )
}
