import type { DiskForm } from './form.ts'
import { qcow2 } from './qcow2.ts'
import { vdi } from './vdi.ts'
import { vhd } from './vhd.ts'
import { vhdx } from './vhdx.ts'
import { vmdk } from './vmdk.ts'

/** Every form of a disk image, in the order in which they are tried; what is none of them is the disk itself. */
export const diskForms: readonly DiskForm[] = [qcow2, vmdk, vhdx, vdi, vhd]
