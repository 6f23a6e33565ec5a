/** Put in by the build; tests run the source as it is. */
declare const INQUEST_VERSION: string | undefined

export const VERSION: string = typeof INQUEST_VERSION === 'string' ? INQUEST_VERSION : '0.0.0-dev'
