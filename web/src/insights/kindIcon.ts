import {
  type Icon,
  IconArrowsSplit2,
  IconChartBar,
  IconChartLine,
  IconFilter,
  IconMagnet,
  IconRecycle,
  IconTable,
  IconTerminal2,
} from '@tabler/icons-react'

const ICONS: Readonly<Record<string, Icon>> = {
  TrendsQuery: IconChartLine,
  FunnelsQuery: IconFilter,
  RetentionQuery: IconTable,
  PathsQuery: IconArrowsSplit2,
  StickinessQuery: IconMagnet,
  LifecycleQuery: IconRecycle,
  HogQLQuery: IconTerminal2,
}

export function kindIcon(kind: string | undefined): Icon {
  return kind && Object.hasOwn(ICONS, kind) ? (ICONS[kind] ?? IconChartBar) : IconChartBar
}
