import { Text } from '@mantine/core'
import { useMemo } from 'react'
import classes from './Elements.module.css'
import { type EventElement, elementsOf } from './elements'

/** What was clicked, within what it lay in. */
export function Elements({ chain }: { chain: string }) {
  const elements = useMemo(() => elementsOf(chain), [chain])
  if (elements.length === 0) return <Text c="var(--hoglet-quiet)">There are no elements</Text>
  return (
    <ol className={classes.list} aria-label="Elements">
      {elements.map((element, depth) => (
        <li
          // biome-ignore lint/suspicious/noArrayIndexKey: an element is its depth
          key={depth}
          style={{ paddingLeft: Math.min(depth, 24) * 14 }}
          data-clicked={depth === elements.length - 1 || undefined}
        >
          <Element element={element} />
        </li>
      ))}
    </ol>
  )
}

function Element({ element: { tag, classes: names, attributes, text } }: { element: EventElement }) {
  return (
    <>
      <span className={classes.quiet}>&lt;</span>
      <span className={classes.tag}>{tag}</span>
      {names.length > 0 && <Attribute name="class" value={names.join(' ')} />}
      {attributes.map(([name, value]) => (
        <Attribute key={name} name={name} value={value} />
      ))}
      <span className={classes.quiet}>&gt;</span>
      {text && <span className={classes.text}>{text}</span>}
    </>
  )
}

function Attribute({ name, value }: { name: string; value: string }) {
  return (
    <>
      {' '}
      <span className={classes.quiet}>{name}=</span>
      <span className={classes.value}>“{value}”</span>
    </>
  )
}
