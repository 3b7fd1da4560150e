/*
 * The table of forms, and what follows from a line of it.
 */
#include "lang/form.h"

const dt_form_meaning dt_form_table[DT_FORM_COUNT] = {
#define X(id, ...) {__VA_ARGS__},
    DT_FORMS(X)
#undef X
};

const char *dt_form_word(dt_form form)
{
    return dt_form_table[form].word;
}

dt_form dt_form_of(dt_slice word)
{
    int form = 0;
    while (form < DT_FORM_COUNT && !dt_slice_is(word, dt_form_table[form].word))
        form++;
    return (dt_form)form;
}

double dt_form_now(dt_form form, uint32_t left, uint32_t periods)
{
    const dt_form_meaning *f = &dt_form_table[form];
    const double sum = f->by_now + f->by_last * (left == 0) + f->by_first * (left + 1.0);
    return f->average ? sum / periods : sum;
}

double dt_form_over(dt_form form, uint32_t left, uint32_t periods)
{
    const dt_form_meaning *f = &dt_form_table[form];
    const double sum = f->by_rest * left + f->by_last * (left > 0);
    return f->average ? sum / periods : sum;
}

double dt_form_stands(dt_form form, uint32_t left, uint32_t periods)
{
    const dt_form_meaning *f = &dt_form_table[form];
    const double sum = f->by_rest + f->by_last * (left == 0);
    return f->average ? sum / periods : sum;
}

double dt_form_none(dt_form form, uint32_t periods)
{
    return dt_form_table[form].none * (periods + 1.0);
}
