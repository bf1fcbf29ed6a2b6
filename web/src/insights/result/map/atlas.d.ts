// The shapes are told as what they are, so that TypeScript does not read a hundred thousand numbers.
declare module 'world-atlas/countries-110m.json' {
  const atlas: import('./shapes').Atlas
  export default atlas
}

declare module 'topojson-client' {
  export function feature(
    atlas: import('./shapes').Atlas,
    object: import('./shapes').Atlas['objects']['countries'],
  ): import('./shapes').Shapes
}
