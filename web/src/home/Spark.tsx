import { pointLabel } from '@/components/chart/series'
import { exact } from '@/components/format'
import type { Minute } from './lastMinutes'
import classes from './Spark.module.css'

interface Props {
  points: Minute[]
  height: number
  label: string
}

const LOWEST_PX = 2

/** Bars so few and small that no library is needed for them. The last one is still growing. */
export function Spark({ points, height, label }: Props) {
  const most = Math.max(1, ...points.map(one => one.count))
  return (
    <div className={classes.spark} style={{ height }} role="img" aria-label={label}>
      {points.map(({ time, count }, index) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: the place is what a bar is
          key={index}
          className={classes.bar}
          data-empty={count === 0 || undefined}
          data-growing={index === points.length - 1 || undefined}
          style={{ height: Math.max(LOWEST_PX, (count / most) * height) }}
          title={time ? `${pointLabel(time, 'minute')}: ${exact(count)} events` : undefined}
        />
      ))}
    </div>
  )
}
