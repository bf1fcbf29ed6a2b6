import { useComputedColorScheme } from '@mantine/core'
import { SankeyChart } from 'echarts/charts'
import { TooltipComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'
import { escaped } from '@/components/chart/options'
import { colorOf } from '@/components/chart/series'
import { duration, exact } from '@/components/format'
import type { PathEdge } from './answers'
import { nodeLabel, nodesOf, shortNames } from './paths'

use([SankeyChart, TooltipComponent, CanvasRenderer])

interface Props {
  edges: PathEdge[]
  height: number
  label: string
  onEdge?: (edge: PathEdge) => void
  /** A click on a step, by its key. */
  onNode?: (key: string) => void
}

/** Beside the last steps, for what they are called. */
const LABEL_PX = 140

/** The flow itself. Loaded with its part of ECharts by the first paths. */
export default function SankeyCanvas({ edges, height, label, onEdge, onNode }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const drawing = useRef<ReturnType<typeof init> | null>(null)
  const dark = useComputedColorScheme('light') === 'dark'
  const clicked = useRef<(found: Hovered) => void>(() => {})
  clicked.current = ({ dataType, dataIndex, name }) => {
    const edge = dataType === 'edge' ? edges[dataIndex] : undefined
    if (edge) onEdge?.(edge)
    if (dataType === 'node') onNode?.(name)
  }

  useEffect(() => {
    if (!box.current) return
    const made = init(box.current)
    drawing.current = made
    made.on('click', found => clicked.current(found as Hovered))
    const resized = new ResizeObserver(() => made.resize())
    resized.observe(box.current)
    return () => {
      resized.disconnect()
      made.dispose()
      drawing.current = null
    }
  }, [])

  useEffect(() => {
    drawing.current?.setOption(optionsOf(edges, dark), { notMerge: true })
  }, [edges, dark])

  return (
    <div
      ref={box}
      role="img"
      aria-label={label}
      style={{ height, width: '100%', cursor: onEdge ? 'pointer' : undefined }}
    />
  )
}

interface Hovered {
  dataType?: string
  dataIndex: number
  name: string
}

function optionsOf(edges: PathEdge[], dark: boolean) {
  const nodes = nodesOf(edges)
  const short = shortNames(nodes.map(one => one.name))
  const byKey = new Map(nodes.map(one => [one.key, one]))
  const ink = dark ? '#d5d8de' : '#343a46'
  return {
    animation: false,
    textStyle: { fontFamily: 'inherit', fontSize: 12 },
    tooltip: {
      confine: true,
      backgroundColor: dark ? '#23262e' : '#fff',
      borderColor: dark ? '#3a3f4a' : '#e6e8ec',
      textStyle: { color: ink, fontSize: 12 },
      formatter: (found: Hovered) => {
        const edge = found.dataType === 'edge' ? edges[found.dataIndex] : undefined
        const node = byKey.get(found.name)
        if (!edge) return `${escaped(node?.name ?? found.name)}<br><strong>${exact(node?.count)}</strong>`
        const names = [edge.source, edge.target].map(key => escaped(byKey.get(key)?.name ?? key))
        const time = edge.average_conversion_time
        const after = time === null ? '' : `, ${duration(time / 1000)} on average`
        return `${names.join(' → ')}<br><strong>${exact(edge.value)}</strong>${after}`
      },
    },
    series: [
      {
        type: 'sankey',
        left: 4,
        right: LABEL_PX,
        top: 8,
        bottom: 8,
        nodeWidth: 10,
        nodeGap: 14,
        draggable: false,
        emphasis: { focus: 'adjacency' },
        lineStyle: { color: dark ? '#5f6571' : '#c3c8d0', opacity: 0.45, curveness: 0.5 },
        label: {
          color: ink,
          fontSize: 11,
          textBorderColor: dark ? '#1a1d23' : '#fff',
          textBorderWidth: 3,
        },
        data: nodes.map(one => ({
          name: one.key,
          depth: one.step - 1,
          itemStyle: { color: colorOf(one.step - 1, dark) },
          label: {
            position: 'right',
            formatter: nodeLabel(short.get(one.name) ?? one.name, exact(one.count)).replace(/[{}]/g, ''),
          },
        })),
        links: edges.map(({ source, target, value }) => ({ source, target, value })),
      },
    ],
  }
}
