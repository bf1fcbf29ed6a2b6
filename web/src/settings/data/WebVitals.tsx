import { MultiSelect } from '@mantine/core'
import type { SettingPart } from './part'

const NAME = 'autocapture_web_vitals_allowed_metrics'
const METRICS = [
  { value: 'LCP', label: 'Largest contentful paint' },
  { value: 'CLS', label: 'Cumulative layout shift' },
  { value: 'FCP', label: 'First contentful paint' },
  { value: 'INP', label: 'Interaction to next paint' },
]

/** Which of them are measured; nothing chosen is all. */
export function WebVitals({ project, mayChange, saving }: SettingPart) {
  const kept = Array.isArray(project[NAME]) ? (project[NAME] as string[]) : []
  return (
    <MultiSelect
      size="sm"
      label="Web vitals that are measured"
      placeholder={kept.length > 0 ? '' : 'All of them'}
      data={METRICS}
      value={kept}
      onChange={chosen => void saving.save({ [NAME]: chosen.length > 0 ? chosen : null })}
      disabled={!mayChange || saving.busy}
      error={saving.problem(NAME)}
    />
  )
}
