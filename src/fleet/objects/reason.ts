/** What the clients throw, of which each has its own kind. */
interface Thrown {
  name?: string
  message?: string
  /** Azure and Google: a word, or the status. */
  code?: string | number
  statusCode?: number
  $metadata?: { httpStatusCode?: number }
}

const DENIED = 'access is denied'
const EXPIRED = 'the credentials have expired, or are not valid'
const CHANGED = 'changed since the fleet was planned; run again for what it holds now'
/** Of a generation that was written over, Google says what it says of an object that was deleted. */
const GONE = 'is no longer there, or only in another version'
const COLD = 'lies in cold storage: restore it first'
const NOBODY = 'no credentials were found in the environment'

/** By the providers' own error codes (S3 "List of error codes", Blob "Error codes", RFC 6749 5.2 of Google's token endpoint). */
const REASONS: Readonly<Record<string, string>> = {
  ExpiredToken: EXPIRED,
  ExpiredTokenException: EXPIRED,
  TokenRefreshRequired: EXPIRED,
  InvalidToken: EXPIRED,
  InvalidAccessKeyId: EXPIRED,
  SignatureDoesNotMatch: EXPIRED,
  AuthenticationFailed: EXPIRED,
  InvalidAuthenticationInfo: EXPIRED,
  invalid_grant: EXPIRED,
  AccessDenied: DENIED,
  NoSuchBucket: 'there is no such bucket',
  ContainerNotFound: 'there is no such container',
  InvalidObjectState: COLD,
  BlobArchived: COLD,
  CredentialsProviderError: NOBODY,
  CredentialUnavailableError: NOBODY,
  AggregateAuthenticationError: NOBODY,
  ENOTFOUND: 'the store was not found (no such host name)',
  ECONNREFUSED: 'the store refuses the connection',
}

const STATUSES: Readonly<Record<number, string>> = { 401: EXPIRED, 403: DENIED, 404: GONE, 412: CHANGED, 416: CHANGED }

/** Why a store did not give what was asked for, as a clause. */
export function storeReason(error: unknown): string {
  const { name = '', message = String(error), code = '' } = error as Thrown // whatever was thrown: all may be missing
  return REASONS[code] ?? REASONS[name] ?? STATUSES[statusOf(error) ?? 0] ?? message.split('\n')[0] ?? message
}

/** HTTP status of an answer; null where none came, or broke off. */
export function statusOf(error: unknown): number | null {
  const { $metadata, statusCode, code } = error as Thrown // as above
  const status = $metadata?.httpStatusCode ?? statusCode ?? (typeof code === 'number' ? code : undefined)
  return status !== undefined && status >= 400 ? status : null
}
