import { Button } from '@mantine/core'
import { IconMapSearch } from '@tabler/icons-react'
import { EmptyState } from '@/components/EmptyState'

export function NotFound() {
  return (
    <EmptyState
      icon={IconMapSearch}
      title="There is nothing here"
      action={
        <Button component="a" href="/" variant="default">
          Go to the start page
        </Button>
      }
    >
      The address may be wrong, or what it led to was deleted, or you may not see it.
    </EmptyState>
  )
}
