/*
 * Numbers as the page writes them, digit by digit: the engine's sentences and the page's cards show the same number in
 * the same way (web/page/figures.ts is this file again, and test/lab/figures.mjs holds the two against each other).
 */
#ifndef DT_LAB_FIGURES_H
#define DT_LAB_FIGURES_H

#include "base/text.h"

typedef enum dt_scale {
    DT_SCALE_PROBABILITY, /* that a condition holds: in some period, or at the horizon */
    DT_SCALE_SHARE,       /* of the periods, on average */
    DT_SCALE_PERIOD,      /* when: from 1, past the horizon: never */
    DT_SCALE_PERIODS,     /* how many */
    DT_SCALE_NUMBER       /* anything else */
} dt_scale;

/* Whether it lies between 0 and 1: a probability or a share. */
bool dt_scale_is_share(dt_scale scale);

/* How numbers that stand together are written, so that they can be compared: counted alike, with as many decimals. */
typedef struct dt_figures {
    dt_scale scale;
    double
        per; /* of a share: so many in 100, 1 000, …; of a number: in ones, millions, …; 0: in powers of ten */
    int decimals;
} dt_figures;

enum { DT_MORE_DECIMALS = 4 }; /* to tell numbers apart, beyond those of one number alone */

/* The least figures by which those of `count` numbers that differ are written differently, and none but 0 and 1 are
 * written as these of a share; no more than `more` decimals beyond those of one number alone. NaN: left out. */
dt_figures dt_figures_of(dt_scale scale, const double *number, size_t count, int more);

/* "1 234.5", "−0.3", "1.2 × 10⁻⁷", "under 0.1": a number without what it is counted in. */
void dt_say_figure(dt_text *text, dt_figures figures, double number);

/* What shares and large numbers are counted in, behind the number: " in 1 000", " million", or nothing. */
void dt_say_counted(dt_text *text, dt_figures figures);

#endif
