import { Loader, Modal, ScrollArea, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useRouter } from '@tanstack/react-router'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useEnterOnce } from '@/components/useEnterOnce'
import classes from './Search.module.css'
import { type Hit, useHits } from './useHits'

/** Pages and things by name. Arrows choose, Enter opens, Escape closes. */
export default function SearchDialog({ onClose }: { onClose: () => void }) {
  const [typed, setTyped] = useState('')
  const [text] = useDebouncedValue(typed.trim(), 150)
  const [chosen, setChosen] = useState(0)
  const router = useRouter()
  const list = useRef<HTMLDivElement>(null)
  const { hits, busy } = useHits(typed.trim(), text)

  // biome-ignore lint/correctness/useExhaustiveDependencies: other hits begin at the top
  useEffect(() => setChosen(0), [text])
  useEffect(() => {
    list.current?.querySelector(`[data-index="${chosen}"]`)?.scrollIntoView({ block: 'nearest' })
  }, [chosen])

  const isAtTop = chosen === 0 && hits[0]?.kind !== 'Page'
  const enter = useEnterOnce(!busy || !isAtTop, () => open(hits[chosen]))

  const open = (hit: Hit | undefined) => {
    if (!hit) return
    onClose()
    void router.navigate({ href: hit.href })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setChosen(Math.min(chosen + 1, hits.length - 1))
    else if (event.key === 'ArrowUp') setChosen(Math.max(chosen - 1, 0))
    else if (event.key === 'Enter') enter.press()
    else return
    event.preventDefault()
  }

  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      size={560}
      padding={0}
      yOffset="12vh"
      centered={false}
      title={undefined}
      transitionProps={{ duration: 0 }}
      attributes={{ content: { 'aria-label': 'Search' } }}
    >
      <TextInput
        data-autofocus
        variant="unstyled"
        size="lg"
        className={classes.input}
        leftSection={busy ? <Loader size={16} /> : <IconSearch size={18} aria-hidden />}
        placeholder="Search pages, insights, dashboards, persons, flags, cohorts"
        aria-label="Search"
        role="combobox"
        aria-expanded
        aria-controls="search-hits"
        aria-activedescendant={hits[chosen] ? `search-hit-${chosen}` : undefined}
        value={typed}
        onChange={event => {
          enter.forget()
          setChosen(0)
          setTyped(event.currentTarget.value)
        }}
        onKeyDown={onKeyDown}
      />
      <ScrollArea.Autosize mah="50vh" className={classes.list} viewportRef={list}>
        <div id="search-hits" role="listbox" aria-label="Found">
          {hits.map((hit, index) => (
            <a
              key={hit.href}
              id={`search-hit-${index}`}
              data-index={index}
              role="option"
              aria-selected={index === chosen}
              tabIndex={-1}
              href={hit.href}
              className={classes.hit}
              onMouseMove={() => setChosen(index)}
              onClick={event => {
                if (event.metaKey || event.ctrlKey) return
                event.preventDefault()
                open(hit)
              }}
            >
              <hit.icon size={16} stroke={1.6} aria-hidden />
              <span className={classes.name}>{hit.name}</span>
              <Text span size="xs" c="var(--hoglet-quiet)">
                {hit.kind}
              </Text>
            </a>
          ))}
        </div>
        {hits.length === 0 && (
          <Text p="md" ta="center" c="var(--hoglet-quiet)">
            {busy ? 'Searching…' : `Nothing is called “${text}”`}
          </Text>
        )}
      </ScrollArea.Autosize>
    </Modal>
  )
}
