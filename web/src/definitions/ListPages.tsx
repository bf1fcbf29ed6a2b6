import { Group, Pagination, Text } from '@mantine/core'
import { counted } from '@/components/format'
import { PAGE_ROWS } from './listState'

interface Props {
  count: number | undefined
  page: number | undefined
  onPage: (page: number | undefined) => void
}

export function ListPages({ count, page = 1, onPage }: Props) {
  if (!count) return null
  const pages = Math.ceil(count / PAGE_ROWS)
  return (
    <Group justify="space-between">
      <Text size="sm" c="var(--hoglet-quiet)">
        {counted(count, 'definition')}
      </Text>
      {pages > 1 && (
        <Pagination
          size="sm"
          total={pages}
          value={Math.min(Math.max(1, page), pages)}
          onChange={chosen => onPage(chosen === 1 ? undefined : chosen)}
          getControlProps={control => ({ 'aria-label': `${control} page` })}
        />
      )}
    </Group>
  )
}
