import { ActionIcon, Card, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import type { ActionStep, Matching } from '@/api/action'
import { EventPicker } from '@/components/EventPicker'
import { PropertyFilters } from '@/components/PropertyFilters'
import { isOfElements, MATCHINGS } from './steps'

interface Props {
  name: string
  value: ActionStep
  onChange: (step: ActionStep) => void
  onRemove?: () => void
}

/** One way to match: an event, where it happened, and what was clicked. */
export function StepEditor({ name, value, onChange, onRemove }: Props) {
  const change = (changed: Partial<ActionStep>) => onChange({ ...value, ...changed })
  return (
    <Card padding="sm" component="fieldset" aria-label={name} m={0} miw={0}>
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap">
          <Group gap="xs">
            <Text fw={600}>{name}</Text>
            <EventPicker
              value={{ kind: 'event', name: value.event }}
              onChange={choice => {
                if (choice.kind === 'event') change({ event: choice.name })
              }}
              allowActions={false}
            />
          </Group>
          {onRemove && (
            <ActionIcon aria-label={`Remove ${name}`} onClick={onRemove}>
              <IconX size={14} />
            </ActionIcon>
          )}
        </Group>
        <Matched
          label="URL"
          placeholder="/pricing"
          text={value.url}
          matching={value.url_matching ?? 'contains'}
          onText={url => change({ url })}
          onMatching={url_matching => change({ url_matching })}
        />
        {isOfElements(value) && (
          <>
            <Matched
              label="Element text"
              placeholder="Sign up"
              text={value.text}
              matching={value.text_matching ?? 'exact'}
              onText={text => change({ text })}
              onMatching={text_matching => change({ text_matching })}
            />
            <Matched
              label="Link address"
              placeholder="/signup"
              text={value.href}
              matching={value.href_matching ?? 'exact'}
              onText={href => change({ href })}
              onMatching={href_matching => change({ href_matching })}
            />
            <TextInput
              size="xs"
              label="CSS selector"
              placeholder="form button.primary"
              classNames={{ input: 'monospace' }}
              value={value.selector ?? ''}
              onChange={event => change({ selector: event.currentTarget.value || null })}
            />
          </>
        )}
        <PropertyFilters
          value={value.properties}
          onChange={properties => change({ properties })}
          sources={['event', 'person', 'element', 'cohort', 'hogql']}
          eventNames={value.event ? [value.event] : undefined}
        />
      </Stack>
    </Card>
  )
}

interface MatchedProps {
  label: string
  placeholder: string
  text: string | null
  matching: Matching
  onText: (text: string | null) => void
  onMatching: (matching: Matching) => void
}

function Matched({ label, placeholder, text, matching, onText, onMatching }: MatchedProps) {
  return (
    <Group gap="xs" align="end" wrap="nowrap">
      <NativeSelect
        size="xs"
        label={label}
        aria-label={`${label}: how it is compared`}
        w={150}
        value={matching}
        onChange={event => onMatching(event.currentTarget.value as Matching)}
        data={[...MATCHINGS]}
      />
      <TextInput
        size="xs"
        flex={1}
        aria-label={label}
        placeholder={placeholder}
        value={text ?? ''}
        onChange={event => onText(event.currentTarget.value || null)}
      />
    </Group>
  )
}
