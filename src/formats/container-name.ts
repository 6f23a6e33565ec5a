/**
 * The container whose output a file holds, by the file's name, as the runtimes choose it:
 *
 *     /var/log/containers/POD_NAMESPACE_CONTAINER-ID.log
 *     /var/log/pods/NAMESPACE_POD_UID/CONTAINER/0.log
 *     /var/lib/docker/containers/ID/ID-json.log
 */
export function containerOf(path: string): string {
  const named = /containers\/([^/]+?)_[^/_]+_([^/_]+)-[0-9a-f]{64}\.log/.exec(path)
  if (named) return `${named[1]}/${named[2]}`
  const pod = /pods\/[^/]*?_([^/_]+)_[^/]+\/([^/]+)\/\d+\.log/.exec(path)
  if (pod) return `${pod[1]}/${pod[2]}`
  return /([0-9a-f]{12})[0-9a-f]{52}-json\.log/.exec(path)?.[1] ?? 'unnamed'
}
