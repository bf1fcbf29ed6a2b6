import { useMemo } from 'react'
import { encode } from 'uqr'

const SIDE_PX = 176
const BORDER = 2

/** A text for a camera: dark on light in both schemes, since not every app reads the opposite. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const { size, path } = useMemo(() => {
    const { data } = encode(text, { border: BORDER })
    const squares = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : [])))
    return { size: data.length, path: squares.join('') }
  }, [text])
  return (
    <svg
      role="img"
      aria-label={label}
      width={SIDE_PX}
      height={SIDE_PX}
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
      style={{ background: 'white', borderRadius: 6, flex: 'none' }}
    >
      <path d={path} fill="black" />
    </svg>
  )
}
