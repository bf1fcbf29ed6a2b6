import { useQueryClient } from '@tanstack/react-query'
import { deleteGroupProperty, type Group, groupQuery, setGroupProperty } from '@/api/group'
import { keys } from '@/api/keys'
import { notifyDone } from '@/components/notify'
import { PropertiesEditor } from '@/components/PropertiesEditor'
import { useProjectId } from '@/components/useProject'
import { useMay } from '@/session/roles'

// What is set travels through ingest, so it is asked for again once it will have arrived.
const LATER_MS = [1_500, 4_500]

export function GroupProperties({ group }: { group: Group }) {
  const projectId = useProjectId()
  const client = useQueryClient()
  const { group_type_index: index, group_key: key } = group
  const show = (changed: Group) => {
    client.setQueryData(groupQuery(projectId, index, key).queryKey, { ...group, ...changed })
    for (const wait of LATER_MS) {
      setTimeout(() => void client.invalidateQueries({ queryKey: keys.all(projectId, 'groups') }), wait)
    }
  }
  return (
    <PropertiesEditor
      properties={group.group_properties}
      mayChange={useMay('member')}
      onSet={async (name, value) => {
        show(await setGroupProperty(projectId, index, key, name, value))
        notifyDone(`${name} is set.`)
      }}
      onDelete={async name => {
        show(await deleteGroupProperty(projectId, index, key, name))
        notifyDone(`${name} is deleted.`)
      }}
    />
  )
}
