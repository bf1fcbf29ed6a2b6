import { Group, Radio, Stack, Text } from '@mantine/core'
import classes from './SdkChoice.module.css'
import type { SdkId } from './sdkIds'
import { SDKS } from './sdks'

const GROUPS = ['Browser', 'Server', 'Mobile'] as const

export function SdkChoice({ value, onChange }: { value: SdkId; onChange: (id: SdkId) => void }) {
  return (
    <Radio.Group value={value} onChange={id => onChange(id as SdkId)} aria-label="SDK">
      <Stack gap="sm">
        {GROUPS.map(group => (
          <div key={group}>
            <Text size="xs" fw={600} c="var(--hoglet-quiet)" mb={6}>
              {group}
            </Text>
            <Group gap={6}>
              {SDKS.filter(one => one.group === group).map(one => (
                <Radio.Card
                  key={one.id}
                  value={one.id}
                  className={classes.choice}
                  data-chosen={one.id === value || undefined}
                >
                  {one.name}
                </Radio.Card>
              ))}
            </Group>
          </div>
        ))}
      </Stack>
    </Radio.Group>
  )
}
