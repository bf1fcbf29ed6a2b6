import { useComputedColorScheme } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { init } from './echarts'
import { optionsOf } from './options'
import type { ChartData } from './series'

interface Props {
  chart: ChartData
  hidden: ReadonlySet<string>
  height: number | string
  label: string
  onPoint?: (seriesId: string, index: number) => void
}

/** The drawing itself. Loaded with ECharts by the first chart that needs it. */
export default function Canvas({ chart, hidden, height, label, onPoint }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const drawing = useRef<ReturnType<typeof init> | null>(null)
  const scheme = useComputedColorScheme('light')
  const clicked = useRef(onPoint)
  clicked.current = onPoint

  useEffect(() => {
    if (!box.current) return
    const made = init(box.current)
    drawing.current = made
    made.on('click', found => {
      const event = found as {
        seriesId?: string
        seriesType?: string
        dataIndex: number
        data?: { id?: string }
      }
      const id = event.seriesType === 'pie' ? event.data?.id : event.seriesId?.replace(/:current$/, '')
      if (id) clicked.current?.(id, event.dataIndex)
    })
    const resized = new ResizeObserver(() => made.resize())
    resized.observe(box.current)
    return () => {
      resized.disconnect()
      made.dispose()
      drawing.current = null
    }
  }, [])

  useEffect(() => {
    drawing.current?.setOption(optionsOf(chart, { dark: scheme === 'dark', hidden }), { notMerge: true })
  }, [chart, hidden, scheme])

  return (
    <div
      ref={box}
      role="img"
      aria-label={label}
      style={{ height, width: '100%', cursor: onPoint ? 'pointer' : undefined }}
    />
  )
}
