import { useComputedColorScheme } from '@mantine/core'
import { MapChart } from 'echarts/charts'
import { TooltipComponent } from 'echarts/components'
import { init, registerMap, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'
import { feature } from 'topojson-client'
import atlas from 'world-atlas/countries-110m.json'
import { escaped } from '@/components/chart/options'
import { PALETTE, PALETTE_DARK } from '@/components/chart/series'
import type { Country } from './countries'
import { countryName } from './countryName'
import { mixed } from './mixed'
import { byCode } from './shapes'

use([MapChart, TooltipComponent, CanvasRenderer])
registerMap('world', byCode(feature(atlas, atlas.objects.countries)) as never)

interface Props {
  countries: Country[]
  height: number
  label: string
  shown: (value: number) => string
  onCountry?: (country: Country) => void
}

/** The drawing itself. Loaded with the shapes of the world by the first map. */
export default function WorldCanvas({ countries, height, label, shown, onCountry }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const drawing = useRef<ReturnType<typeof init> | null>(null)
  const dark = useComputedColorScheme('light') === 'dark'
  const clicked = useRef<(code: string) => void>(() => {})
  clicked.current = code => {
    const country = countries.find(one => one.code === code)
    if (country) onCountry?.(country)
  }
  const told = useRef(shown)
  told.current = shown

  useEffect(() => {
    if (!box.current) return
    const made = init(box.current)
    drawing.current = made
    made.on('click', found => clicked.current((found as { name: string }).name))
    const resized = new ResizeObserver(() => made.resize())
    resized.observe(box.current)
    return () => {
      resized.disconnect()
      made.dispose()
      drawing.current = null
    }
  }, [])

  useEffect(() => {
    drawing.current?.setOption(optionsOf(countries, dark, told), { notMerge: true })
  }, [countries, dark])

  return (
    <div
      ref={box}
      role="img"
      aria-label={label}
      style={{
        // Never much higher than the world is, on a phone.
        height: `min(${height}px, 56vw)`,
        width: '100%',
        minWidth: 0,
        cursor: onCountry ? 'pointer' : undefined,
      }}
    />
  )
}

function optionsOf(countries: Country[], dark: boolean, told: { current: Props['shown'] }) {
  const strong = (dark ? PALETTE_DARK : PALETTE)[0] ?? '#4f5bd5'
  // Not from the ground on: one visitor is more than none.
  const weak = dark ? '#3b4067' : '#c9cdf3'
  const most = Math.max(...countries.map(one => one.value), 1)
  const ground = dark ? '#2a2e37' : '#eceef2'
  return {
    animation: false,
    textStyle: { fontFamily: 'inherit', fontSize: 12 },
    tooltip: {
      confine: true,
      backgroundColor: dark ? '#23262e' : '#fff',
      borderColor: dark ? '#3a3f4a' : '#e6e8ec',
      textStyle: { color: dark ? '#d5d8de' : '#20242d', fontSize: 12 },
      formatter: ({ name, value }: { name: string; value: number }) => {
        if (!name) return ''
        const number = Number.isFinite(value) ? escaped(told.current(value)) : 'None'
        return `${escaped(countryName(name) ?? name)}<br><strong>${number}</strong>`
      },
    },
    series: [
      {
        type: 'map',
        map: 'world',
        left: 0,
        right: 0,
        top: 4,
        bottom: 4,
        preserveAspect: true,
        roam: false,
        selectedMode: false,
        label: { show: false },
        itemStyle: { areaColor: ground, borderColor: dark ? '#1a1d23' : '#fff', borderWidth: 0.6 },
        emphasis: { label: { show: false }, itemStyle: { areaColor: undefined, borderWidth: 1.5 } },
        data: countries.map(({ code, value }) => ({
          name: code,
          value,
          itemStyle: { areaColor: value > 0 ? mixed(weak, strong, value / most) : ground },
        })),
      },
    ],
  }
}
