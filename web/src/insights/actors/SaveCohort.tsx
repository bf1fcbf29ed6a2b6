import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconUsersPlus } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, take } from '@/api/client'
import type { Cohort } from '@/api/cohort'
import { keys } from '@/api/keys'
import { notifyDone, notifyFailed } from '@/components/notify'
import { useProjectId } from '@/components/useProject'
import { useMay } from '@/session/roles'
import { type ActorsQuestion, cohortQuery } from './questions'

/** Keeps those behind a number as a static cohort: who they are now. */
export function SaveCohort({ question }: { question: ActorsQuestion }) {
  const projectId = useProjectId()
  const client = useQueryClient()
  const [opened, { open, close }] = useDisclosure(false)
  const [name, setName] = useState(question.title)
  const query = cohortQuery(question)
  const mayChange = useMay('member')
  const save = useMutation({
    mutationFn: () =>
      take<Cohort>(
        api.POST('/api/projects/{project_id}/cohorts/', {
          params: { path: { project_id: projectId } },
          body: { name: name.trim().slice(0, 400), is_static: true, query } as never,
        }),
      ),
    onSuccess: made => {
      void client.invalidateQueries({ queryKey: keys.all(projectId, 'cohorts') })
      notifyDone(`Cohort “${made.name}” is made; its people follow in a moment`)
      close()
    },
    onError: notifyFailed,
  })
  if (!query || !mayChange) return null
  return (
    <>
      <Button variant="default" leftSection={<IconUsersPlus size={14} aria-hidden />} onClick={open}>
        Save as cohort
      </Button>
      <Modal opened={opened} onClose={close} title="Save as a static cohort" size="sm">
        <Stack
          component="form"
          onSubmit={event => {
            event.preventDefault()
            save.mutate()
          }}
        >
          <Text size="sm">
            It holds the people of this number as they are now, and does not change by itself.
          </Text>
          <TextInput
            label="Name"
            value={name}
            onChange={event => setName(event.currentTarget.value)}
            data-autofocus
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={save.isPending} disabled={!name.trim()}>
              Save
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  )
}
