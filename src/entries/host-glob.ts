/** `--host web-*`: `*` and `?` as in a shell; letter case does not count in host names. */
export function hostGlob(glob: string): (host: string | null) => boolean {
  const source = glob
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.')
  const pattern = new RegExp(`^${source}$`, 'i')
  return host => host !== null && pattern.test(host)
}
