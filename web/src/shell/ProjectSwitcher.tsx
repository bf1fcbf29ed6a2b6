import { Avatar, Menu, ScrollArea, Text, UnstyledButton, VisuallyHidden } from '@mantine/core'
import { IconCheck, IconSelector } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { api } from '@/api/client'
import { projectsQuery } from '@/api/project'
import { useSession } from '@/session/session'
import classes from './Switcher.module.css'
import { useProjectHere } from './useProjectHere'

export function ProjectSwitcher({ collapsed }: { collapsed: boolean }) {
  const user = useSession()
  const here = useProjectHere()
  const navigate = useNavigate()
  const found = useQuery(projectsQuery())
  const projects = found.data?.results ?? []
  const current = projects.find(one => String(one.id) === here) ?? user.team
  const name = current?.name ?? 'Project'
  const goTo = async (id: number) => {
    await navigate({ to: '/project/$projectId', params: { projectId: String(id) } })
    // Where the start page leads next time. Nothing is lost if it cannot be kept.
    await api.PATCH('/api/users/@me/', { body: { set_current_team: id } as never }).catch(() => {})
  }
  return (
    <Menu position="bottom-start" width={260}>
      <Menu.Target>
        <UnstyledButton className={classes.button}>
          <Avatar size={22} radius="sm" color="indigo" name={name} variant="light" aria-hidden />
          <VisuallyHidden>Project: {collapsed && name}</VisuallyHidden>
          {!collapsed && (
            <>
              <Text span truncate className={classes.name}>
                {name}
              </Text>
              <IconSelector size={14} aria-hidden />
            </>
          )}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{user.organization?.name ?? 'Projects'}</Menu.Label>
        <ScrollArea.Autosize mah={320}>
          {projects.map(one => (
            <Menu.Item
              key={one.id}
              onClick={() => goTo(one.id)}
              rightSection={one.id === current?.id && <IconCheck size={14} aria-label="This one" />}
            >
              {one.name}
            </Menu.Item>
          ))}
        </ScrollArea.Autosize>
      </Menu.Dropdown>
    </Menu>
  )
}
