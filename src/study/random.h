/*
 * Random numbers without a state: each is a function of a counter and a key, so that any of them
 * can be had at any time, by any thread, in any order.
 */
#ifndef DT_STUDY_RANDOM_H
#define DT_STUDY_RANDOM_H

#include <stdint.h>

/* Philox 4x64-10: four random words for a counter and a key. */
void dt_philox(const uint64_t counter[4], const uint64_t key[2], uint64_t word[4]);

/* What a name is known by to dt_random: its FNV-1a hash of 64 bits. */
uint64_t dt_identity(const char *name);

/* The number of the thing `identity` in world `world` of seed `seed`: in (0, 1), an odd multiple of
 * 2^-53, so that what it leaves of 1 is exact too. */
double dt_random(uint64_t seed, uint64_t world, uint64_t identity);

#endif
