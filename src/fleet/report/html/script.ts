/** Filters and sorts the list of hosts. The page tells all without it. */
export const SCRIPT = `
const table = document.getElementById('hosts'), body = table.tBodies[0], rows = [...body.rows]
const words = document.getElementById('words'), kind = document.getElementById('kind'), count = document.getElementById('count')
const texts = rows.map(row => row.textContent.toLowerCase())
function filter() {
  const wanted = words.value.toLowerCase().split(/\\s+/).filter(Boolean)
  let shown = 0
  rows.forEach((row, index) => {
    const fits = (kind.value === '' || row.dataset.kind === kind.value) && wanted.every(word => texts[index].includes(word))
    row.hidden = !fits
    if (fits) shown++
  })
  count.textContent = shown + ' of ' + rows.length + ' hosts shown'
}
words.addEventListener('input', filter)
kind.addEventListener('change', filter)
const order = new Intl.Collator('en', { numeric: true })
table.tHead.addEventListener('click', event => {
  const head = event.target.closest('th')
  if (!head) return
  const column = head.cellIndex, down = head.getAttribute('aria-sort') === 'ascending'
  for (const other of head.parentNode.cells) other.removeAttribute('aria-sort')
  head.setAttribute('aria-sort', down ? 'descending' : 'ascending')
  const key = row => row.cells[column].dataset.key ?? row.cells[column].textContent
  const sorted = rows.map(row => [key(row), row]).sort((a, b) => (a[0] === '') - (b[0] === '') || (down ? -1 : 1) * order.compare(a[0], b[0]))
  body.append(...sorted.map(each => each[1]))
})
filter()
`
