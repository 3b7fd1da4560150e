/*
 * Random numbers by Philox: the key is seed and purpose, the counter the number of the resample and
 * the block of four words. A word w becomes one of n things as the upper half of w n, whose bias,
 * below n/2^64, nobody can see.
 *
 * The bootstrap is Efron's (1979): what is computed of the sample is computed again of as many points
 * drawn from it with replacement. It is paired: a point is drawn for all policies at once, so that
 * what the worlds have in common doesn't count as noise.
 */
#include "robust/resample.h"

#include <assert.h>
#include <string.h>

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>

#include "study/random.h"

__extension__ typedef unsigned __int128 wide;

/* Words one after the other. */
typedef struct stream {
    uint64_t key[2], counter[4], word[4];
    int left;
} stream;

static stream open_stream(uint64_t seed, dt_purpose purpose, uint64_t number)
{
    /* draws of worlds have 0 as the second word of their key */
    return (stream){
        .key = {seed, dt_identity("resample") + (uint64_t)purpose},
          .counter = {0,    number                                     }
    };
}

/* One of 0 … count-1. */
static size_t draw(stream *from, size_t count)
{
    if (from->left == 0) {
        dt_philox(from->counter, from->key, from->word);
        from->counter[0]++;
        from->left = 4;
    }
    const uint64_t word = from->word[--from->left];
    const size_t drawn = (size_t)((wide)word * count >> 64);
    assert(drawn < count);
    return drawn;
}

void dt_resample(uint64_t seed, dt_purpose purpose, uint64_t number, size_t points, uint32_t *times)
{
    stream from = open_stream(seed, purpose, number);
    memset(times, 0, points * sizeof *times);
    for (size_t n = 0; n < points; n++)
        times[draw(&from, points)]++;
}

void dt_shuffle(uint64_t seed, dt_purpose purpose, uint64_t number, size_t points, size_t *order)
{
    stream from = open_stream(seed, purpose, number);
    for (size_t n = 0; n < points; n++)
        order[n] = n;
    for (size_t n = 0; n + 1 < points; n++) {
        const size_t other = n + draw(&from, points - n), kept = order[n];
        assert(other >= n && other < points);
        order[n] = order[other];
        order[other] = kept;
    }
}

void dt_interval(double *number, size_t count, double *low, double *high)
{
    assert(count > 0);
    gsl_sort(number, 1, count);
    *low = gsl_stats_quantile_from_sorted_data(number, 1, count, 0.025);
    *high = gsl_stats_quantile_from_sorted_data(number, 1, count, 0.975);
}
