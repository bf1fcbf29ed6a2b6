import { createTheme, type MantineColorsTuple } from '@mantine/core'

// The one accent: a quiet indigo that keeps 4.5:1 against white from shade 6 on.
const indigo: MantineColorsTuple = [
  '#f0f1fd',
  '#dfe1f9',
  '#bcc1f1',
  '#979fe9',
  '#7882e2',
  '#636fde',
  '#4f5bd5',
  '#434dbb',
  '#3b44a8',
  '#313a94',
]

const gray: MantineColorsTuple = [
  '#f8f9fb',
  '#f1f2f5',
  '#e6e8ec',
  '#d9dce2',
  '#c3c8d0',
  '#9aa1ad',
  '#6b7280',
  '#4b5260',
  '#343a46',
  '#20242d',
]

const dark: MantineColorsTuple = [
  '#d5d8de',
  '#a9aeb9',
  '#8a909c',
  '#5f6571',
  '#3a3f4a',
  '#2e323b',
  '#23262e',
  '#1a1d23',
  '#14161b',
  '#0f1115',
]

// Dark enough from shade 6 on to be read on white, and under white.
const red: MantineColorsTuple = [
  '#fff1f0',
  '#ffe0de',
  '#ffc1bd',
  '#fd9c96',
  '#f77a72',
  '#ee5a51',
  '#d92d20',
  '#b9251b',
  '#991f17',
  '#7c1a13',
]

export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: 6,
  autoContrast: true,
  luminanceThreshold: 0.4,
  colors: { indigo, gray, dark, red },
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", Arial, sans-serif',
  fontFamilyMonospace:
    'ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  lineHeights: { xs: '1.4', sm: '1.45', md: '1.5', lg: '1.5', xl: '1.4' },
  spacing: { xs: '0.5rem', sm: '0.75rem', md: '1rem', lg: '1.5rem', xl: '2rem' },
  defaultRadius: 'md',
  radius: { xs: '2px', sm: '4px', md: '6px', lg: '10px', xl: '16px' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.25rem', lineHeight: '1.4' },
      h2: { fontSize: '1rem', lineHeight: '1.5' },
      h3: { fontSize: '0.875rem', lineHeight: '1.5' },
    },
  },
  components: {
    Button: { defaultProps: { size: 'xs', fw: 500 } },
    ActionIcon: { defaultProps: { size: 'md', variant: 'subtle', color: 'gray' } },
    TextInput: { defaultProps: { size: 'sm' } },
    Select: { defaultProps: { size: 'sm', checkIconPosition: 'right' } },
    Card: { defaultProps: { withBorder: true, padding: 'md', radius: 'lg', shadow: undefined } },
    Paper: { defaultProps: { radius: 'lg' } },
    Menu: { defaultProps: { shadow: 'md', withinPortal: true } },
    Popover: { defaultProps: { shadow: 'md', withinPortal: true } },
    Modal: { defaultProps: { centered: true, closeButtonProps: { 'aria-label': 'Close' } } },
    Drawer: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } },
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': 'Dismiss' } } },
    Tooltip: { defaultProps: { openDelay: 250, withArrow: false, fz: 'xs' } },
    Table: { defaultProps: { verticalSpacing: 'xs', horizontalSpacing: 'sm', fz: 'sm' } },
  },
})
