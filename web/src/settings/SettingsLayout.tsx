import { NavLink } from '@mantine/core'
import { Link, Outlet, useLocation } from '@tanstack/react-router'
import { PageHeader } from '@/components/PageHeader'
import { useProjectId } from '@/components/useProject'
import { useMay } from '@/session/roles'
import classes from './SettingsLayout.module.css'

const GROUPS = [
  {
    label: 'Project',
    pages: [
      { path: '', label: 'General' },
      { path: 'data', label: 'Data' },
      { path: 'replay', label: 'Session replay' },
    ],
  },
  {
    label: 'Organisation',
    pages: [
      { path: 'organization', label: 'General' },
      { path: 'members', label: 'Members' },
      { path: 'audit-log', label: 'Audit log', adminOnly: true },
    ],
  },
  {
    label: 'You',
    pages: [
      { path: 'account', label: 'Account' },
      { path: 'api-keys', label: 'Personal API keys' },
    ],
  },
  { label: 'Appliance', pages: [{ path: 'health', label: 'Health' }] },
] as const

// Else the first page, whose address all others begin with, would always be the chosen one.
const EXACT = { exact: true }

/** The frame of all settings: their pages at the left, above them where the window is narrow. */
export function SettingsLayout() {
  const projectId = useProjectId()
  const { pathname } = useLocation()
  const isAdmin = useMay('admin')
  const base = `/project/${projectId}/settings`
  const here = pathname.replace(/\/$/, '')
  return (
    <>
      <PageHeader title="Settings" />
      <div className={classes.frame}>
        <nav aria-label="Settings" className={classes.pages}>
          {GROUPS.map(group => (
            <div key={group.label} className={classes.group}>
              <div className={classes.label}>{group.label}</div>
              {group.pages
                .filter(page => isAdmin || !('adminOnly' in page))
                .map(page => {
                  const to = page.path ? `${base}/${page.path}` : base
                  return (
                    <NavLink
                      key={page.path}
                      component={Link}
                      to={to as never}
                      label={page.label}
                      aria-label={`${group.label}: ${page.label}`}
                      active={here === to}
                      activeOptions={EXACT}
                      className={classes.page}
                    />
                  )
                })}
            </div>
          ))}
        </nav>
        <div className={classes.content}>
          <Outlet />
        </div>
      </div>
    </>
  )
}
