/** The colours a tile can have: a stripe at its top. */
export const TILE_COLORS = ['blue', 'green', 'orange', 'red', 'purple', 'gray'] as const
export type TileColor = (typeof TILE_COLORS)[number]

const SHOWN: Readonly<Record<TileColor, string>> = {
  blue: 'var(--mantine-color-blue-5)',
  green: 'var(--mantine-color-teal-5)',
  orange: 'var(--mantine-color-orange-5)',
  red: 'var(--mantine-color-red-5)',
  purple: 'var(--mantine-color-grape-5)',
  gray: 'var(--mantine-color-gray-5)',
}

/** What is kept may be any word. */
export function shownColor(kept: string | null): string | undefined {
  return TILE_COLORS.includes(kept as TileColor) ? SHOWN[kept as TileColor] : undefined
}
