import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { type GroupType, nameGroupTypes } from '@/api/group'
import { keys } from '@/api/keys'
import { notifyDone, notifyFailed } from '@/components/notify'
import { pluralOf } from '@/components/plural'
import { useProjectId } from '@/components/useProject'

interface Props {
  types: GroupType[]
  onClose: () => void
}

/** What the types of groups are called on pages. */
export function GroupTypesDialog({ types, onClose }: Props) {
  const projectId = useProjectId()
  const client = useQueryClient()
  const [names, setNames] = useState(types)
  const [busy, setBusy] = useState(false)
  const change = (index: number, changed: Partial<GroupType>) =>
    setNames(names.map(one => (one.group_type_index === index ? { ...one, ...changed } : one)))
  const save = async () => {
    setBusy(true)
    try {
      await nameGroupTypes(
        projectId,
        names.map(one => ({
          group_type_index: one.group_type_index,
          name_singular: one.name_singular?.trim() || null,
          name_plural: one.name_plural?.trim() || null,
        })),
      )
      await client.invalidateQueries({ queryKey: keys.all(projectId, 'groups_types') })
      notifyDone('The names are saved.')
      onClose()
    } catch (error) {
      notifyFailed(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Modal opened onClose={onClose} title="Group types" size="md">
      <form
        onSubmit={event => {
          event.preventDefault()
          void save()
        }}
      >
        <Stack>
          <Text c="var(--hoglet-quiet)">What each type of group is called for one, and for many.</Text>
          {names.map(one => (
            <Group key={one.group_type_index} grow align="end" gap="xs">
              <TextInput
                label={`${one.group_type}: one`}
                placeholder={one.group_type}
                maxLength={400}
                value={one.name_singular ?? ''}
                onChange={event => change(one.group_type_index, { name_singular: event.currentTarget.value })}
              />
              <TextInput
                label={`${one.group_type}: many`}
                placeholder={pluralOf(one.name_singular || one.group_type)}
                maxLength={400}
                value={one.name_plural ?? ''}
                onChange={event => change(one.group_type_index, { name_plural: event.currentTarget.value })}
              />
            </Group>
          ))}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={busy}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
