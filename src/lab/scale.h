/*
 * What an outcome's number is counted in, and numbers in words: a probability isn't said as a number
 * of periods is.
 */
#ifndef DT_LAB_SCALE_H
#define DT_LAB_SCALE_H

#include "model/model.h"

typedef enum dt_scale {
    DT_SCALE_PROBABILITY, /* that a condition holds: in some period, or at the horizon */
    DT_SCALE_SHARE,       /* of the periods, on average */
    DT_SCALE_PERIOD,      /* when: from 1, past the horizon: never */
    DT_SCALE_PERIODS,     /* how many */
    DT_SCALE_NUMBER       /* anything else */
} dt_scale;

dt_scale dt_scale_of(const dt_model *model, int outcome);

/* Whether it lies between 0 and 1: a probability or a share. */
bool dt_scale_is_share(dt_scale scale);

/* "probability", "share", "period", "periods", "number". */
const char *dt_scale_word(dt_scale scale);

/* The least decimals by which those of `count` numbers of an outcome that differ are said differently,
 * and which none but 0 are said to be 0 by; at most 4 more than are said of one number alone. */
int dt_say_decimals(const dt_model *model, int outcome, const double *number, size_t count);

/* A number in words: of a probability or a share "7.2 in 100", of a period "quarter 7.3" or "never", of
 * periods "3.1 quarters", else as it is. `decimals` as dt_say_decimals has found them. */
void dt_say_outcome(dt_text *text, const dt_model *model, int outcome, double number, int decimals);
/* The same of the size of a difference: "0.9 in 100", "1.2 quarters". */
void dt_say_size(dt_text *text, const dt_model *model, int outcome, double number, int decimals);
/* "(1.2 to 5.0)": without what they are counted in. */
void dt_say_band(dt_text *text, const dt_model *model, int outcome, double low, double high,
                 int decimals);

/* What something is called: its description, or its name. */
const char *dt_title_of(const dt_named *is);

#endif
