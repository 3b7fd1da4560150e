/*
 * The list of findings, and lists of names within a finding's sentences.
 */
#include <stdarg.h>
#include <stdio.h>

#include "robust/finding.h"

enum { MOST_NAMES = 5, MOST_NAME = 400 };

void dt_find(dt_diagnosing *d, const char *name, dt_verdict verdict, double number,
             const dt_text *text)
{
    const dt_finding finding = {name, verdict, number, dt_text_get(text)};
    dt_push(d->arena, &d->findings, finding);
}

void dt_name_add(dt_name_list *list, const char *format, ...)
{
    if (list->count++ >= MOST_NAMES)
        return;
    char name[MOST_NAME];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(name, sizeof name, format, arguments);
    va_end(arguments);
    dt_text_print(&list->text, "%s%s", list->count > 1 ? ", " : "", name);
}

const char *dt_name_list_end(dt_name_list *list)
{
    if (list->count > MOST_NAMES)
        dt_text_print(&list->text, " and %zu more", list->count - MOST_NAMES);
    return dt_text_get(&list->text);
}
