/*
 * Kernels: the same source compiled for several kinds of processors (lane.h). All give the same bits;
 * which one runs is a matter of speed.
 */
#ifndef DT_BASE_KERNEL_H
#define DT_BASE_KERNEL_H

#include "detente.h"

enum { DT_KERNELS = DT_KERNEL_AVX512 + 1 };

/* The kernel that is meant: the fastest one here for DT_KERNEL_AUTO, else the one that is asked for;
 * DT_KERNEL_AUTO if that doesn't run here, or isn't one. */
dt_kernel dt_kernel_of(dt_kernel asked);

/* Tables of what is compiled for each kernel, of `type`: name_plain, name_avx2, name_avx512. */
#ifdef __x86_64__
#define DT_KERNEL_TABLE(type, name)                                                                \
    extern const type name##_plain, name##_avx2, name##_avx512;                                    \
    static const type *const name##_table[DT_KERNELS] = {NULL, &name##_plain, &name##_avx2,        \
                                                         &name##_avx512}
#else
#define DT_KERNEL_TABLE(type, name)                                                                \
    extern const type name##_plain;                                                                \
    static const type *const name##_table[DT_KERNELS] = {NULL, &name##_plain, NULL, NULL}
#endif

#endif
