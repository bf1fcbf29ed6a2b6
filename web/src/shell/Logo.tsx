import { Group, Text } from '@mantine/core'

export function Logo({ collapsed = false }: { collapsed?: boolean }) {
  return (
    <Group gap={8} wrap="nowrap">
      <img src="/assets/icon.svg" alt={collapsed ? 'Hoglet' : ''} width={24} height={24} />
      {!collapsed && (
        <Text span fw={650} size="lg">
          Hoglet
        </Text>
      )}
    </Group>
  )
}
