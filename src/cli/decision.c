/*
 * Of `sensitivity`, what is about decisions: what knowing a number is worth before a policy is chosen,
 * and at which number another policy becomes best.
 */
#include <math.h>

#include "sensitivity.h"

static void put_worths(cli_asking *a, const dt_decision *d)
{
    if (!a->worth)
        a->worth = cli_sheet_new(a->q->answer, "worth",
                                 "What knowing a number is worth before choosing a policy",
                                 "#outcome, |parameter, worth, share=of all, turn=turns at, "
                                 "best_low=best below, best_high=best above, source");
    cli_sheet *sheet = a->worth;
    sheet->judged = true;
    size_t none = 0;
    for (size_t i = 0; i < d->parameters; i++) {
        const dt_decisive *p = &d->decisive[i];
        const bool above = p->worth > d->floor;
        cli_put(sheet, "%s %s %c%g", cli_outcome_name(a->q, d->outcome),
                cli_parameter_name(a->q, p->parameter), cli_mark_if(above, p->worth > 0 && !above),
                p->worth);
        const bool shared = d->perfect > 0 && !isnan(p->worth);
        cli_put(sheet, "%c%f %g %s %s %s", cli_mark_if(false, shared && p->worth > 0 && !above),
                shared ? p->worth / d->perfect : (double)NAN, above ? p->turn : (double)NAN,
                above ? cli_policy_name(a->q, p->best_low) : NULL,
                above ? cli_policy_name(a->q, p->best_high) : NULL,
                cli_source_of(a->q, p->parameter));
        cli_row *row = cli_last_row(sheet);
        row->hidden = (i >= CLI_SHOWN || !(p->worth > 0)) && !a->q->line->table;
        row->heading = cli_outcome_heading(a->q, d->outcome);
        none += !(p->worth > 0);
    }
    if (d->bins == 0)
        cli_note(&sheet->notes, "%s: too few points to tell.", cli_outcome_name(a->q, d->outcome));
    else if (d->perfect == 0)
        cli_note(&sheet->notes,
                 "%s: %s is best at every point, so that knowing numbers before choosing is worth "
                 "nothing.",
                 cli_outcome_name(a->q, d->outcome), cli_policy_name(a->q, d->best));
    else if (none == d->parameters)
        cli_note(&sheet->notes,
                 "%s: no single number, were it known, would change which policy is best.",
                 cli_outcome_name(a->q, d->outcome));
    else
        cli_note(&sheet->notes,
                 "%s: %zu of %zu numbers would change nothing by themselves; at most %d of the "
                 "others are shown, --table worth has all.",
                 cli_outcome_name(a->q, d->outcome), none, d->parameters, CLI_SHOWN);
    if (d->bins > 0 && d->perfect > 0)
        cli_note(&sheet->notes,
                 "%s: best by the mean is %s. Knowing every number would be worth %.4g. * worth "
                 "past %.4g, which none of %zu random orders of the points reached; ~ within that "
                 "noise. By noise alone it is %.4g too large on average (%zu bins), and means over "
                 "bins make it too small. Turns at: where the best policy of the lowest bin is "
                 "passed by that of the highest.",
                 cli_outcome_name(a->q, d->outcome), cli_policy_name(a->q, d->best), d->perfect,
                 d->floor, d->resamples, d->bias, d->bins);
}

static void put_flips(cli_asking *a, const dt_decision *d)
{
    if (!a->flip)
        a->flip =
            cli_sheet_new(a->q->answer, "flips", "Numbers at which another policy becomes best",
                          "#outcome, |parameter, nominal, flip_below=flips below, best_below=to, "
                          "flip_above=flips above, best_above=to, source");
    cli_sheet *sheet = a->flip;
    size_t none = 0;
    for (size_t i = 0; i < d->parameters; i++) {
        const dt_decisive *p = &d->decisive[i];
        const bool below = !isnan(p->flip_below), above = !isnan(p->flip_above);
        none += !below && !above;
        cli_put(sheet, "%s %s %g %g %s %g %s %s", cli_outcome_name(a->q, d->outcome),
                cli_parameter_name(a->q, p->parameter), a->q->data->held[p->parameter],
                p->flip_below, below ? cli_policy_name(a->q, p->best_below) : NULL, p->flip_above,
                above ? cli_policy_name(a->q, p->best_above) : NULL,
                cli_source_of(a->q, p->parameter));
        cli_row *row = cli_last_row(sheet);
        row->hidden = !below && !above && !a->q->line->table;
        row->heading = cli_outcome_heading(a->q, d->outcome);
    }
    cli_note(&sheet->notes,
             "%s: best in the nominal world is %s. %zu of %zu parameters, moved alone, never "
             "change that within their range. Flip values are interpolated linearly between the "
             "points of the design; the nearest in the range's measure comes first.",
             cli_outcome_name(a->q, d->outcome), cli_policy_name(a->q, d->best), none,
             d->parameters);
}

dt_status cli_ask_decision(cli_asking *a, size_t outcome)
{
    if (a->q->data->policies < 2 || a->q->data->design == DT_DESIGN_MORRIS ||
        dt_model_outcome_direction(a->q->model, outcome) == 0)
        return DT_OK;
    dt_decision *d;
    const dt_status status = dt_decide(a->q->data, outcome, &a->q->options, &d);
    if (status != DT_OK)
        return status;
    if (d->worths)
        put_worths(a, d);
    if (d->flips)
        put_flips(a, d);
    dt_decision_free(d);
    return DT_OK;
}
