import { Button, Group, Modal, Select, Stack, TagsInput, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { keys } from '@/api/keys'
import { createVariable, VARIABLE_TYPES, type Variable, type VariableType } from '@/api/variable'
import { useProjectId } from '@/components/useProject'
import { FormError } from '@/session/FormError'

interface Props {
  opened: boolean
  onClose: () => void
  onMade: (variable: Variable) => void
}

const NAMES: Readonly<Record<VariableType, string>> = {
  String: 'Text',
  Number: 'Number',
  Boolean: 'True or false',
  List: 'One of a list',
  Date: 'Day',
}
const TYPES = VARIABLE_TYPES.map(value => ({ value, label: NAMES[value] }))

export function NewVariable({ opened, onClose, onMade }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title="New variable" size="sm">
      <Form onClose={onClose} onMade={onMade} />
    </Modal>
  )
}

function Form({ onClose, onMade }: Omit<Props, 'opened'>) {
  const projectId = useProjectId()
  const client = useQueryClient()
  const [name, setName] = useState('')
  const [type, setType] = useState<VariableType>('String')
  const [given, setGiven] = useState('')
  const [values, setValues] = useState<string[]>([])
  const make = useMutation({
    mutationFn: () =>
      createVariable(projectId, {
        name: name.trim(),
        type,
        default_value: defaultOf(type, type === 'List' ? (values[0] ?? '') : given),
        ...(type === 'List' && { values }),
      }),
    onSuccess: made => {
      void client.invalidateQueries({ queryKey: keys.all(projectId, 'insight_variables') })
      onMade(made)
      onClose()
    },
  })
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        make.mutate()
      }}
    >
      <Stack gap="sm">
        <TextInput
          label="Name"
          required
          maxLength={400}
          data-autofocus
          value={name}
          onChange={event => setName(event.currentTarget.value)}
        />
        <Select
          label="Type"
          data={TYPES}
          value={type}
          allowDeselect={false}
          onChange={value => setType(VARIABLE_TYPES.find(one => one === value) ?? 'String')}
        />
        {type === 'List' ? (
          <TagsInput
            label="Values"
            description="The first is the default"
            value={values}
            onChange={setValues}
          />
        ) : type === 'Boolean' ? (
          <Select
            label="Default"
            data={['true', 'false']}
            value={given || null}
            onChange={value => setGiven(value ?? '')}
          />
        ) : (
          <TextInput
            label="Default"
            type={type === 'Date' ? 'date' : type === 'Number' ? 'number' : 'text'}
            step="any"
            value={given}
            onChange={event => setGiven(event.currentTarget.value)}
          />
        )}
        <FormError>{make.error?.message}</FormError>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={make.isPending} disabled={!name.trim()}>
            Create
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function defaultOf(type: VariableType, given: string): unknown {
  if (given === '') return null
  if (type === 'Number') return Number(given)
  return type === 'Boolean' ? given === 'true' : given
}
