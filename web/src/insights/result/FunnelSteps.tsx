import { UnstyledButton, useComputedColorScheme } from '@mantine/core'
import { colorOf } from '@/components/chart/series'
import { counted, duration, exact } from '@/components/format'
import { funnelActors } from '../actors/questions'
import type { ResultProps } from '../InsightResult'
import type { InsightQuery } from '../query/insightQuery'
import type { FunnelStep } from './answers'
import classes from './FunnelSteps.module.css'
import { type FunnelSplit, numbersOf, percent } from './funnel'
import { stepName } from './names'

interface Props extends Pick<ResultProps, 'size' | 'label' | 'onActors'> {
  query: InsightQuery
  splits: FunnelSplit[]
}

const SPLITS_MAX = { page: 10, tile: 3 } as const

/** Steps from top to bottom, so that any number of them fits any width. */
export function FunnelSteps({ query, splits, size, label, onActors }: Props) {
  const shown = splits.slice(0, SPLITS_MAX[size])
  const first = shown[0]
  if (!first) return null
  const isMany = shown.length > 1
  const className = [classes.steps, size === 'tile' && classes.tile, isMany && classes.many]
  return (
    <ol className={className.filter(Boolean).join(' ')} aria-label={label}>
      {first.steps.map((step, index) => (
        <li key={step.order}>
          <div className={classes.head}>
            <span className={classes.name}>
              <span className={classes.number} aria-hidden>
                {index + 1}
              </span>
              {stepName({ ...step, ...named(query, index) })}
            </span>
            {index > 0 && !isMany && size === 'page' && <Between steps={first.steps} index={index} />}
          </div>
          {shown.map((split, place) => (
            <Bar
              key={split.name}
              split={split}
              place={place}
              index={index}
              isMany={isMany}
              onOpen={
                onActors &&
                (dropped => {
                  const asked = split.steps[index]
                  if (asked) onActors(funnelActors(query, asked, dropped))
                })
              }
            />
          ))}
        </li>
      ))}
      {splits.length > shown.length && (
        <li className={classes.quiet}>and {splits.length - shown.length} more values of the breakdown</li>
      )}
    </ol>
  )
}

function Between({ steps, index }: { steps: FunnelStep[]; index: number }) {
  const { dropped, ofPrevious } = numbersOf(steps, index)
  const median = steps[index]?.median_conversion_time
  return (
    <span className={classes.quiet}>
      {percent(ofPrevious)} of the step before · {counted(dropped, 'dropped', 'dropped')}
      {median !== null && median !== undefined && ` · median ${duration(median)}`}
    </span>
  )
}

interface BarProps {
  split: FunnelSplit
  place: number
  index: number
  isMany: boolean
  onOpen?: (dropped: boolean) => void
}

function Bar({ split, place, index, isMany, onOpen }: BarProps) {
  const dark = useComputedColorScheme('light') === 'dark'
  const numbers = numbersOf(split.steps, index)
  const before = index > 0 ? numbersOf(split.steps, index - 1).ofAll : 100
  const fill = { width: `${numbers.ofAll}%`, background: colorOf(place, dark) }
  // What fell off here lies between this step's bar and the one's before it.
  const rest = {
    left: `${numbers.ofAll}%`,
    width: `${Math.max(before - numbers.ofAll, 0)}%`,
    right: 'auto',
  }
  const who = `${split.name ? `${split.name}: ` : ''}`
  return (
    <div className={classes.split}>
      {isMany && (
        <span className={classes.label} title={split.name}>
          {split.name}
        </span>
      )}
      <div className={classes.track}>
        {onOpen && numbers.count > 0 ? (
          <UnstyledButton
            className={classes.fill}
            style={fill}
            onClick={() => onOpen(false)}
            aria-label={`${who}who reached step ${index + 1}: ${exact(numbers.count)}`}
          />
        ) : (
          numbers.count > 0 && <span className={classes.fill} style={fill} />
        )}
        {onOpen && numbers.dropped > 0 && (
          <UnstyledButton
            className={classes.rest}
            style={rest}
            onClick={() => onOpen(true)}
            aria-label={`${who}who dropped off before step ${index + 1}: ${exact(numbers.dropped)}`}
          />
        )}
      </div>
      <span className={classes.figures}>
        <strong>{exact(numbers.count)}</strong>
        <span className={classes.quiet}>{percent(numbers.ofAll)}</span>
      </span>
    </div>
  )
}

function named(query: InsightQuery, index: number): { custom_name?: string } {
  const custom =
    query.funnelsFilter?.funnelOrderType === 'unordered' ? null : query.series?.[index]?.custom_name
  return custom ? { custom_name: custom } : {}
}
