/** The shapes of countries, named by their codes of two letters as events have them. */

interface Named {
  /** ISO 3166's number of three digits; what is disputed may have none. */
  id?: string
  properties: { name: string }
}

/** As TopoJSON keeps them. */
export interface Atlas {
  objects: { countries: { geometries: Named[] } }
}

export interface Shapes {
  type: 'FeatureCollection'
  features: (Named & { type: 'Feature'; geometry: Geometry })[]
}

type Point = [longitude: number, latitude: number]
/** Its outline, then its holes. */
type Polygon = Point[][]
type Geometry = { type: 'Polygon'; coordinates: Polygon } | { type: 'MultiPolygon'; coordinates: Polygon[] }

// Nobody browses from there, and it would take a fifth of the room.
const LEFT_OUT = new Set(['AQ'])
/** Has a code that is used everywhere, though ISO 3166 has none. */
const BY_NAME: Readonly<Record<string, string>> = { Kosovo: 'XK' }

/** The code of two letters; an empty text for what has none. */
export function codeOf({ id, properties }: Named): string {
  const known = Object.hasOwn(BY_NAME, properties.name) ? BY_NAME[properties.name] : undefined
  if (known || !id) return known ?? ''
  // A locale's region may be a number, and is then put as the letters that mean the same.
  const region = new Intl.Locale(`und-${id.padStart(3, '0')}`).region ?? ''
  return /^[A-Z]{2}$/.test(region) ? region : ''
}

/** The same shapes, each named by its code, and none from one side of the map to the other. */
export function byCode(shapes: Shapes): Shapes {
  const features = shapes.features.flatMap(one => {
    const name = codeOf(one)
    if (LEFT_OUT.has(name)) return []
    const { geometry } = one
    const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates
    const coordinates = polygons.flatMap(cutAtDateLine)
    return [{ ...one, properties: { name }, geometry: { type: 'MultiPolygon' as const, coordinates } }]
  })
  return { ...shapes, features }
}

/** A polygon as one or two that stay within the map. */
export function cutAtDateLine(polygon: Polygon): Polygon[] {
  const rings = polygon.map(unwound)
  const longitudes = rings.flat().map(([x]) => x)
  const parts: Polygon[] = []
  for (const shift of [0, -360, 360]) {
    if (!longitudes.some(x => x + shift > -180 && x + shift < 180)) continue
    const moved = rings.map(ring => ring.map<Point>(([x, y]) => [x + shift, y]))
    const within = moved.map(ring => halved(halved(ring, 180, -1), -180, 1)).filter(ring => ring.length > 3)
    if (within.length > 0) parts.push(within)
  }
  return parts
}

/** A ring whose longitudes go on beyond the date line. */
function unwound(ring: Point[]): Point[] {
  let turn = 0
  return ring.map<Point>(([x, y], at) => {
    const before = ring[at - 1]?.[0] ?? x
    if (x - before > 180) turn -= 360
    if (x - before < -180) turn += 360
    return [x + turn, y]
  })
}

/** What of a ring lies on one side of a meridian: `1` to the east, `-1` to the west. */
function halved(ring: Point[], meridian: number, side: 1 | -1): Point[] {
  const isIn = ([x]: Point) => (x - meridian) * side >= 0
  if (ring.every(isIn)) return ring
  const kept: Point[] = []
  ring.forEach((point, at) => {
    const before = ring[at - 1]
    if (before && isIn(before) !== isIn(point)) {
      const share = (meridian - before[0]) / (point[0] - before[0])
      kept.push([meridian, before[1] + share * (point[1] - before[1])])
    }
    if (isIn(point)) kept.push(point)
  })
  const [first, last] = [kept[0], kept.at(-1)]
  if (first && last && (first[0] !== last[0] || first[1] !== last[1])) kept.push(first)
  return kept
}
