/*
 * A random order of 0 … n-1 of which any element can be had without making the others: a Feistel
 * network of eight rounds with Philox as round function permutes the numbers of 2h bits, the least
 * such range that holds n; what falls outside 0 … n-1 is sent through again until it falls inside
 * (cycle walking; Black & Rogaway, "Ciphers with arbitrary finite domains", CT-RSA 2002). A cycle of a
 * permutation that begins inside comes back inside, so the walk ends, after less than four steps on
 * average, and different indices end at different places.
 */
#include "study/permute.h"

#include <assert.h>

#include "study/random.h"

enum { ROUNDS = 8 };

uint64_t dt_permute(uint64_t seed, uint64_t identity, uint64_t count, uint64_t index)
{
    assert(index < count);
    unsigned half = 1;
    while (half < 32 && (count - 1) >> (2 * half) != 0)
        half++;
    const uint64_t mask = (UINT64_C(1) << half) - 1;
    assert(half == 32 || count - 1 <= (mask << half | mask));
    uint64_t place = index;
    do {
        uint64_t left = place >> half, right = place & mask;
        for (uint64_t round = 1; round <= ROUNDS; round++) {
            /* words 2 and 3 of the counter are never 0 here, as they always are for a draw */
            const uint64_t counter[4] = {right, identity, round, count}, key[2] = {seed, 0};
            uint64_t word[4];
            dt_philox(counter, key, word);
            const uint64_t next = left ^ (word[0] & mask);
            left = right;
            right = next;
        }
        place = left << half | right;
    } while (place >= count);
    return place;
}
