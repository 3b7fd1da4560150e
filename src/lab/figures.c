/*
 * Numbers as text. A probability is said as so many in a hundred: frequencies are understood where percentages and
 * decimals mislead (Gigerenzer and Hoffrage 1995, "How to improve Bayesian reasoning without instruction",
 * Psychological Review 102:684-704). Numbers that stand together have one denominator, as many in a thousand can't be
 * compared with so many in a hundred at a glance. No more decimals are written than tell the numbers apart, one if the
 * largest share is a few, as 2 for 1.5 against 1 for 0.9 would say another ratio, and none is said to be nothing, or certain, that isn't. Every step is arithmetic that the page repeats to the last bit: halves are
 * rounded away from zero, and powers of ten are products.
 */
#include "lab/figures.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "detente.h"

static const double TINY = 1e-4, MILLION = 1e6, HUGE_NUMBER = 1e15; /* of plain numbers */
static const double RAREST = 1e6; /* a share is counted in no more than a million */
static const double SHOWS = 0.95; /* from here on a number without decimals is at least 1 */
static const double FEW = 5; /* below it a share without decimals is too coarse to be compared */
static const double EXACT = 9e15;     /* the largest that is counted in last digits */
static const char SPACE[] = "\u202f"; /* narrow, not to be broken: between thousands */

enum { ROOM = 96, THREE_DIGITS = 2, MOST_DECIMALS = 6, MOST_POWER = 300 };

bool dt_scale_is_share(dt_scale scale)
{
    return scale == DT_SCALE_PROBABILITY || scale == DT_SCALE_SHARE;
}

static double power_of_ten(int n)
{
    double power = 1;
    for (int i = 0; i < n; i++)
        power *= 10;
    return power;
}

/* How many of the last digit a size has. */
static double in_last_digits(double size, int decimals)
{
    return floor(size * power_of_ten(decimals) + 0.5);
}

/* "12 345.60" of `count` last digits. */
static void write_digits(char *out, double count, int decimals)
{
    assert(count >= 0 && count <= 10 * EXACT);
    const uint64_t unit = (uint64_t)power_of_ten(decimals), all = (uint64_t)count;
    char whole[32];
    const int digits = snprintf(whole, sizeof whole, "%" PRIu64, all / unit);
    char *at = out;
    for (int i = 0; i < digits; i++) {
        *at++ = whole[i];
        if (i + 1 < digits && (digits - i - 1) % 3 == 0)
            at += sprintf(at, "%s", SPACE);
    }
    *at = '\0';
    if (decimals > 0)
        sprintf(at, ".%0*" PRIu64, decimals, all % unit);
}

