/*
 * What a diagnosis and a referee both say, each thing in one place, so that they can't come to disagree about it.
 */
#include "robust/said.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>

dt_ground_of_number dt_rests_on(const dt_model *model, size_t parameter)
{
    const char *source = dt_model_parameter(model, parameter).source;
    return *source == '\0'                    ? DT_RESTS_ON_NOTHING
           : strcmp(source, "judgement") == 0 ? DT_RESTS_ON_JUDGEMENT
                                              : DT_RESTS_ON_SOURCE;
}

bool dt_is_unsourced(const dt_model *model, size_t parameter)
{
    return dt_rests_on(model, parameter) != DT_RESTS_ON_SOURCE;
}

void dt_quantiles_of(const double *number, size_t count, double *sorted, const double *share,
                     size_t shares, double *quantile)
{
    assert(count > 0);
    for (size_t n = 0; n < count; n++)
        sorted[n] = number[n];
    gsl_sort(sorted, 1, count);
    for (size_t q = 0; q < shares; q++)
        quantile[q] = gsl_stats_quantile_from_sorted_data(sorted, 1, count, share[q]);
}

dt_name_list dt_names(dt_arena *arena, size_t most)
{
    return (dt_name_list){.text = {.arena = arena}, .most = most};
}

void dt_name_add(dt_name_list *list, const char *format, ...)
{
    if (list->count++ >= list->most && list->most > 0)
        return;
    if (list->count > 1)
        dt_text_print(&list->text, ", ");
    va_list arguments;
    va_start(arguments, format);
    dt_text_print_list(&list->text, format, arguments);
    va_end(arguments);
}

const char *dt_name_list_end(dt_name_list *list)
{
    if (list->most > 0 && list->count > list->most)
        dt_text_print(&list->text, " and %zu more", list->count - list->most);
    return dt_text_get(&list->text);
}
