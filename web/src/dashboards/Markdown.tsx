import { Fragment, type ReactNode, useMemo } from 'react'
import classes from './Markdown.module.css'
import { type Block, type Inline, parseMarkdown } from './markdown'

/** Text with a little form. What it holds becomes elements of ours, never HTML. */
export function Markdown({ text }: { text: string }) {
  const blocks = useMemo(() => parseMarkdown(text), [text])
  return <div className={classes.root}>{blocks.map(blockOf)}</div>
}

function blockOf(block: Block, key: number): ReactNode {
  switch (block.kind) {
    case 'heading': {
      // Below the page's title and the names of tiles.
      const Heading = `h${Math.min(block.level + 1, 6)}` as 'h2'
      return (
        <Heading key={key} data-level={block.level}>
          {inlines(block.inside)}
        </Heading>
      )
    }
    case 'paragraph':
      return <p key={key}>{inlines(block.inside)}</p>
    case 'code':
      return (
        <pre key={key}>
          <code>{block.text}</code>
        </pre>
      )
    case 'quote':
      return <blockquote key={key}>{block.inside.map(blockOf)}</blockquote>
    case 'rule':
      return <hr key={key} />
    case 'list': {
      const items = block.items.map((item, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parsed anew as a whole
        <li key={at}>{item.map((one, index) => tight(one, index))}</li>
      ))
      return block.isOrdered ? (
        <ol key={key} start={block.start}>
          {items}
        </ol>
      ) : (
        <ul key={key}>{items}</ul>
      )
    }
  }
}

/** Text of a list's item stands without a paragraph around it. */
function tight(block: Block, key: number): ReactNode {
  return block.kind === 'paragraph' ? (
    <Fragment key={key}>{inlines(block.inside)}</Fragment>
  ) : (
    blockOf(block, key)
  )
}

function inlines(inside: Inline[]): ReactNode[] {
  return inside.map((one, key) => {
    switch (one.kind) {
      case 'text':
        return one.text
      case 'break':
        // biome-ignore lint/suspicious/noArrayIndexKey: parsed anew as a whole
        return <br key={key} />
      case 'code':
        // biome-ignore lint/suspicious/noArrayIndexKey: parsed anew as a whole
        return <code key={key}>{one.text}</code>
      case 'bold':
        // biome-ignore lint/suspicious/noArrayIndexKey: parsed anew as a whole
        return <strong key={key}>{inlines(one.inside)}</strong>
      case 'italic':
        // biome-ignore lint/suspicious/noArrayIndexKey: parsed anew as a whole
        return <em key={key}>{inlines(one.inside)}</em>
      case 'struck':
        // biome-ignore lint/suspicious/noArrayIndexKey: parsed anew as a whole
        return <s key={key}>{inlines(one.inside)}</s>
      case 'link': {
        const isOutside = !/^[/#]/.test(one.href)
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: parsed anew as a whole
          <a key={key} href={one.href} {...(isOutside && { target: '_blank', rel: 'noopener noreferrer' })}>
            {inlines(one.inside)}
          </a>
        )
      }
      default:
        return null
    }
  })
}
