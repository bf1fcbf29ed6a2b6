import { Button, Tooltip } from '@mantine/core'
import type { IssueStatus } from '@/api/issue'
import { movesFor } from '../list/listQuery'
import { MOVES } from '../words'

interface Props {
  status: string
  busy: boolean
  onChange: (status: IssueStatus) => void
}

const MEANT: Readonly<Record<string, string>> = {
  active: 'It needs somebody’s attention again',
  resolved: 'It is mended; the next exception opens it again',
  suppressed: 'Its exceptions are dropped as they come in, until it is reopened',
}

/** What can be done with an issue as it stands. */
export function StatusButtons({ status, busy, onChange }: Props) {
  return movesFor([status]).map(one => (
    <Tooltip key={one} label={MEANT[one]}>
      <Button
        variant={one === 'resolved' ? 'filled' : 'default'}
        loading={busy}
        onClick={() => onChange(one)}
      >
        {MOVES[one]}
      </Button>
    </Tooltip>
  ))
}
