import { useHotkeys, useWindowEvent } from '@mantine/hooks'
import { lazy, Suspense, useState } from 'react'

const SearchDialog = lazy(() => import('./SearchDialog'))
const OPEN = 'hoglet:open-search'

/** Opens the search from anywhere. */
export function openSearch(): void {
  window.dispatchEvent(new Event(OPEN))
}

/** ⌘K. The dialog is loaded when it is first asked for. */
export function Search() {
  const [opened, setOpened] = useState(false)
  useHotkeys([['mod+K', () => setOpened(true)]], [])
  useWindowEvent(OPEN, () => setOpened(true))
  return <Suspense>{opened && <SearchDialog onClose={() => setOpened(false)} />}</Suspense>
}
