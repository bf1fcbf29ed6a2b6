/** The commands by which a build uploads its source maps. */

export interface UploadStep {
  title: string
  code: string
}

export function uploadSteps(address: string, projectId: string): UploadStep[] {
  return [
    { title: 'Install posthog-cli where you build', code: 'npm install -g @posthog/cli' },
    {
      title: 'Tell it where to upload, with a personal API key that may write error tracking',
      code: [
        `export POSTHOG_CLI_HOST=${address}`,
        `export POSTHOG_CLI_PROJECT_ID=${projectId}`,
        'export POSTHOG_CLI_API_KEY=phx_…',
      ].join('\n'),
    },
    {
      title: 'After the build, before its files are served: mark the files and upload their maps',
      code: 'posthog-cli sourcemap process --directory ./dist --delete-after',
    },
  ]
}
