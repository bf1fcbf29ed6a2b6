/** How each SDK is installed and sends its first event, with the project's own token and address in place. */
import type { SdkId } from './sdkIds'

export interface Step {
  title: string
  code: string
  /** A file that the code belongs into. */
  file?: string
}

export interface Sdk {
  id: SdkId
  name: string
  group: 'Browser' | 'Server' | 'Mobile'
  /** A few words on when it is the one to take. */
  told: string
  steps: (token: string, address: string) => Step[]
}

const lines = (...all: string[]) => all.join('\n')

export const SDKS: readonly Sdk[] = [
  {
    id: 'web',
    name: 'Web snippet',
    group: 'Browser',
    told: 'For any site: a few lines of HTML, served by this appliance. Page views and clicks are captured by themselves.',
    steps: (token, address) => [
      {
        title: 'Put this into the head of every page',
        code: lines(
          `<script src="${address}/static/array.js"></script>`,
          '<script>',
          `  posthog.init('${token}', {`,
          `    api_host: '${address}',`,
          "    person_profiles: 'identified_only',",
          '  })',
          '</script>',
        ),
      },
      {
        title: 'Send an event of your own',
        code: "posthog.capture('my event', { plan: 'pro' })",
      },
    ],
  },
  {
    id: 'npm',
    name: 'JavaScript (npm)',
    group: 'Browser',
    told: 'For web applications that are bundled. Page views and clicks are captured by themselves.',
    steps: (token, address) => [
      { title: 'Install', code: 'npm install posthog-js' },
      {
        title: 'Start it where your application starts',
        code: lines(
          "import posthog from 'posthog-js'",
          '',
          `posthog.init('${token}', {`,
          `  api_host: '${address}',`,
          "  person_profiles: 'identified_only',",
          '})',
        ),
      },
      { title: 'Send an event', code: "posthog.capture('my event', { plan: 'pro' })" },
    ],
  },
  {
    id: 'react',
    name: 'React',
    group: 'Browser',
    told: 'The same library with a provider and hooks.',
    steps: (token, address) => [
      { title: 'Install', code: 'npm install posthog-js' },
      {
        title: 'Wrap your application',
        file: 'main.tsx',
        code: lines(
          "import { PostHogProvider } from 'posthog-js/react'",
          '',
          'createRoot(root).render(',
          '  <PostHogProvider',
          `    apiKey="${token}"`,
          `    options={{ api_host: '${address}', person_profiles: 'identified_only' }}`,
          '  >',
          '    <App />',
          '  </PostHogProvider>,',
          ')',
        ),
      },
      {
        title: 'Send an event',
        code: lines(
          "import { usePostHog } from 'posthog-js/react'",
          '',
          'const posthog = usePostHog()',
          "posthog.capture('my event', { plan: 'pro' })",
        ),
      },
    ],
  },
  {
    id: 'node',
    name: 'Node.js',
    group: 'Server',
    told: 'For servers and jobs in JavaScript or TypeScript.',
    steps: (token, address) => [
      { title: 'Install', code: 'npm install posthog-node' },
      {
        title: 'Send an event',
        code: lines(
          "import { PostHog } from 'posthog-node'",
          '',
          `const posthog = new PostHog('${token}', { host: '${address}' })`,
          '',
          "posthog.capture({ distinctId: 'user-1', event: 'my event', properties: { plan: 'pro' } })",
          '',
          '// Before the process ends, so that nothing is lost:',
          'await posthog.shutdown()',
        ),
      },
    ],
  },
  {
    id: 'python',
    name: 'Python',
    group: 'Server',
    told: 'For Django, Flask, FastAPI, scripts and notebooks.',
    steps: (token, address) => [
      { title: 'Install', code: 'pip install posthog' },
      {
        title: 'Send an event',
        code: lines(
          'from posthog import Posthog',
          '',
          `posthog = Posthog("${token}", host="${address}")`,
          '',
          'posthog.capture("my event", distinct_id="user-1", properties={"plan": "pro"})',
          '',
          '# Before the process ends, so that nothing is lost:',
          'posthog.shutdown()',
        ),
      },
    ],
  },
  {
    id: 'go',
    name: 'Go',
    group: 'Server',
    told: 'For services in Go; events are sent in batches in the background.',
    steps: (token, address) => [
      { title: 'Install', code: 'go get github.com/posthog/posthog-go' },
      {
        title: 'Send an event',
        code: lines(
          'package main',
          '',
          'import "github.com/posthog/posthog-go"',
          '',
          'func main() {',
          '\tclient, err := posthog.NewWithConfig(',
          `\t\t"${token}",`,
          `\t\tposthog.Config{Endpoint: "${address}"},`,
          '\t)',
          '\tif err != nil {',
          '\t\tpanic(err)',
          '\t}',
          '\tdefer client.Close()',
          '',
          '\t_ = client.Enqueue(posthog.Capture{',
          '\t\tDistinctId: "user-1",',
          '\t\tEvent:      "my event",',
          '\t\tProperties: posthog.NewProperties().Set("plan", "pro"),',
          '\t})',
          '}',
        ),
      },
    ],
  },
  {
    id: 'php',
    name: 'PHP',
    group: 'Server',
    told: 'For Laravel, Symfony and plain PHP.',
    steps: (token, address) => [
      { title: 'Install', code: 'composer require posthog/posthog-php' },
      {
        title: 'Send an event',
        code: lines(
          '<?php',
          "require 'vendor/autoload.php';",
          '',
          `PostHog\\PostHog::init('${token}', ['host' => '${address}']);`,
          '',
          'PostHog\\PostHog::capture([',
          "    'distinctId' => 'user-1',",
          "    'event' => 'my event',",
          "    'properties' => ['plan' => 'pro'],",
          ']);',
        ),
      },
    ],
  },
  {
    id: 'ruby',
    name: 'Ruby',
    group: 'Server',
    told: 'For Rails and plain Ruby.',
    steps: (token, address) => [
      { title: 'Install', code: 'bundle add posthog-ruby' },
      {
        title: 'Send an event',
        code: lines(
          "require 'posthog'",
          '',
          'posthog = PostHog::Client.new(',
          `  api_key: '${token}',`,
          `  host: '${address}'`,
          ')',
          '',
          "posthog.capture(distinct_id: 'user-1', event: 'my event', properties: { plan: 'pro' })",
          '',
          '# Before the process ends, so that nothing is lost:',
          'posthog.shutdown',
        ),
      },
    ],
  },
  {
    id: 'ios',
    name: 'iOS',
    group: 'Mobile',
    told: 'For Swift applications; screens and the life of the application are captured by themselves.',
    steps: (token, address) => [
      {
        title: 'Add the package in Xcode, or in Package.swift',
        code: '.package(url: "https://github.com/PostHog/posthog-ios.git", from: "3.0.0")',
      },
      {
        title: 'Start it with your application',
        file: 'AppDelegate.swift',
        code: lines(
          'import PostHog',
          '',
          `let config = PostHogConfig(apiKey: "${token}", host: "${address}")`,
          'PostHogSDK.shared.setup(config)',
        ),
      },
      {
        title: 'Send an event',
        code: 'PostHogSDK.shared.capture("my event", properties: ["plan": "pro"])',
      },
    ],
  },
  {
    id: 'android',
    name: 'Android',
    group: 'Mobile',
    told: 'For Kotlin and Java applications; screens and deep links are captured by themselves.',
    steps: (token, address) => [
      {
        title: 'Add the dependency',
        file: 'build.gradle.kts',
        code: 'implementation("com.posthog:posthog-android:3.+")',
      },
      {
        title: 'Start it in your Application',
        code: lines(
          'import com.posthog.android.PostHogAndroid',
          'import com.posthog.android.PostHogAndroidConfig',
          '',
          'val config = PostHogAndroidConfig(',
          `    apiKey = "${token}",`,
          `    host = "${address}",`,
          ')',
          'PostHogAndroid.setup(this, config)',
        ),
      },
      {
        title: 'Send an event',
        code: lines(
          'import com.posthog.PostHog',
          '',
          'PostHog.capture(event = "my event", properties = mapOf("plan" to "pro"))',
        ),
      },
    ],
  },
  {
    id: 'flutter',
    name: 'Flutter',
    group: 'Mobile',
    told: 'For iOS, Android and the web out of one code.',
    steps: (token, address) => [
      { title: 'Install', code: 'flutter pub add posthog_flutter' },
      {
        title: 'Start it before your application',
        file: 'lib/main.dart',
        code: lines(
          "import 'package:flutter/material.dart';",
          "import 'package:posthog_flutter/posthog_flutter.dart';",
          '',
          'Future<void> main() async {',
          '  WidgetsFlutterBinding.ensureInitialized();',
          `  final config = PostHogConfig('${token}')`,
          `    ..host = '${address}'`,
          '    ..captureApplicationLifecycleEvents = true;',
          '  await Posthog().setup(config);',
          '  runApp(const MyApp());',
          '}',
        ),
      },
      {
        title: 'Turn off the automatic start, on Android and iOS',
        file: 'AndroidManifest.xml, Info.plist',
        code: lines(
          '<meta-data android:name="com.posthog.posthog.AUTO_INIT" android:value="false" />',
          '',
          '<key>com.posthog.posthog.AUTO_INIT</key>',
          '<false/>',
        ),
      },
      {
        title: 'Send an event',
        code: "await Posthog().capture(eventName: 'my event', properties: {'plan': 'pro'});",
      },
    ],
  },
  {
    id: 'http',
    name: 'HTTP API',
    group: 'Server',
    told: 'For everything else: one request with JSON.',
    steps: (token, address) => [
      {
        title: 'Send an event',
        code: lines(
          `curl -X POST ${address}/i/v0/e/ \\`,
          "  -H 'Content-Type: application/json' \\",
          "  -d '{",
          `    "api_key": "${token}",`,
          '    "event": "my event",',
          '    "distinct_id": "user-1",',
          '    "properties": { "plan": "pro" }',
          "  }'",
        ),
      },
      {
        title: 'Or many at once',
        code: lines(
          `curl -X POST ${address}/batch/ \\`,
          "  -H 'Content-Type: application/json' \\",
          "  -d '{",
          `    "api_key": "${token}",`,
          '    "batch": [',
          '      { "event": "my event", "distinct_id": "user-1" },',
          '      { "event": "my event", "distinct_id": "user-2" }',
          '    ]',
          "  }'",
        ),
      },
    ],
  },
]

export function sdkOf(id: SdkId): Sdk {
  const found = SDKS.find(one => one.id === id)
  if (!found) throw new Error(`There is no SDK ${id}.`)
  return found
}
