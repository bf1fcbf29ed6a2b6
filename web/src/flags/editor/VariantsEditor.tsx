import { ActionIcon, Button, Group, NumberInput, Progress, Stack, Text, TextInput } from '@mantine/core'
import { IconArrowsSplit, IconPlus, IconTrash } from '@tabler/icons-react'
import { distributed, sharesProblem, sharesTotal, variantProblem } from '../checks'
import { newId, type VariantDraft } from '../draft'
import { useProblem } from './failure'
import { PayloadInput } from './PayloadInput'
import type { Part } from './part'
import classes from './VariantsEditor.module.css'
import { variantColor } from './variantColor'

/** The variants, how often each falls to somebody, and what goes with it. */
export function VariantsEditor({ draft, change }: Part) {
  const { variants } = draft
  const problem = useProblem()
  const set = (index: number, changed: Partial<VariantDraft>) =>
    change({ variants: variants.map((one, at) => (at === index ? { ...one, ...changed } : one)) })
  const remove = (index: number) => change({ variants: variants.filter((_, at) => at !== index) })
  const add = () => {
    const names = new Set(variants.map(one => one.key))
    let number = variants.length
    while (names.has(`variant-${number}`)) number += 1
    const left = Math.max(0, 100 - sharesTotal(variants))
    change({
      variants: [
        ...variants,
        { id: newId(), key: `variant-${number}`, name: '', rollout: left, payload: '' },
      ],
    })
  }
  const total = sharesProblem(variants)
  return (
    <Stack gap="sm">
      <Progress.Root size={10} aria-hidden>
        {variants.map((one, index) => (
          <Progress.Section
            key={one.id}
            value={one.rollout}
            color={variantColor(index)}
            aria-label={one.key}
          />
        ))}
      </Progress.Root>
      {variants.map((one, index) => (
        <div key={one.id} className={classes.variant}>
          <span className={classes.mark} style={{ background: variantColor(index) }} aria-hidden />
          <Stack gap="xs" flex={1} miw={0}>
            <div className={classes.row}>
              <TextInput
                label="Key"
                aria-label={`Key of variant ${index + 1}`}
                classNames={{ input: 'monospace' }}
                value={one.key}
                onChange={event => set(index, { key: event.currentTarget.value })}
                error={
                  variantProblem(variants, index) ?? problem(`filters__multivariate__variants__${index}__key`)
                }
                spellCheck={false}
              />
              <TextInput
                label="Description"
                aria-label={`Description of variant ${index + 1}`}
                value={one.name}
                onChange={event => set(index, { name: event.currentTarget.value })}
                error={problem(`filters__multivariate__variants__${index}__name`)}
              />
              <NumberInput
                label="Share"
                aria-label={`Share of variant ${index + 1}`}
                size="sm"
                suffix="%"
                min={0}
                max={100}
                decimalScale={2}
                value={one.rollout}
                onChange={value =>
                  set(index, { rollout: typeof value === 'number' ? value : Number(value) || 0 })
                }
                error={problem(`filters__multivariate__variants__${index}__rollout_percentage`)}
              />
              <ActionIcon
                mt={27}
                aria-label={`Remove variant ${one.key}`}
                disabled={variants.length < 2}
                onClick={() => remove(index)}
              >
                <IconTrash size={16} />
              </ActionIcon>
            </div>
            <VariantPayload one={one} onChange={payload => set(index, { payload })} />
          </Stack>
        </div>
      ))}
      <Group justify="space-between">
        <Group gap="xs">
          <Button variant="default" leftSection={<IconPlus size={14} aria-hidden />} onClick={add}>
            Add a variant
          </Button>
          <Button
            variant="subtle"
            leftSection={<IconArrowsSplit size={14} aria-hidden />}
            onClick={() => change({ variants: distributed(variants) })}
          >
            Distribute evenly
          </Button>
        </Group>
        <Text size="sm" c={total ? 'red' : 'var(--hoglet-quiet)'} role={total ? 'alert' : undefined}>
          {total ?? problem('filters__multivariate') ?? '100% shared out'}
        </Text>
      </Group>
    </Stack>
  )
}

function VariantPayload({ one, onChange }: { one: VariantDraft; onChange: (payload: string) => void }) {
  const problem = useProblem()
  return (
    <PayloadInput
      label={`Payload of ${one.key || 'the variant'}`}
      value={one.payload}
      onChange={onChange}
      error={problem(`filters__payloads__${one.key}`)}
    />
  )
}
