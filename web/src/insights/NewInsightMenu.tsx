import { Button, Menu, Text } from '@mantine/core'
import { IconChevronDown, IconPlus } from '@tabler/icons-react'
import { Link, useRouter } from '@tanstack/react-router'
import { useProjectId } from '@/components/useProject'
import { kindIcon } from './kindIcon'
import { isBuilt, KINDS } from './query/insightQuery'

export function NewInsightMenu() {
  const projectId = useProjectId()
  const router = useRouter()
  const hasSql = '/project/$projectId/sql' in router.routesByPath
  return (
    <Menu position="bottom-end" width={300}>
      <Menu.Target>
        <Button
          leftSection={<IconPlus size={14} aria-hidden />}
          rightSection={<IconChevronDown size={12} aria-hidden />}
        >
          New insight
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {KINDS.map(({ kind, label, about }) => {
          const Shown = kindIcon(kind)
          const content = (
            <>
              <Text size="sm" fw={500}>
                {label}
              </Text>
              <Text size="xs" c="var(--hoglet-quiet)">
                {about}
              </Text>
            </>
          )
          if (isBuilt(kind)) {
            return (
              <Menu.Item
                key={kind}
                leftSection={<Shown size={18} stroke={1.6} aria-hidden />}
                renderRoot={props => (
                  <Link
                    to="/project/$projectId/insights/new"
                    params={{ projectId }}
                    search={{ kind }}
                    {...props}
                  />
                )}
              >
                {content}
              </Menu.Item>
            )
          }
          return (
            hasSql && (
              <Menu.Item
                key={kind}
                leftSection={<Shown size={18} stroke={1.6} aria-hidden />}
                renderRoot={props => <Link to="/project/$projectId/sql" params={{ projectId }} {...props} />}
              >
                {content}
              </Menu.Item>
            )
          )
        })}
      </Menu.Dropdown>
    </Menu>
  )
}
