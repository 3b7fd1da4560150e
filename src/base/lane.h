/*
 * Lanes: one number for each of several worlds, side by side in a vector register. A source that
 * computes with lanes is a kernel source: it is compiled once for the processor at large and, on
 * x86-64, once more for AVX2 and for AVX-512, and its functions carry the kernel's name so that all
 * can be linked.
 * All operations are those of IEEE arithmetic, in the same order, never contracted; so a world's
 * bits depend neither on the kernel nor on its place or neighbours in a vector.
 *
 * A lane group of DT_WORLDS worlds is DT_PACKS vectors. Vectors are as wide as the registers are,
 * since gcc spills wider ones at every operation. Arrays of lanes are arrays of double whose last
 * index is the world in its group, whatever the kernel.
 */
#ifndef DT_BASE_LANE_H
#define DT_BASE_LANE_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __x86_64__
#include <immintrin.h>
#elif defined __wasm_simd128__
#include <wasm_simd128.h>
#endif

#include "base/arena.h"

#ifdef DT_FOR_AVX512
#define DT_KERNEL(name) name##_avx512
enum { DT_LANES = 8 };
#elif defined DT_FOR_AVX2
#define DT_KERNEL(name) name##_avx2
enum { DT_LANES = 4 };
#elif defined DT_FOR_ONE /* one world at a time; see pair.c */
#define DT_KERNEL(name) name##_one
enum { DT_LANES = 1, DT_WORLDS = 1 };
#else
#define DT_KERNEL(name) name##_plain
enum { DT_LANES = 2 };
#endif
#ifndef DT_FOR_ONE
enum { DT_WORLDS = 8 };
#endif
enum { DT_PACKS = DT_WORLDS / DT_LANES };

typedef double dt_lane __attribute__((vector_size(8 * DT_LANES)));
typedef int64_t dt_lane_mask __attribute__((vector_size(8 * DT_LANES))); /* each 0 or -1 */

#define DT_LANE_INLINE static inline __attribute__((always_inline, unused))

/* The first cache line in a block that has room for one more. */
static inline double *dt_first_line(void *block)
{
    const uintptr_t line = DT_WORLDS * sizeof(double);
    return (double *)(((uintptr_t)block + line - 1) & ~(line - 1));
}

/* `count` groups of DT_WORLDS zeros, each on a cache line of its own. */
static inline double *dt_new_worlds(dt_arena *arena, size_t count)
{
    return dt_first_line(dt_take(arena, count + 1, DT_WORLDS * sizeof(double)));
}

/* The same with anything in it: who works with it first touches it first. */
static inline double *dt_new_worlds_unset(dt_arena *arena, size_t count)
{
    size_t room = 0;
    return dt_first_line(dt_grow(arena, NULL, &room, 0, count + 1, DT_WORLDS * sizeof(double)));
}

DT_LANE_INLINE dt_lane dt_lane_all(double x)
{
    dt_lane all;
    for (int l = 0; l < DT_LANES; l++)
        all[l] = x;
    return all;
}

/* yes where the mask is set, else no */
DT_LANE_INLINE dt_lane dt_lane_select(dt_lane_mask mask, dt_lane yes, dt_lane no)
{
    return (dt_lane)((mask & (dt_lane_mask)yes) | (~mask & (dt_lane_mask)no));
}

/* x where the mask is set, else 0 */
DT_LANE_INLINE dt_lane dt_lane_where(dt_lane_mask mask, dt_lane x)
{
    return (dt_lane)(mask & (dt_lane_mask)x);
}

/* The processor's own instruction, `max` or `min`, if it has one. */
#if defined DT_FOR_AVX512
#define DT_LANE_OWN(which, a, b) _mm512_##which##_pd(a, b)
#elif defined DT_FOR_AVX2
#define DT_LANE_OWN(which, a, b) _mm256_##which##_pd(a, b)
#elif defined __x86_64__ && !defined DT_FOR_ONE
#define DT_LANE_OWN(which, a, b) _mm_##which##_pd(a, b)
#elif defined __wasm_simd128__ && !defined DT_FOR_ONE
#define DT_LANE_OWN(which, a, b) wasm_f64x2_p##which((v128_t)b, (v128_t)a)
#endif

/* As dt_greater and dt_lesser: b if either is NaN, or both are zero; so x86 and WebAssembly have it,
 * too. */
DT_LANE_INLINE dt_lane dt_lane_greater(dt_lane a, dt_lane b)
{
#ifdef DT_LANE_OWN
    return DT_LANE_OWN(max, a, b);
#else
    return dt_lane_select((dt_lane_mask)(a > b), a, b);
#endif
}

DT_LANE_INLINE dt_lane dt_lane_lesser(dt_lane a, dt_lane b)
{
#ifdef DT_LANE_OWN
    return DT_LANE_OWN(min, a, b);
#else
    return dt_lane_select((dt_lane_mask)(a < b), a, b);
#endif
}

DT_LANE_INLINE dt_lane dt_lane_abs(dt_lane x)
{
    return (dt_lane)((dt_lane_mask)x & INT64_MAX);
}

DT_LANE_INLINE bool dt_lane_any(dt_lane_mask mask)
{
#ifdef DT_FOR_AVX512
    return _mm512_movepi64_mask((__m512i)mask) != 0;
#elif defined DT_FOR_AVX2
    return _mm256_movemask_pd((dt_lane)mask) != 0;
#elif defined __wasm_simd128__ && !defined DT_FOR_ONE
    return wasm_v128_any_true((v128_t)mask);
#endif
    int64_t any = 0;
    for (int l = 0; l < DT_LANES; l++)
        any |= mask[l];
    return any != 0;
}

DT_LANE_INLINE bool dt_lane_every(dt_lane_mask mask)
{
    return !dt_lane_any(~mask);
}

#endif
