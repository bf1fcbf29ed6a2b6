import { Button, Popover, Stack, Text, UnstyledButton } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import classes from './Marks.module.css'
import { type ChartData, type Mark, pointLabel } from './series'

/** Where the points of a chart are, in pixels from its left and top. */
export interface Places {
  x: number[]
  bottom: number
}

interface Props {
  chart: ChartData
  places: Places
  /** The point that the pointer is over. */
  pointed: number | null
  onMark?: (x: string) => void
}

/** What happened, as small marks over the points of a chart; a new one is added where the pointer is. */
export function Marks({ chart, places, pointed, onMark }: Props) {
  const [open, setOpen] = useState<string | null>(null)
  const marks = chart.marks ?? []
  const day = (x: string) => pointLabel(x, chart.interval, true)
  const free = pointed === null ? undefined : chart.x[pointed]
  return (
    <>
      {chart.x.map((x, index) => {
        const here = marks.filter(one => one.x === x)
        const left = places.x[index]
        if (here.length === 0 || left === undefined) return null
        return (
          <div key={x}>
            <span className={classes.line} style={{ left, height: Math.max(places.bottom - 20, 0) }} />
            <Popover
              opened={open === x}
              onChange={isOpen => !isOpen && setOpen(null)}
              position="bottom"
              withArrow
              trapFocus
              width={260}
            >
              <Popover.Target>
                <UnstyledButton
                  className={classes.mark}
                  style={{ left }}
                  aria-label={`${here.length === 1 ? 'Annotation' : `${here.length} annotations`}, ${day(x)}`}
                  aria-expanded={open === x}
                  onClick={() => setOpen(open === x ? null : x)}
                >
                  {here.length > 1 ? here.length : <span className={classes.dot} />}
                </UnstyledButton>
              </Popover.Target>
              <Popover.Dropdown p="sm">
                <Told
                  marks={here}
                  title={day(x)}
                  onAdd={
                    onMark &&
                    (() => {
                      setOpen(null)
                      onMark(x)
                    })
                  }
                />
              </Popover.Dropdown>
            </Popover>
          </div>
        )
      })}
      {onMark && free !== undefined && !marks.some(one => one.x === free) && (
        <UnstyledButton
          className={classes.mark}
          data-free
          style={{ left: places.x[pointed ?? 0] }}
          // The way for the keyboard is the page's own button.
          tabIndex={-1}
          aria-label={`Add an annotation, ${day(free)}`}
          onClick={() => onMark(free)}
        >
          <IconPlus size={11} aria-hidden />
        </UnstyledButton>
      )}
    </>
  )
}

function Told({ marks, title, onAdd }: { marks: Mark[]; title: string; onAdd?: () => void }) {
  return (
    <Stack gap="xs">
      <Text size="xs" fw={600}>
        {title}
      </Text>
      <Stack gap="xs" mah={220} style={{ overflowY: 'auto' }}>
        {marks.map((one, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two notes may say the same
          <div key={index}>
            <Text size="sm" style={{ whiteSpace: 'pre-line', overflowWrap: 'anywhere' }}>
              {one.text}
            </Text>
            {one.by && (
              <Text size="xs" c="var(--hoglet-quiet)">
                {one.by}
              </Text>
            )}
          </div>
        ))}
      </Stack>
      {onAdd && (
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconPlus size={12} aria-hidden />}
          onClick={onAdd}
          style={{ alignSelf: 'flex-start' }}
        >
          Add another
        </Button>
      )}
    </Stack>
  )
}
