import { Group, SimpleGrid, Text } from '@mantine/core'
import {
  type Icon,
  IconBolt,
  IconFilter,
  IconFlag,
  IconLayoutDashboard,
  IconTerminal2,
  IconTrendingUp,
  IconUsers,
} from '@tabler/icons-react'
import { Link, useRouter } from '@tanstack/react-router'
import { useProjectId } from '@/components/useProject'
import classes from './QuickLinks.module.css'

interface Entry {
  label: string
  icon: Icon
  to: string
  search?: object
}

const within = (page: string) => `/project/$projectId/${page}`
const ENTRIES: readonly Entry[] = [
  { label: 'New trend', icon: IconTrendingUp, to: within('insights/new'), search: { kind: 'TrendsQuery' } },
  { label: 'New funnel', icon: IconFilter, to: within('insights/new'), search: { kind: 'FunnelsQuery' } },
  { label: 'New dashboard', icon: IconLayoutDashboard, to: within('dashboards'), search: { new: true } },
  { label: 'Write SQL', icon: IconTerminal2, to: within('sql') },
  { label: 'Live events', icon: IconBolt, to: within('live') },
  { label: 'Find a person', icon: IconUsers, to: within('persons') },
  { label: 'Feature flags', icon: IconFlag, to: within('flags') },
]

/** What is done often, one click away. */
export function QuickLinks() {
  const projectId = useProjectId()
  const router = useRouter()
  const there = ENTRIES.filter(one => one.to in router.routesByPath)
  return (
    <nav aria-label="Quick links">
      <SimpleGrid cols={{ base: 2, sm: 3, lg: Math.min(there.length, 7) }} spacing="sm">
        {there.map(({ label, icon: Shown, to, search }) => (
          <Link
            key={label}
            to={to}
            params={{ projectId } as never}
            search={search as never}
            className={classes.link}
          >
            <Group gap={8} wrap="nowrap">
              <Shown size={18} stroke={1.6} aria-hidden />
              <Text span size="sm" fw={500}>
                {label}
              </Text>
            </Group>
          </Link>
        ))}
      </SimpleGrid>
    </nav>
  )
}
