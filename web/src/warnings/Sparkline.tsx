import classes from './Sparkline.module.css'

interface Props {
  /** A number a day, the last is today. */
  values: number[]
  label: string
}

const BAR = 4
const GAP = 1
const HEIGHT = 24

/** Bars without axes. */
export function Sparkline({ values, label }: Props) {
  const most = Math.max(1, ...values)
  const width = values.length * (BAR + GAP)
  return (
    <svg width={width} height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`} role="img" aria-label={label}>
      {values.map((value, day) => {
        // Even one warning among thousands is seen.
        const height = value === 0 ? 1 : Math.max(3, (value / most) * HEIGHT)
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a day is its place
            key={day}
            className={value === 0 ? classes.none : classes.bar}
            x={day * (BAR + GAP)}
            y={HEIGHT - height}
            width={BAR}
            height={height}
            rx={1}
          />
        )
      })}
    </svg>
  )
}
