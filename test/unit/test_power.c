/*
 * Powers: the values that mathematics gives, their accuracy against the long doubles of the C library,
 * where these have eleven bits more, and their bits, which are the same on every machine.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <float.h>
#include <math.h>

#include "base/hash.h"
#include "base/power.h"

/* Of all the bits in test_bits, from powers worked out in 60 decimal digits and rounded once. */
static const uint64_t HASH = 0xb1b9ce46e29bedf9;

static uint64_t state = 1;

/* From 0 to 1. */
static double uniform(void)
{
    state = dt_mix(state + 0x9e3779b97f4a7c15ULL);
    return (double)(state >> 11) * 0x1p-53;
}

static void test_values(void **unused)
{
    (void)unused;
    static const struct {
        double base, exponent, power;
    } known[] = {
        {2,           10,      1024                    },
        {3,           4,       81                      },
        {-2,          3,       -8                      },
        {-2,          4,       16                      },
        {2,           -1,      0.5                     },
        {10,          15,      1e15                    },
        {2,           -1074,   4.94065645841246544e-324},
        {2,           1023,    0x1p1023                },
        {4,           0.5,     2                       },
        {2,           0.5,     1.41421356237309505     },
        {27,          1.0 / 3, 3                       }, /* 27^(1/3 - 1.85e-17) */
        {0,           3,       0                       },
        {0,           0,       1                       },
        {-7,          0,       1                       },
        {1,           1e300,   1                       },
        {1 + 0x1p-20, 0x1p20,  2.71828053228239608     },
        {0.5,         2000,    0                       },
        {2,           2000,    INFINITY                },
        {-2,          2001,    -INFINITY               },
        {0,           -1,      INFINITY                },
        {1.5,         DBL_MAX, INFINITY                },
        {0.99,        DBL_MAX, 0                       },
        {0x1p-1074,   0.5,     0x1p-537                },
        {0x1p-1074,   -1,      INFINITY                },
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        const double power = dt_raise(known[i].base, known[i].exponent);
        if (power != known[i].power && !(fabs(power / known[i].power - 1) <= DBL_EPSILON))
            fail_msg("%g to the power of %g is %.17g, not %.17g", known[i].base, known[i].exponent,
                     power, known[i].power);
    }
    static const double undefined[][2] = {
        {-8,          1.0 / 3    },
        {-1,          0.5        },
        {INFINITY,    -1         },
        {2,           INFINITY   },
        {(double)NAN, 0          },
        {1,           (double)NAN},
    };
    for (size_t i = 0; i < sizeof undefined / sizeof undefined[0]; i++)
        assert_true(isnan(dt_raise(undefined[i][0], undefined[i][1])));
}

/* A base of any size and an exponent that keeps the power within what a double can hold, often whole. */
static void draw(double *base, double *exponent)
{
    const double size = uniform() < 0.5 ? 2 : 300;
    *base = pow(10, size * (2 * uniform() - 1));
    *exponent = 600 * (2 * uniform() - 1) / fmax(fabs(log(*base)), 1);
    if (uniform() < 0.4)
        *exponent = rint(*exponent);
}

static void test_accuracy(void **unused)
{
    (void)unused;
    double worst = 0;
    for (int round = 0; round < 200000; round++) {
        double base, exponent;
        draw(&base, &exponent);
        const double power = dt_raise(base, exponent);
        const long double exact = powl(base, exponent);
        const double unit = nextafter(power, INFINITY) - power;
        const double error = (double)(fabsl(exact - power) / unit);
        if (LDBL_MANT_DIG > DBL_MANT_DIG && power >= DBL_MIN)
            worst = fmax(worst, error);
    }
    print_message("largest error: %.4f units in the last place\n", worst);
    assert_true(worst <= 0.51);
}

/* x² is the product, correctly rounded. */
static void test_squares(void **unused)
{
    (void)unused;
    for (int round = 0; round < 100000; round++) {
        const double x = (uniform() - 0.5) * pow(10, 200 * uniform() - 100);
        assert_true(dt_raise(x, 2) == x * x);
    }
}

/* Quotients of whole numbers, so that no library has a say in what is raised either. */
static void test_bits(void **unused)
{
    (void)unused;
    uint64_t sum = 0;
    for (int i = 1; i <= 300; i++) {
        for (int k = -40; k <= 40; k++) {
            const double power = dt_raise(i / 37.0, k / 8.0);
            uint64_t bits;
            memcpy(&bits, &power, sizeof bits);
            sum = dt_mix(sum ^ bits);
        }
    }
    if (sum != HASH)
        fail_msg("the bits are others: 0x%016llx", (unsigned long long)sum);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_accuracy),
        cmocka_unit_test(test_squares),
        cmocka_unit_test(test_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
