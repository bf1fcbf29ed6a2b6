import { deletePersonProperty, type Person, setPersonProperty } from '@/api/person'
import { notifyDone } from '@/components/notify'
import { PropertiesEditor } from '@/components/PropertiesEditor'
import { useProjectId } from '@/components/useProject'
import { useMay } from '@/session/roles'
import { usePersonChange } from './usePersonChange'

export function PersonProperties({ person }: { person: Person }) {
  const projectId = useProjectId()
  const changed = usePersonChange()
  return (
    <PropertiesEditor
      properties={person.properties}
      mayChange={useMay('member')}
      onSet={async (key, value) => {
        await setPersonProperty(projectId, person.id, key, value)
        changed(person.id, before => ({ ...before, properties: { ...before.properties, [key]: value } }))
        notifyDone(`${key} is set.`)
      }}
      onDelete={async key => {
        await deletePersonProperty(projectId, person.id, key)
        changed(person.id, before => {
          const { [key]: _, ...properties } = before.properties
          return { ...before, properties }
        })
        notifyDone(`${key} is deleted.`)
      }}
    />
  )
}
