// The adapter without the package: a module in its place says what it was asked. `node --test adapters/iam-simulate/adapter.test.mjs`.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'

// What stands in for the package: the answer is the one that the action asks for, the question goes to standard error.
const PACKAGE = `
export const anonymousPrincipal = 'anonymous'
const TYPES = { 'aws:tagkeys': 'ArrayOfString', 'aws:username': 'String' }
export const isConditionKeyArray = (type) => type.startsWith('ArrayOf')
export async function typeForContextKey(key) {
  const type = TYPES[key.toLowerCase()]
  if (type === undefined) throw new Error('not found')
  return type
}
export async function runSimulation(simulation, options) {
  process.stderr.write(JSON.stringify({ simulation, options }) + '\\n')
  const name = simulation.request.action.split(':')[1]
  if (name === 'Throws') throw new Error('no')
  if (name === 'Wildcard') return { resultType: 'wildcard' }
  if (name === 'Ignores') return { resultType: 'single', overallResult: 'Allowed', result: { ignoredContextKeys: ['svc:x'] } }
  if (name.includes('.')) return { resultType: 'error', errors: { message: name } }
  return { resultType: 'single', overallResult: name, result: {} }
}
`

const folder = mkdtempSync(join(tmpdir(), 'adapter-'))
after(() => rmSync(folder, { recursive: true }))
const home = join(folder, 'node_modules', '@cloud-copilot', 'iam-simulate')
mkdirSync(home, { recursive: true })
writeFileSync(join(home, 'package.json'), JSON.stringify({ name: '@cloud-copilot/iam-simulate', type: 'module', exports: './index.js' }))
writeFileSync(join(home, 'index.js'), PACKAGE)
copyFileSync(join(dirname(fileURLToPath(import.meta.url)), 'adapter.mjs'), join(folder, 'adapter.mjs'))

const request = (more = {}) => ({
  principal: 'arn:aws:iam::111122223333:user/alice',
  action: 's3:Allowed',
  resource: 'arn:aws:s3:::b/k',
  context: {},
  ...more
})

// A policy whose conditions ask for these keys.
const naming = (...keys) => ({ identity: [{ Condition: { StringEquals: Object.fromEntries(keys.map((key) => [key, 'x'])) } }] })

function run(input) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, 'adapter.mjs')], { input, encoding: 'utf8' })
  return { status, answers: stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line)), stderr }
}

function decide(policies, ...requests) {
  const { answers, stderr } = run(JSON.stringify({ id: 7, policies, requests }) + '\n')
  assert.equal(answers.length, 1)
  assert.equal(answers[0].id, 7)
  return { decisions: answers[0].decisions, asked: stderr.split('\n').filter(Boolean).map((line) => JSON.parse(line)) }
}

test('the three results are the three decisions, and an exception is an error', () => {
  const actions = ['Allowed', 'ExplicitlyDenied', 'ImplicitlyDenied', 'Throws', 'policy.errors', 'other.error']
  const { decisions } = decide({}, ...actions.map((name) => request({ action: `s3:${name}` })))
  assert.deepEqual(decisions, ['allow', 'explicit-deny', 'implicit-deny', 'error: no', 'error: V-POLICY {}', 'error: other.error'])
})

test('what is outside of the data, and keys that are left out, are no decision', () => {
  const actions = ['invalid.action', 'invalid.service', 'no.resource.types', 'Wildcard', 'Ignores']
  const { decisions } = decide(naming('svc:x'), ...actions.map((name) => request({ action: `s3:${name}` })))
  assert.deepEqual(decisions, actions.map(() => 'unsupported'))
  assert.deepEqual(decide(naming('svc:y'), request({ action: 's3:Ignores' })).decisions, ['allow'])
})

