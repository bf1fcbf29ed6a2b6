/** The interval that a row of retention began in, in words; the API's dates are in the project's zone already. */
export function rowDate(date: string, period: string | null | undefined): string {
  const isHours = period === 'Hour'
  const moment = new Date(`${date.slice(0, 16)}Z`)
  if (Number.isNaN(moment.getTime())) return date
  return new Intl.DateTimeFormat('en-GB', {
    day: period === 'Month' ? undefined : 'numeric',
    month: 'short',
    ...(period === 'Month' && { year: 'numeric' }),
    ...(isHours && { hour: '2-digit', minute: '2-digit' }),
    timeZone: 'UTC',
  }).format(moment)
}
