import { QueryClient } from '@tanstack/react-query'
import { ApiError } from './errors'

const RETRIES_MAX = 2

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      refetchOnWindowFocus: false,
      retry: (failed, error) => failed < RETRIES_MAX && error instanceof ApiError && error.isPassing,
      retryDelay: failed => Math.min(1_000 * 2 ** failed, 5_000),
    },
  },
})
