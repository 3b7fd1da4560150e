/*
 * Which kernels run here is asked of the processor.
 */
#include "base/kernel.h"

dt_kernel dt_kernel_of(dt_kernel asked)
{
    bool runs[DT_KERNELS] = {[DT_KERNEL_PLAIN] = true};
#ifdef __x86_64__
    runs[DT_KERNEL_AVX2] = __builtin_cpu_supports("avx2");
    runs[DT_KERNEL_AVX512] = __builtin_cpu_supports("avx512f") &&
                             __builtin_cpu_supports("avx512dq") &&
                             __builtin_cpu_supports("avx512vl");
#endif
    if (asked != DT_KERNEL_AUTO)
        return (size_t)asked < DT_KERNELS && runs[asked] ? asked : DT_KERNEL_AUTO;
    dt_kernel fastest = DT_KERNEL_PLAIN;
    for (int k = DT_KERNEL_PLAIN; k < DT_KERNELS; k++)
        fastest = runs[k] ? (dt_kernel)k : fastest;
    return fastest;
}
