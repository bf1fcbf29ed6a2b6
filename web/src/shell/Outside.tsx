import type { ErrorComponentProps } from '@tanstack/react-router'
import { PageError } from '@/components/PageError'

/** A failure for which not even the shell could be shown. */
export function Outside(props: ErrorComponentProps) {
  return (
    <main>
      <PageError {...props} />
    </main>
  )
}
