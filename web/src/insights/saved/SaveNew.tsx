import { Button, Group, Modal, Stack, Textarea, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconDeviceFloppy } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { createInsight } from '@/api/insight'
import { keys } from '@/api/keys'
import type { AnyQuery } from '@/api/query'
import { notifyDone, notifyFailed } from '@/components/notify'
import { useProjectId } from '@/components/useProject'
import { useMay } from '@/session/roles'
import { derivedName } from '../query/derivedName'
import { type InsightQuery, wrapped } from '../query/insightQuery'

interface Props {
  query: InsightQuery
  /** The insight that it was made out of, to be kept as another. */
  before?: AnyQuery | null
  /** It is put on this one. */
  dashboard?: number
  label?: string
  variant?: string
  suggestion?: string
}

/** Keeps a question under a name. */
export function SaveNew({ query, before, dashboard, label = 'Save', variant, suggestion }: Props) {
  const projectId = useProjectId()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [opened, { open, close }] = useDisclosure(false)
  const [name, setName] = useState('')
  const [description, setDescription] = useState('')
  const derived = suggestion ?? derivedName(query)
  const save = useMutation({
    mutationFn: () =>
      createInsight(projectId, {
        name: (name.trim() || derived).slice(0, 400),
        description: description.trim().slice(0, 400),
        query: wrapped(query, before),
        saved: true,
        ...(dashboard !== undefined && { dashboards: [dashboard] }),
      }),
    onSuccess: made => {
      void client.invalidateQueries({ queryKey: keys.all(projectId, 'insights') })
      if (dashboard !== undefined)
        void client.invalidateQueries({ queryKey: keys.all(projectId, 'dashboards') })
      notifyDone('Insight saved')
      close()
      void navigate({
        to: '/project/$projectId/insights/$shortId',
        params: { projectId, shortId: made.short_id },
      })
    },
    onError: notifyFailed,
  })
  if (!useMay('member')) return null
  return (
    <>
      <Button variant={variant} leftSection={<IconDeviceFloppy size={14} aria-hidden />} onClick={open}>
        {label}
      </Button>
      <Modal opened={opened} onClose={close} title="Save insight" size="sm">
        <Stack
          component="form"
          onSubmit={event => {
            event.preventDefault()
            save.mutate()
          }}
        >
          <TextInput
            label="Name"
            placeholder={derived}
            value={name}
            maxLength={400}
            onChange={event => setName(event.currentTarget.value)}
            data-autofocus
          />
          <Textarea
            label="Description"
            placeholder="What it tells, and to whom"
            autosize
            minRows={2}
            maxLength={400}
            value={description}
            onChange={event => setDescription(event.currentTarget.value)}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={save.isPending}>
              Save insight
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  )
}
