// AssemblyScript. Bob Jenkins' lookup3 as ../../lookup3.ts has it, the primary half on top; three more bytes than there are may be read.

// @ts-ignore: decorator
@inline
function few(at: usize, left: i32): u32 {
  return left >= 4 ? load<u32>(at) : left <= 0 ? 0 : load<u32>(at) & ((<u32>1 << (8 * left)) - 1)
}

export function lookup3(from: usize, length: i32): u64 {
  let a: u32 = 0xdeadbeef + <u32>length
  let b: u32 = a
  let c: u32 = a
  let at = from
  let left = length
  while (left > 12) {
    a += load<u32>(at)
    b += load<u32>(at, 4)
    c += load<u32>(at, 8)
    a = (a - c) ^ rotl<u32>(c, 4)
    c += b
    b = (b - a) ^ rotl<u32>(a, 6)
    a += c
    c = (c - b) ^ rotl<u32>(b, 8)
    b += a
    a = (a - c) ^ rotl<u32>(c, 16)
    c += b
    b = (b - a) ^ rotl<u32>(a, 19)
    a += c
    c = (c - b) ^ rotl<u32>(b, 4)
    b += a
    at += 12
    left -= 12
  }
  if (left > 0) {
    a += few(at, left)
    b += few(at + 4, left - 4)
    c += few(at + 8, left - 8)
    c = (c ^ b) - rotl<u32>(b, 14)
    a = (a ^ c) - rotl<u32>(c, 11)
    b = (b ^ a) - rotl<u32>(a, 25)
    c = (c ^ b) - rotl<u32>(b, 16)
    a = (a ^ c) - rotl<u32>(c, 4)
    b = (b ^ a) - rotl<u32>(a, 14)
    c = (c ^ b) - rotl<u32>(b, 24)
  }
  return (<u64>c << 32) | b
}
