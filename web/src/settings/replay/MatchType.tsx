import { Select } from '@mantine/core'
import type { SettingPart } from '../data/part'

const NAME = 'session_recording_trigger_match_type_config'
const CHOICES = [
  { value: 'all', label: 'All that are set, and the share' },
  { value: 'any', label: 'Any of them, or the share' },
]

/** How the share, the pages, the events and the flag go together. */
export function MatchType({ project, mayChange, saving }: SettingPart) {
  return (
    <Select
      w={300}
      maw="100%"
      size="sm"
      label="A session is recorded by"
      data={CHOICES}
      value={project[NAME] === 'any' ? 'any' : 'all'}
      onChange={chosen => chosen && void saving.save({ [NAME]: chosen })}
      allowDeselect={false}
      disabled={!mayChange || saving.busy}
      error={saving.problem(NAME)}
    />
  )
}
