import { Button, Group, TagsInput } from '@mantine/core'
import { useState } from 'react'
import type { SettingPart } from '../data/part'
import { expressionProblem, rulesOf, urlsOf } from './replay'

interface Props extends SettingPart {
  name: string
  label: string
  description: string
}

// A comma may be part of an expression, so only Enter ends one.
const NOTHING: string[] = []

/** Addresses by regular expressions. */
export function UrlRules({ project, mayChange, saving, name, label, description }: Props) {
  const kept = urlsOf(project[name])
  const [urls, setUrls] = useState(kept)
  const changed = urls.join('\n') !== kept.join('\n')
  const problem = expressionProblem(urls)
  return (
    <div>
      <TagsInput
        size="sm"
        label={label}
        description={description}
        placeholder={urls.length > 0 ? '' : '/checkout(/|$)'}
        splitChars={NOTHING}
        classNames={{ pill: 'monospace' }}
        value={urls}
        onChange={setUrls}
        disabled={!mayChange}
        acceptValueOnBlur
        error={problem ?? saving.problem(name)}
      />
      {changed && (
        <Group gap="xs" mt="xs">
          <Button
            onClick={() => void saving.save({ [name]: rulesOf(urls) })}
            loading={saving.busy}
            disabled={problem !== undefined}
          >
            Save
          </Button>
          <Button variant="default" onClick={() => setUrls(kept)}>
            Undo
          </Button>
        </Group>
      )}
    </div>
  )
}
