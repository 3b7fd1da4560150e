/*
 * What an outcome's number is counted in, and numbers in words: a probability isn't said as a number
 * of periods is.
 */
#ifndef DT_LAB_SCALE_H
#define DT_LAB_SCALE_H

#include "lab/figures.h"
#include "model/model.h"

dt_scale dt_scale_of(const dt_model *model, int outcome);

/* "probability", "share", "period", "periods", "number". */
const char *dt_scale_word(dt_scale scale);

/* How `count` numbers of an outcome that stand together are written. */
dt_figures dt_figures_of_outcome(const dt_model *model, int outcome, const double *number,
                                 size_t count);

/* A number in words: of a probability or a share "7.2 in 100", of a period "quarter 7.3" or "never", of
 * periods "3.1 quarters", else as it is. */
void dt_say_outcome(dt_text *text, const dt_model *model, dt_figures figures, double number);
/* The same of the size of a difference: "0.9 in 100", "1.2 quarters". */
void dt_say_size(dt_text *text, const dt_model *model, dt_figures figures, double number);
/* "(1.2 to 5.0)": without what they are counted in. */
void dt_say_band(dt_text *text, const dt_model *model, dt_figures figures, double low, double high);

/* What something is called: its description, or its name. */
const char *dt_title_of(const dt_named *is);

#endif
