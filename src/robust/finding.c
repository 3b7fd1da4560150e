/*
 * The list of findings.
 */
#include "robust/finding.h"

void dt_find(dt_diagnosing *d, const char *name, dt_verdict verdict, double number,
             const dt_text *text)
{
    const dt_finding finding = {name, verdict, number, dt_text_get(text)};
    dt_push(d->arena, &d->findings, finding);
}
