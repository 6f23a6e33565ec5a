export const html = { name: 'html', async *write() {} }
