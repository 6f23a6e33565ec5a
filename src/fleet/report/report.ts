export async function fleetReport(): Promise<never> { throw new Error('x') }
