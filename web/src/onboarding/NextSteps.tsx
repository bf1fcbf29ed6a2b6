import { Card, Stack, Text, Title } from '@mantine/core'
import { type Icon, IconBolt, IconChartHistogram, IconFlag, IconLayoutDashboard } from '@tabler/icons-react'
import { Link, useRouter } from '@tanstack/react-router'
import { useProjectId } from '@/components/useProject'
import classes from './NextSteps.module.css'

interface Next {
  icon: Icon
  to: string
  search?: object
  name: string
  told: string
}

const within = (page: string) => `/project/$projectId/${page}`
const NEXT: readonly Next[] = [
  { icon: IconBolt, to: within('live'), name: 'Watch live events', told: 'See what comes, as it comes' },
  {
    icon: IconChartHistogram,
    to: within('insights/new'),
    name: 'Ask your first question',
    told: 'How many people do something, day by day?',
  },
  {
    icon: IconLayoutDashboard,
    to: within('dashboards'),
    search: { new: true },
    name: 'Make a dashboard',
    told: 'From a template, in one click',
  },
  {
    icon: IconFlag,
    to: within('flags'),
    name: 'Release with a flag',
    told: 'To some people first, then to all',
  },
]

/** Where to go once events come in. */
export function NextSteps() {
  const projectId = useProjectId()
  const router = useRouter()
  return (
    <Card component="section" aria-labelledby="next-steps">
      <Title order={2} id="next-steps" mb="xs">
        What next
      </Title>
      <Stack gap={4}>
        {NEXT.filter(one => one.to in router.routesByPath).map(({ icon: Shown, to, search, name, told }) => (
          <Link
            key={name}
            to={to}
            params={{ projectId } as never}
            search={search as never}
            className={classes.next}
          >
            <Shown size={20} stroke={1.6} aria-hidden />
            <div>
              <Text fw={500}>{name}</Text>
              <Text size="sm" c="var(--hoglet-quiet)">
                {told}
              </Text>
            </div>
          </Link>
        ))}
      </Stack>
    </Card>
  )
}
