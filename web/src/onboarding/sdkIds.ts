/** The SDKs that the page has words for; kept apart from the words, which only the page loads. */
export const SDK_IDS = [
  'web',
  'npm',
  'react',
  'node',
  'python',
  'go',
  'php',
  'ruby',
  'ios',
  'android',
  'flutter',
  'http',
] as const
export type SdkId = (typeof SDK_IDS)[number]
