/*
 * Permutations without a state: any element of a random order can be had at any time.
 */
#ifndef DT_STUDY_PERMUTE_H
#define DT_STUDY_PERMUTE_H

#include <stdint.h>

/* Where `index` comes to stand in a random order of 0 … count-1, index < count: the order is fixed by
 * the seed, the count and `identity`. Takes the same time wherever the index stands. */
uint64_t dt_permute(uint64_t seed, uint64_t identity, uint64_t count, uint64_t index);

#endif
