/** The machine that the appliance runs on, and its version. */
import { queryOptions } from '@tanstack/react-query'
import { api, take } from './client'

export interface Room {
  total_bytes: number
  free_bytes: number
}

export interface Instance {
  version: string
  /** Where the data lies. */
  disk: Room
  /** Null where the system does not tell. */
  memory: Room | null
}

const EVERY_MS = 15_000

export const instanceQuery = () =>
  queryOptions({
    queryKey: ['instance'],
    queryFn: ({ signal }) => take<Instance>(api.GET('/api/instance_status/', { signal })),
    refetchInterval: EVERY_MS,
  })
