/*
 * Counter-based random numbers: Philox 4x64 with 10 rounds (Salmon, Moraes, Dror & Shaw, "Parallel
 * random numbers: as easy as 1, 2, 3", SC 2011) from their library Random123. The key is the seed,
 * the counter is the world and the name of what is drawn, so that nothing else (how many worlds,
 * which other parameters, which thread, which order) can change a number.
 */
#include "study/random.h"

#include <assert.h>
#include <string.h>

#include "base/hash.h"

#ifdef __wasm__ /* which Random123 doesn't know; of the processors that it does this one asks for nothing special */
#define __riscv              1
#define R123_USE_GNU_UINT128 1
#endif
#include <Random123/philox.h>
#include <Random123/u01fixedpt.h>

void dt_philox(const uint64_t counter[4], const uint64_t key[2], uint64_t word[4])
{
    const philox4x64_ctr_t at = {
        {counter[0], counter[1], counter[2], counter[3]}
    };
    const philox4x64_key_t with = {
        {key[0], key[1]}
    };
    const philox4x64_ctr_t found = philox4x64(at, with);
    for (int i = 0; i < 4; i++)
        word[i] = found.v[i];
}

/* Fowler, Noll & Vo's hash (public domain): simple enough to be the same for ever. */
uint64_t dt_identity(const char *name)
{
    return dt_hash_bytes(name, strlen(name));
}

double dt_random(uint64_t seed, uint64_t world, uint64_t identity)
{
    const uint64_t counter[4] = {world, identity, 0, 0}, key[2] = {seed, 0};
    uint64_t word[4];
    dt_philox(counter, key, word);
    const double number = u01fixedpt_open_open_64_double(word[0]);
    assert(number > 0 && number < 1);
    return number;
}
