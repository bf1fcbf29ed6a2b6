import { Alert, Button } from '@mantine/core'
import type { ErrorComponentProps } from '@tanstack/react-router'
import { ApiError, errorText } from '@/api/errors'
import { Doorway } from './Doorway'

/** A link that no longer opens anything, or cannot be looked up now. */
export function StaleLink({ error, reset }: ErrorComponentProps) {
  const isStale = error instanceof ApiError && !error.isPassing
  return (
    <Doorway title={isStale ? 'This link does not work' : 'Something went wrong'}>
      <Alert color={isStale ? 'orange' : 'red'} role="alert">
        {errorText(error)}
      </Alert>
      {isStale ? (
        <Button component="a" href="/" variant="default" size="sm">
          Go to the start page
        </Button>
      ) : (
        <Button variant="default" size="sm" onClick={reset}>
          Try again
        </Button>
      )}
    </Doorway>
  )
}
