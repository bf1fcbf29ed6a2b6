import { Group, Stack, Text, UnstyledButton } from '@mantine/core'
import { lazy, Suspense, useMemo } from 'react'
import { exact, type NumberFormat } from '@/components/format'
import { LoadingChart } from '@/components/Loading'
import type { ResultSize } from '../../InsightResult'
import type { TrendsItem } from '../answers'
import { type Country, countriesOf } from './countries'
import classes from './WorldMap.module.css'

const WorldCanvas = lazy(() => import('./WorldCanvas'))
const LISTED_MAX = 12

interface Props {
  items: TrendsItem[]
  size: ResultSize
  height: number
  label: string
  format?: NumberFormat
  unit?: string
  onCountry?: (item: TrendsItem) => void
}

/** How much comes from where: the world, and on a page its first countries as bars beside it. */
export function WorldMap({ items, size, height, label, format, unit, onCountry }: Props) {
  const countries = useMemo(() => countriesOf(items), [items])
  const shown = (value: number) => exact(value, format, unit)
  const first = countries.slice(0, 3).map(one => `${one.name} ${shown(one.value)}`)
  return (
    <div className={classes.columns} data-page={size === 'page' || undefined}>
      <Suspense fallback={<LoadingChart height={height} />}>
        <WorldCanvas
          countries={countries}
          height={height}
          label={`${label}: map of ${countries.length} countries, most in ${first.join(', ')}`}
          shown={shown}
          onCountry={onCountry && (one => onCountry(one.item))}
        />
      </Suspense>
      {size === 'page' && <Bars countries={countries} shown={shown} onCountry={onCountry} />}
    </div>
  )
}

interface BarsProps {
  countries: Country[]
  shown: (value: number) => string
  onCountry?: (item: TrendsItem) => void
}

function Bars({ countries, shown, onCountry }: BarsProps) {
  const most = Math.max(...countries.map(one => one.value), 0)
  return (
    <Stack gap={6} component="ul" className={classes.list} aria-label="Most">
      {countries.slice(0, LISTED_MAX).map(one => {
        const row = (
          <>
            <Group justify="space-between" gap="xs" wrap="nowrap">
              <Text size="sm" truncate>
                {one.name}
              </Text>
              <Text size="sm" className="tabular">
                {shown(one.value)}
              </Text>
            </Group>
            <span className={classes.bar} style={{ width: `${most > 0 ? (one.value / most) * 100 : 0}%` }} />
          </>
        )
        return (
          <li key={one.code}>
            {onCountry && one.item.action ? (
              <UnstyledButton className={classes.row} onClick={() => onCountry(one.item)}>
                {row}
              </UnstyledButton>
            ) : (
              <div className={classes.row}>{row}</div>
            )}
          </li>
        )
      })}
      {countries.length > LISTED_MAX && (
        <Text component="li" size="xs" c="var(--hoglet-quiet)">
          and {countries.length - LISTED_MAX} more below
        </Text>
      )}
    </Stack>
  )
}