test('what the package cannot be told is not asked', () => {
  const odd = [
    { principal: { Service: 'ec2.amazonaws.com' } },
    { credential: 'session-token' },
    { expired: true },
    { role: 'arn:aws:iam::111122223333:role/eng/app' },
    { policyRequired: true },
    { resource: 'arn:aws:s3:::b/*' }
  ]
  const { decisions, asked } = decide({}, ...odd.map(request))
  assert.deepEqual([decisions, asked], [odd.map(() => 'unsupported'), []])
  assert.deepEqual(decide({ session: [{}, {}] }, request()).decisions, ['unsupported'])
  assert.deepEqual(decide({ scps: [[]] }, request({ principal: '*' })).decisions, ['unsupported'])
})

test('a key that has a list elsewhere, or one value, is not asked about where a policy names it', () => {
  const odd = [{ 'aws:TagKeys': 'red' }, { 'aws:username': ['alice'] }, { 'aws:username': [] }].map((context) => request({ context }))
  for (const policies of [naming('AWS:tagkeys', 'aws:UserName'), { identity: [{ Resource: '${AWS:tagkeys}${aws:UserName}' }] }]) {
    const { decisions, asked } = decide(policies, ...odd)
    assert.deepEqual([decisions, asked], [odd.map(() => 'unsupported'), []])
  }
  assert.deepEqual(decide(naming('svc:x'), ...odd).decisions, odd.map(() => 'allow'))
  const fitting = request({ context: { 'AWS:tagkeys': ['red'], 'aws:UserName': 'alice', 'svc:unknown': ['x'] } })
  assert.deepEqual(decide(naming('aws:TagKeys', 'aws:username', 'svc:unknown'), fitting).decisions, ['allow'])
})

test('every layer, the owner and the context arrive where the package looks for them', () => {
  const layer = (name) => ({ Id: name })
  const policies = {
    identity: [layer('identity')],
    boundary: layer('boundary'),
    session: [layer('session')],
    resource: layer('resource'),
    scps: [[layer('root')], [layer('account')]],
    rcps: [[layer('rcp')]],
    endpoint: layer('endpoint')
  }
  const { asked } = decide(policies, request({ context: { 'aws:MultiFactorAuthAge': 5, 'aws:TagKeys': ['a', 1] } }))
  const { simulation, options } = asked[0]
  assert.deepEqual(options, { simulationMode: 'Strict' })
  assert.deepEqual(simulation.request, {
    principal: 'arn:aws:iam::111122223333:user/alice',
    action: 's3:Allowed',
    resource: { resource: 'arn:aws:s3:::b/k', accountId: '111122223333' },
    contextVariables: { 'aws:MultiFactorAuthAge': '5', 'aws:TagKeys': ['a', '1'] }
  })
  const ids = (listed) => listed.map(({ policy }) => policy.Id)
  assert.deepEqual(ids(simulation.identityPolicies), ['identity'])
  assert.deepEqual(ids(simulation.permissionBoundaryPolicies), ['boundary'])
  assert.deepEqual(ids(simulation.vpcEndpointPolicies), ['endpoint'])
  assert.deepEqual(simulation.serviceControlPolicies.map((level) => ids(level.policies)), [['root'], ['account']])
  assert.deepEqual(simulation.resourceControlPolicies.map((level) => ids(level.policies)), [['rcp']])
  assert.deepEqual([simulation.sessionPolicy.Id, simulation.resourcePolicy.Id], ['session', 'resource'])
})

test('the owner is as given, else as in the ARN, and everybody is the anonymous caller', () => {
  const { asked } = decide(
    {},
    request({ resourceAccount: '444455556666' }),
    request({ resource: 'arn:aws:sqs:eu-west-1:777788889999:q' }),
    request({ principal: '*' })
  )
  const owners = asked.map(({ simulation }) => simulation.request.resource.accountId)
  assert.deepEqual(owners.slice(0, 2), ['444455556666', '777788889999'])
  assert.equal(asked[2].simulation.request.principal, 'anonymous')
})

test('an empty line is passed over, and one that is no JSON ends the program', () => {
  assert.deepEqual(run('\n'), { status: 0, answers: [], stderr: '' })
  const { status, answers } = run('allow?\n')
  assert.notEqual(status, 0)
  assert.deepEqual(answers, [])
})