/* "1.2 × 10⁻⁷". */
static void write_power(char *out, double size, int decimals)
{
    static const char *const raised[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
    int exponent = 0;
    if (size >= 1)
        while (size / power_of_ten(exponent + 1) >= 1 && exponent < MOST_POWER)
            exponent++;
    else
        while (size * power_of_ten(-exponent) < 1 && exponent > -MOST_POWER)
            exponent--;
    const double digits =
        exponent < 0 ? size * power_of_ten(-exponent) : size / power_of_ten(exponent);
    double count = in_last_digits(digits, decimals);
    if (count >= power_of_ten(decimals + 1)) { /* 9.96 is 10 */
        count = power_of_ten(decimals);
        exponent++;
    }
    write_digits(out, count, decimals);
    strcat(out, exponent < 0 ? " × 10⁻" : " × 10");
    char plain[16];
    snprintf(plain, sizeof plain, "%d", exponent < 0 ? -exponent : exponent);
    for (const char *c = plain; *c; c++)
        strcat(out, raised[*c - '0']);
}

/* In what it is counted. */
static double counted(dt_figures f, double number)
{
    return dt_scale_is_share(f.scale) ? number * f.per : f.per > 0 ? number / f.per : number;
}

/* A number as it is written, of at most ROOM bytes; whether it is so as it stands: not "under" or "over". */
static bool write_figure(char *out, dt_figures f, double number)
{
    if (!isfinite(number)) {
        strcpy(out, "no number");
        return true;
    }
    const double x = counted(f, number), size = fabs(x);
    const char *sign = x < 0 ? "−" : "";
    if (dt_better(size, 0, 1) == 0 && f.per > 0) {
        strcpy(out, "0");
        if (f.decimals > 0)
            write_digits(out, 0, f.decimals);
        return true;
    }
    strcpy(out, sign);
    if (f.per == 0) {
        if (number == 0)
            strcpy(out, "0");
        else
            write_power(out + strlen(out), size, f.decimals);
        return true;
    }
    const double count = in_last_digits(size, f.decimals), all = f.per * power_of_ten(f.decimals);
    if (count == 0) {
        strcpy(out, x < 0 ? "0" : "under ");
        if (x > 0)
            write_digits(out + strlen(out), 1, f.decimals);
        return false;
    }
    if (dt_scale_is_share(f.scale) && count == all && dt_better(x, f.per, f.per) != 0) {
        strcpy(out, "over ");
        write_digits(out + strlen(out), all - 1, f.decimals);
        return false;
    }
    write_digits(out + strlen(out), count, f.decimals);
    return true;
}

static double largest_of(const double *number, size_t count)
{
    double largest = 0;
    for (size_t i = 0; i < count; i++)
        largest = isfinite(number[i]) ? fmax(largest, fabs(number[i])) : largest;
    return largest;
}

static double per_of(dt_scale scale, double largest)
{
    double per = 1;
    if (dt_scale_is_share(scale)) {
        for (per = 100; per < RAREST && largest > 0 && largest * per < SHOWS;)
            per *= 10;
    } else if (scale == DT_SCALE_NUMBER && largest > 0) {
        if (largest < TINY || largest >= HUGE_NUMBER)
            return 0;
        for (double large = MILLION; large < HUGE_NUMBER && largest >= large; large *= 1000)
            per = large;
    }
    return per;
}

/* Decimals of one number alone: three digits, or what its scale has. */
static int plain_decimals(dt_figures f, double largest)
{
    if (dt_scale_is_share(f.scale))
        return largest > 0 && counted(f, largest) < FEW ? 1 : 0;
    if (f.scale != DT_SCALE_NUMBER || f.per == 0)
        return 1;
    if (largest == 0)
        return 0;
    int decimals = THREE_DIGITS;
    double x = largest / f.per;
    for (; x >= 10 && decimals > 0; decimals--)
        x /= 10;
    for (; x < 1 && decimals < MOST_DECIMALS; decimals++)
        x *= 10;
    return decimals;
}

/* Whether every number is written as what it is, and those that differ are written differently. */
static bool told(dt_figures f, const double *number, size_t count)
{
    char one[ROOM], other[ROOM];
    for (size_t i = 0; i < count; i++) {
        if (isfinite(number[i]) && !write_figure(one, f, number[i]))
            return false;
        for (size_t j = 0; j < i; j++) {
            if (!isfinite(number[i]) || !isfinite(number[j]) ||
                dt_better(number[i], number[j], fmax(fabs(number[i]), fabs(number[j]))) == 0)
                continue;
            write_figure(other, f, number[j]);
            if (strcmp(one, other) == 0)
                return false;
        }
    }
    return true;
}

/* Whether no number needs its last decimal. */
static bool ends_in_zeros(dt_figures f, const double *number, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const double size = isfinite(number[i]) ? fabs(counted(f, number[i])) : 0;
        if (in_last_digits(size, f.decimals) != 10 * in_last_digits(size, f.decimals - 1))
            return false;
    }
    return true;
}

dt_figures dt_figures_of(dt_scale scale, const double *number, size_t count, int more)
{
    const double largest = largest_of(number, count);
    dt_figures f = {.scale = scale, .per = per_of(scale, largest)};
    const int least = plain_decimals(f, largest);
    const double size = f.per > 0 ? counted(f, largest) : 1;
    f.decimals = least;
    while (!told(f, number, count) && f.decimals < least + more &&
           size * power_of_ten(f.decimals + 1) < EXACT)
        f.decimals++;
    while (f.per > 0 && f.decimals > 0 && ends_in_zeros(f, number, count))
        f.decimals--;
    return f;
}

void dt_say_figure(dt_text *text, dt_figures figures, double number)
{
    char out[ROOM];
    write_figure(out, figures, number);
    dt_text_print(text, "%s", out);
}

void dt_say_counted(dt_text *text, dt_figures f)
{
    if (dt_scale_is_share(f.scale)) {
        char out[ROOM];
        write_digits(out, f.per, 0);
        dt_text_print(text, " in %s", out);
    } else if (f.scale == DT_SCALE_NUMBER && f.per > 1) {
        dt_text_print(text, f.per < 1e9 ? " million" : f.per < 1e12 ? " billion" : " trillion");
    }
}
