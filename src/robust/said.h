/*
 * What a diagnosis of a study and a referee of a model both establish and say: what a number rests on, the band
 * of numbers that are drawn, and names in a sentence.
 */
#ifndef DT_ROBUST_SAID_H
#define DT_ROBUST_SAID_H

#include "base/text.h"
#include "detente.h"

/* What the value of a parameter rests on. */
typedef enum dt_ground_of_number {
    DT_RESTS_ON_SOURCE,
    DT_RESTS_ON_JUDGEMENT,
    DT_RESTS_ON_NOTHING
} dt_ground_of_number;

dt_ground_of_number dt_rests_on(const dt_model *model, size_t parameter);

/* Whether nobody else could look it up: judgement, or nothing. */
bool dt_is_unsourced(const dt_model *model, size_t parameter);

/* Quantiles at `shares` shares of `count` >= 1 numbers, none of them NaN, linear between them (type 7 of Hyndman & Fan
 * 1996); `sorted` [count] is room, and may be `number` itself. */
void dt_quantiles_of(const double *number, size_t count, double *sorted, const double *share,
                     size_t shares, double *quantile);

/* Names as a sentence has them: "a, b, c and 4 more". */
typedef struct dt_name_list {
    dt_text text;
    size_t most; /* named; 0: all */
    size_t count;
} dt_name_list;

dt_name_list dt_names(dt_arena *arena, size_t most);
void dt_name_add(dt_name_list *list, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Ends the list; "" if nothing was added. Asked once. */
const char *dt_name_list_end(dt_name_list *list);

#endif
