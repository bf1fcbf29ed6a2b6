import { Button, Group, Modal, Radio, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { createDashboard, createFromTemplate, type Dashboard } from '@/api/dashboard'
import { keys } from '@/api/keys'
import { notifyFailed } from '@/components/notify'
import { useProjectId } from '@/components/useProject'
import classes from './NewDashboard.module.css'
import { TEMPLATES } from './templates'

const BLANK = 'blank'

export function NewDashboard({ onClose }: { onClose: () => void }) {
  const projectId = useProjectId()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [from, setFrom] = useState<string>(BLANK)
  const [typed, setTyped] = useState<string | null>(null)
  const template = TEMPLATES.find(one => one.id === from)
  const name = typed ?? template?.name ?? ''
  const making = useMutation({
    mutationFn: (): Promise<Dashboard> => {
      const called = name.trim()
      if (template?.whole) return createFromTemplate(projectId, { ...template.whole, template_name: called })
      return createDashboard(projectId, {
        name: called,
        ...(template?.named && { use_template: template.named, description: template.description }),
      })
    },
    onSuccess: async made => {
      await client.invalidateQueries({ queryKey: [...keys.all(projectId, 'dashboards'), 'list'] })
      await navigate({
        to: '/project/$projectId/dashboards/$dashboardId',
        params: { projectId, dashboardId: String(made.id) },
      })
    },
    onError: notifyFailed,
  })
  return (
    <Modal opened onClose={onClose} title="New dashboard" size="lg">
      <form
        onSubmit={event => {
          event.preventDefault()
          making.mutate()
        }}
      >
        <Stack>
          <Radio.Group value={from} onChange={setFrom} aria-label="Start with">
            <div className={classes.choices}>
              <Choice
                value={BLANK}
                name="Blank"
                description="Add insights and texts one by one"
                chosen={from}
              />
              {TEMPLATES.map(one => (
                <Choice
                  key={one.id}
                  value={one.id}
                  name={one.name}
                  description={one.description}
                  chosen={from}
                />
              ))}
            </div>
          </Radio.Group>
          <TextInput
            label="Name"
            placeholder="What is it about?"
            value={name}
            onChange={event => setTyped(event.currentTarget.value)}
            maxLength={400}
            required
            data-autofocus
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={making.isPending} disabled={!name.trim()}>
              Create dashboard
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

function Choice({
  value,
  name,
  description,
  chosen,
}: {
  value: string
  name: string
  description: string
  chosen: string
}) {
  return (
    <Radio.Card value={value} className={classes.choice} data-chosen={chosen === value || undefined}>
      <Text fw={600}>{name}</Text>
      <Text size="sm" c="var(--hoglet-quiet)">
        {description}
      </Text>
    </Radio.Card>
  )
}
