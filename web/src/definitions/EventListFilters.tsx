import { SegmentedControl, Switch } from '@mantine/core'
import type { ChangeList, ListState } from './listState'

const KINDS = [
  { value: 'all', label: 'All' },
  { value: 'event_custom', label: 'Your own' },
  { value: 'event_posthog', label: 'By SDKs' },
]

export function EventListFilters({ state, onChange }: { state: ListState; onChange: ChangeList }) {
  return (
    <>
      <SegmentedControl
        size="xs"
        aria-label="Kind of event"
        data={KINDS}
        value={state.kind ?? 'all'}
        onChange={value =>
          onChange({ kind: value === 'all' ? undefined : (value as ListState['kind']), page: undefined })
        }
      />
      <Switch
        size="xs"
        label="Only verified"
        checked={state.verified ?? false}
        onChange={event => onChange({ verified: event.currentTarget.checked || undefined, page: undefined })}
      />
    </>
  )
}
