import { ActionIcon, AppShell, Burger, Group } from '@mantine/core'
import { useDisclosure, useLocalStorage } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { Outlet, useLocation } from '@tanstack/react-router'
import { useEffect } from 'react'
import classes from './AppLayout.module.css'
import { Logo } from './Logo'
import { Navigation } from './Navigation'
import { openSearch, Search } from './Search'
import { useLeaveGoneProject } from './useLeaveGoneProject'

/** The frame around every page: navigation at the left, a drawer where the window is narrow. */
export function AppLayout() {
  const [opened, { toggle, close }] = useDisclosure(false)
  const [collapsed, setCollapsed] = useLocalStorage({
    key: 'hoglet-navigation-collapsed',
    defaultValue: false,
    getInitialValueInEffect: false,
  })
  const { pathname } = useLocation()
  useLeaveGoneProject()
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page closes the drawer
  useEffect(close, [pathname])
  return (
    <AppShell
      header={{ height: { base: 48, sm: 0 } }}
      navbar={{ width: collapsed ? 56 : 220, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding={{ base: 'md', sm: 'xl' }}
      transitionDuration={150}
    >
      <a className={classes.skip} href="#content">
        Skip to the content
      </a>
      <AppShell.Header hiddenFrom="sm" className={classes.header}>
        <Group h="100%" px="sm" justify="space-between" wrap="nowrap">
          <Group gap="xs" wrap="nowrap">
            <Burger
              opened={opened}
              onClick={toggle}
              size="sm"
              aria-label={opened ? 'Close navigation' : 'Open navigation'}
            />
            <Logo />
          </Group>
          <ActionIcon onClick={openSearch} aria-label="Search" size="lg">
            <IconSearch size={18} />
          </ActionIcon>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar className={classes.navbar} aria-label="Pages">
        <Navigation collapsed={collapsed && !opened} onCollapse={() => setCollapsed(!collapsed)} />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} className={classes.main}>
        <div className={classes.page}>
          <Outlet />
        </div>
      </AppShell.Main>
      <Search />
    </AppShell>
  )
}
