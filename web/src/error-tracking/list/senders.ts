/** How an SDK sends exceptions, with the project's own token and address in place. */
import type { Step } from '@/onboarding/sdks'

export interface Sender {
  id: string
  name: string
  docs: string
  steps: (token: string, address: string) => Step[]
}

const lines = (...all: string[]) => all.join('\n')
const DOCS = 'https://posthog.com/docs/error-tracking/installation'

export const SENDERS: readonly [Sender, ...Sender[]] = [
  {
    id: 'web',
    name: 'Browser',
    docs: `${DOCS}/web`,
    steps: (token, address) => [
      {
        title: 'Send what nobody catches by itself',
        code: lines(
          `posthog.init('${token}', {`,
          `  api_host: '${address}',`,
          '  capture_exceptions: true,',
          '})',
        ),
      },
      { title: 'Send what you catch', code: 'posthog.captureException(error, { plan: "pro" })' },
    ],
  },
  {
    id: 'node',
    name: 'Node.js',
    docs: `${DOCS}/node`,
    steps: (token, address) => [
      { title: 'Install', code: 'npm install posthog-node' },
      {
        title: 'Send exceptions',
        code: lines(
          "import { PostHog } from 'posthog-node'",
          '',
          `const posthog = new PostHog('${token}', {`,
          `  host: '${address}',`,
          '  enableExceptionAutocapture: true,',
          '})',
          '',
          "posthog.captureException(error, 'user-1')",
        ),
      },
    ],
  },
  {
    id: 'python',
    name: 'Python',
    docs: `${DOCS}/python`,
    steps: (token, address) => [
      { title: 'Install', code: 'pip install posthog' },
      {
        title: 'Send exceptions',
        code: lines(
          'from posthog import Posthog',
          '',
          `posthog = Posthog("${token}", host="${address}", enable_exception_autocapture=True)`,
          '',
          'try:',
          '    charge(card)',
          'except Exception as error:',
          '    posthog.capture_exception(error, distinct_id="user-1")',
          '    raise',
        ),
      },
    ],
  },
  {
    id: 'http',
    name: 'Any other',
    docs: 'https://posthog.com/docs/error-tracking/installation/manual',
    steps: (token, address) => [
      {
        title: 'Send an event over HTTP',
        code: lines(
          `curl ${address}/i/v0/e/ -H 'content-type: application/json' -d '{`,
          `  "api_key": "${token}",`,
          '  "event": "$exception",',
          '  "distinct_id": "user-1",',
          '  "properties": {"$exception_list": [{',
          '    "type": "ValueError",',
          '    "value": "bad input: 3",',
          '    "mechanism": {"handled": true},',
          '    "stacktrace": {"type": "raw", "frames": [',
          '      {"platform": "custom", "lang": "ruby", "function": "charge", "filename": "app/pay.rb", "lineno": 7}',
          '    ]}',
          '  }]}',
          "}'",
        ),
      },
    ],
  },
]
