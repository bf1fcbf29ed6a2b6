import { Skeleton, Stack } from '@mantine/core'
import { LoadingTable } from './Loading'

/** A page whose code is still on its way. */
export function PageLoading() {
  return (
    <Stack gap="lg" role="status" aria-busy="true" aria-label="Loading">
      <Stack gap={8}>
        <Skeleton h={22} w={180} />
        <Skeleton h={14} w={300} />
      </Stack>
      <LoadingTable />
    </Stack>
  )
}
