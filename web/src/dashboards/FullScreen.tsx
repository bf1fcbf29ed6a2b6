import { type ReactNode, useEffect, useRef } from 'react'
import classes from './FullScreen.module.css'

interface Props {
  on: boolean
  onLeave: () => void
  children: ReactNode
}

/** The page alone: over navigation and all, and where the browser lets it, over the whole screen. */
export function FullScreen({ on, onLeave, children }: Props) {
  const leave = useRef(onLeave)
  leave.current = onLeave
  useEffect(() => {
    if (!on) return
    const root = document.documentElement
    // Refused without a click, as after a reload: then it fills the window only.
    const entered = root.requestFullscreen?.().then(
      () => true,
      () => false,
    )
    const changed = () => {
      if (!document.fullscreenElement) leave.current()
    }
    const pressed = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !document.querySelector('[role="dialog"], [role="menu"]')) leave.current()
    }
    document.addEventListener('fullscreenchange', changed)
    document.addEventListener('keydown', pressed)
    return () => {
      document.removeEventListener('fullscreenchange', changed)
      document.removeEventListener('keydown', pressed)
      void entered?.then(isIn => {
        if (isIn && document.fullscreenElement) void document.exitFullscreen()
      })
    }
  }, [on])
  return <div className={on ? classes.full : undefined}>{children}</div>
}
