import { Alert } from '@mantine/core'

/** What the server says of a form as a whole. */
export function FormError({ children }: { children: string | undefined }) {
  if (!children) return null
  return (
    <Alert color="red" role="alert">
      {children}
    </Alert>
  )
}
