import { Box, UnstyledButton } from '@mantine/core'
import { exact } from '@/components/format'
import { retentionActors } from '../actors/questions'
import type { ResultProps } from '../InsightResult'
import type { InsightQuery } from '../query/insightQuery'
import classes from './RetentionResult.module.css'
import { knownCells, meanRow, type RetentionGroup, rate } from './retention'
import { rowDate } from './rowDate'

interface Props extends Pick<ResultProps, 'size' | 'label' | 'onActors'> {
  group: RetentionGroup
  query: InsightQuery
}

/** A row for each beginning, a column for each interval after it; the fuller the colour, the more came back. */
export function RetentionMatrix({ group, query, size, label, onActors }: Props) {
  const rows = group.rows.map(one => one.row)
  const reference = query.retentionFilter?.retentionReference
  const columns = rows[0]?.values ?? []
  return (
    <Box style={{ overflowX: 'auto' }} tabIndex={0} role="region" aria-label={`${label}, matrix`}>
      <table className={`${classes.matrix} ${size === 'tile' ? classes.tile : ''}`}>
        <thead>
          <tr>
            <th scope="col">Began</th>
            <th scope="col">Size</th>
            {columns.map(one => (
              <th scope="col" key={one.label} style={{ textAlign: 'center' }}>
                {one.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.length > 1 && (
            <tr>
              <th scope="row">Weighted mean</th>
              <td className={classes.size}>
                {exact(rows.reduce((sum, one) => sum + (one.values[0]?.count ?? 0), 0))}
              </td>
              {meanRow(rows).map(one => (
                <td key={one.label}>
                  {one.rate !== null && <span className={classes.cell}>{rounded(one.rate)}</span>}
                </td>
              ))}
            </tr>
          )}
          {rows.map((row, index) => (
            <tr key={row.date}>
              <th scope="row">{rowDate(row.date, query.retentionFilter?.period)}</th>
              <td className={classes.size}>{exact(row.values[0]?.count)}</td>
              {row.values.map((cell, at) => {
                if (at >= knownCells(row, index, rows)) return <td key={cell.label} />
                const value = rate(row, at, reference)
                const shown = { ...shade(value), children: rounded(value), className: classes.cell }
                const words = `${row.label}, ${cell.label}: ${exact(cell.count)}, ${rounded(value)}`
                return (
                  <td key={cell.label} title={`${exact(cell.count)} of ${exact(row.values[0]?.count)}`}>
                    {onActors && cell.count > 0 ? (
                      <UnstyledButton
                        {...shown}
                        aria-label={words}
                        onClick={() => onActors(retentionActors(query, row, index, at))}
                      />
                    ) : (
                      <span {...shown} />
                    )}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </Box>
  )
}

function rounded(value: number): string {
  return `${exact(Math.round(value * 10) / 10)}%`
}

/** Of the accent, over the ground; where it is full the ink must be light. */
function shade(value: number) {
  const strength = Math.min(Math.max(value, 0), 100)
  return {
    style: {
      background: `color-mix(in srgb, var(--mantine-color-indigo-6) ${Math.round(strength * 0.95)}%, var(--hoglet-ground))`,
      color: strength > 95 ? '#fff' : undefined,
    },
  }
}
