import { useEffect, useRef, useState } from 'react'

/**
 * What Enter does in a field with a list below it that follows a moment later: it waits until the list belongs to
 * what was typed, lest it takes what was first in the list before.
 */
export function useEnterOnce(isReady: boolean, act: () => void): { press: () => void; forget: () => void } {
  const [isPressed, setPressed] = useState(false)
  const latest = useRef(act)
  latest.current = act
  useEffect(() => {
    if (!isPressed || !isReady) return
    setPressed(false)
    latest.current()
  }, [isPressed, isReady])
  return { press: () => setPressed(true), forget: () => setPressed(false) }
}
