import { ActionIcon, AppShell, Kbd, ScrollArea, Text, Tooltip, UnstyledButton } from '@mantine/core'
import { IconLayoutSidebarLeftCollapse, IconLayoutSidebarLeftExpand, IconSearch } from '@tabler/icons-react'
import { Link, useRouter } from '@tanstack/react-router'
import { Logo } from './Logo'
import classes from './Navigation.module.css'
import { type NavigationEntry, offered } from './navigation'
import { ProjectSwitcher } from './ProjectSwitcher'
import { openSearch } from './Search'
import { UserMenu } from './UserMenu'
import { useProjectHere } from './useProjectHere'

interface Props {
  collapsed: boolean
  onCollapse: () => void
}

const IS_MAC = /Mac|iPhone|iPad/.test(navigator.platform)

export function Navigation({ collapsed, onCollapse }: Props) {
  const router = useRouter()
  const projectId = useProjectHere()
  const groups = offered(to => to in router.routesByPath)
  const collapse = collapsed ? 'Widen the navigation' : 'Narrow the navigation'
  return (
    <div className={classes.navigation} data-collapsed={collapsed || undefined}>
      <AppShell.Section className={classes.top}>
        <div className={classes.brand}>
          <Link to="/" className={classes.home} title="Start page">
            <Logo collapsed={collapsed} />
          </Link>
          <Tooltip label={collapse} position="right">
            <ActionIcon onClick={onCollapse} aria-label={collapse} visibleFrom="sm">
              {collapsed ? (
                <IconLayoutSidebarLeftExpand size={16} />
              ) : (
                <IconLayoutSidebarLeftCollapse size={16} />
              )}
            </ActionIcon>
          </Tooltip>
        </div>
        <ProjectSwitcher collapsed={collapsed} />
        <UnstyledButton
          className={classes.search}
          onClick={openSearch}
          aria-label={collapsed ? 'Search' : undefined}
        >
          <IconSearch size={16} aria-hidden />
          {!collapsed && (
            <>
              <span>Search</span>
              <Kbd size="xs">{IS_MAC ? '⌘K' : 'Ctrl K'}</Kbd>
            </>
          )}
        </UnstyledButton>
      </AppShell.Section>
      <AppShell.Section grow component={ScrollArea} type="scroll" className={classes.pages}>
        {groups.map(group => (
          <div key={group.label ?? group.entries[0]?.label} className={classes.group}>
            {group.label && !collapsed && (
              <Text className={classes.label} component="h2">
                {group.label}
              </Text>
            )}
            {group.entries.map(entry => (
              <Entry key={entry.to} entry={entry} projectId={projectId} collapsed={collapsed} />
            ))}
          </div>
        ))}
      </AppShell.Section>
      <AppShell.Section className={classes.bottom}>
        <UserMenu collapsed={collapsed} />
      </AppShell.Section>
    </div>
  )
}

function Entry({
  entry,
  projectId,
  collapsed,
}: {
  entry: NavigationEntry
  projectId: string
  collapsed: boolean
}) {
  const { icon: Shown, label, to } = entry
  return (
    <Tooltip label={label} position="right" disabled={!collapsed}>
      <Link
        to={to as '/project/$projectId/events'}
        params={{ projectId }}
        className={classes.entry}
        activeProps={{ 'data-active': true, 'aria-current': 'page' }}
        activeOptions={{ includeSearch: false }}
        aria-label={collapsed ? label : undefined}
      >
        <Shown size={18} stroke={1.6} aria-hidden />
        {!collapsed && <span>{label}</span>}
      </Link>
    </Tooltip>
  )
}
