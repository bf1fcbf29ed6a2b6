import { useComputedColorScheme } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { init } from './echarts'
import { Marks, type Places } from './Marks'
import { optionsOf } from './options'
import type { ChartData } from './series'

interface Props {
  chart: ChartData
  hidden: ReadonlySet<string>
  height: number | string
  label: string
  onPoint?: (seriesId: string, index: number) => void
  onMark?: (x: string) => void
}

/** The drawing itself. Loaded with ECharts by the first chart that needs it. */
export default function Canvas({ chart, hidden, height, label, onPoint, onMark }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const drawing = useRef<ReturnType<typeof init> | null>(null)
  const scheme = useComputedColorScheme('light')
  const clicked = useRef(onPoint)
  clicked.current = onPoint
  const drawn = useRef(chart)
  drawn.current = chart
  const [places, setPlaces] = useState<Places | null>(null)
  const [pointed, setPointed] = useState<number | null>(null)

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
    made.getZr().on('mousemove', event => {
      if (!drawn.current.marks || !made.containPixel('grid', [event.offsetX, event.offsetY])) return
      setPointed(Number(made.convertFromPixel({ xAxisIndex: 0 }, event.offsetX)))
    })
    const resized = new ResizeObserver(() => {
      made.resize()
      setPlaces(placesOf(made, drawn.current))
    })
    resized.observe(box.current)
    return () => {
      resized.disconnect()
      made.dispose()
      drawing.current = null
    }
  }, [])

  useEffect(() => {
    const made = drawing.current
    if (!made) return
    made.setOption(optionsOf(chart, { dark: scheme === 'dark', hidden }), { notMerge: true })
    setPlaces(placesOf(made, chart))
  }, [chart, hidden, scheme])

  const canvas = (
    <div
      ref={box}
      role="img"
      aria-label={label}
      style={{ height, width: '100%', cursor: onPoint ? 'pointer' : undefined }}
    />
  )
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only takes away what pointing at it has shown
    <div style={{ position: 'relative' }} onMouseLeave={() => setPointed(null)}>
      {canvas}
      {places && <Marks chart={chart} places={places} pointed={pointed} onMark={onMark} />}
    </div>
  )
}

/** Where the points are, in pixels, for what stands over the drawing. */
function placesOf(made: ReturnType<typeof init>, chart: ChartData): Places | null {
  if (!chart.marks) return null
  const ground = chart.logarithmic ? 1 : 0
  const at = (index: number) => made.convertToPixel({ xAxisIndex: 0, yAxisIndex: 0 }, [index, ground])
  return { x: chart.x.map((_, index) => at(index)?.[0] ?? 0), bottom: at(0)?.[1] ?? 0 }
}
