import { PALETTE } from '@/components/chart/series'

/** The colour of a variant, by its place. */
export function variantColor(index: number): string {
  return PALETTE[index % PALETTE.length] ?? 'gray'
}
