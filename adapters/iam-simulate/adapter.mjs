// @cloud-copilot/iam-simulate behind iamproof's protocol for evaluators (docs/protocol.md): JSON Lines in, JSON Lines out.
//
// It asks `runSimulation`, the function that the package documents. That function checks its input first: actions and resource types
// that AWS's services do not have, and policies that its own grammar refuses, are answered `error`, not a decision. Where the input itself is what
// the package cannot express, the answer is `unsupported`:
//
// - callers that are no ARN and not anonymous (services, SAML and web identity), credentials that are session tokens or expired, a role whose
//   path the session's ARN does not show, the user behind a federated session, a mark that a resource needs its policy;
// - more than one session policy, and SCPs around an anonymous caller;
// - actions, services and resource types that the package's data does not know;
// - resources with `*` or `?` in them, which the package takes for patterns, and the resource `*` for an action that has resources;
// - of the context keys that the policies name: those that the package's data does not list for the action, which it would leave out; a list
//   for a key that has one value there, of which it would take the first; and a text for a key that has a list, which it would make one.

import { createInterface } from 'node:readline'
import { anonymousPrincipal, isConditionKeyArray, runSimulation, typeForContextKey } from '@cloud-copilot/iam-simulate'

const DECISIONS = { Allowed: 'allow', ExplicitlyDenied: 'explicit-deny', ImplicitlyDenied: 'implicit-deny' }

// What the package says of input that is outside of its data.
const OUTSIDE = new Set(['invalid.service', 'invalid.action', 'no.resource.types', 'multiple.resource.types', 'must.use.wildcard'])

const named = (policies, name) => policies.map((policy, index) => ({ name: `${name}-${index + 1}`, policy }))
const levels = (sets, name) =>
  (sets ?? []).map((policies, index) => ({ orgIdentifier: `${name}-${index + 1}`, policies: named(policies, `${name}-${index + 1}`) }))

function principal(request) {
  if (request.principal === '*') return anonymousPrincipal
  return typeof request.principal === 'string' ? request.principal : undefined
}

// The owner: as given, else the ARN's account, else the caller's.
function owner(request) {
  const fifth = (arn) => (typeof arn === 'string' ? (arn.split(':')[4] ?? '') : '')
  const isAccount = (text) => /^[0-9]{12}$/.test(text)
  return request.resourceAccount ?? [fifth(request.resource), fifth(request.principal)].find(isAccount) ?? ''
}

// Whether the text of the policies has the name of a key, in an operator or a variable.
const isNamed = (policies, key) => policies.includes(JSON.stringify(key).slice(1, -1).toLowerCase())

// Whether a key comes as a list where the package's data has one value for it, or the reverse. Of a key that it does not know it says so by itself.
async function hasOtherArity([key, value]) {
  const type = await typeForContextKey(key).catch(() => undefined)
  return type !== undefined && isConditionKeyArray(type) !== Array.isArray(value)
}

const text = (value) => (Array.isArray(value) ? value.map(String) : String(value))

async function decide(policies, request) {
  const caller = principal(request)
  const cannotExpress =
    caller === undefined ||
    request.credential === 'session-token' ||
    request.expired === true ||
    request.role !== undefined ||
    request.federating !== undefined ||
    request.policyRequired === true ||
    (policies.session?.length ?? 0) > 1 ||
    // The package refuses them as input, since they do not apply.
    (caller === anonymousPrincipal && policies.scps !== undefined) ||
    (request.resource !== '*' && /[*?]/.test(request.resource))
  if (cannotExpress) return 'unsupported'
  const context = request.context ?? {}
  const words = JSON.stringify(policies).toLowerCase()
  const asked = Object.entries(context).filter(([key]) => isNamed(words, key))
  const arities = await Promise.all(asked.map(hasOtherArity))
  if (arities.includes(true)) return 'unsupported'
  const simulation = {
    request: {
      principal: caller,
      action: request.action,
      resource: { resource: request.resource, accountId: owner(request) },
      contextVariables: Object.fromEntries(Object.entries(context).map(([key, value]) => [key, text(value)]))
    },
    sessionPolicy: policies.session?.[0],
    identityPolicies: named(policies.identity ?? [], 'identity'),
    serviceControlPolicies: levels(policies.scps, 'scp'),
    resourceControlPolicies: levels(policies.rcps, 'rcp'),
    resourcePolicy: policies.resource,
    permissionBoundaryPolicies: policies.boundary ? named([policies.boundary], 'boundary') : undefined,
    vpcEndpointPolicies: policies.endpoint ? named([policies.endpoint], 'endpoint') : undefined
  }
  const answer = await runSimulation(simulation, { simulationMode: 'Strict' })
  if (answer.resultType === 'error') {
    const { message, ...details } = answer.errors
    if (OUTSIDE.has(message)) return 'unsupported'
    if (message === 'policy.errors') return `error: V-POLICY ${JSON.stringify(details)}`
    return `error: ${message}`
  }
  // For the resource `*` of an action that has resources, the package answers for the patterns of the policies.
  if (answer.resultType === 'wildcard') return 'unsupported'
  const ignored = answer.result.ignoredContextKeys ?? []
  if (ignored.some((key) => isNamed(words, key))) return 'unsupported'
  return DECISIONS[answer.overallResult] ?? `error: ${answer.overallResult}`
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  if (line.trim() === '') continue
  const { id, policies, requests } = JSON.parse(line)
  const decisions = []
  for (const request of requests) {
    try {
      decisions.push(await decide(policies, request))
    } catch (error) {
      decisions.push(`error: ${error?.message ?? error}`)
    }
  }
  process.stdout.write(`${JSON.stringify({ id, decisions })}\n`)
}
