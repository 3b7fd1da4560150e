/*
 * detente discover: where a policy fails. The peeling trajectory of PRIM, the limits of one of its boxes
 * with what speaks for each, the region in words, and what a classification tree says of the same.
 */
#include <assert.h>
#include <jansson.h>
#include <math.h>

#include "question.h"

/* Boxes of the trajectory that the terminal shows, about. */
enum { SHOWN = 12 };

typedef struct discovering {
    cli_question *q;
    const dt_discovery *d;
    size_t policy;
    const char *where;
} discovering;

static const char *percent(double share)
{
    return cli_print("%.1f %%", 100 * share);
}

static void say(const discovering *on)
{
    const dt_discovery *d = on->d;
    cli_texts *before = &on->q->answer->before;
    const char *policy = cli_policy_name(on->q, on->policy);
    const char *points = d->basis.averaged ? "deep draws" : "worlds";
    if (d->interest == 0 || d->interest == d->basis.points) {
        cli_note(before, "Under %s %s holds in %s of the %zu %s: there is nothing to discover.",
                 policy, on->where, d->interest ? "every one" : "none", d->basis.points, points);
        return;
    }
    cli_note(before, "Under %s %s holds in %zu of %zu %s (%s).", policy, on->where, d->interest,
             d->basis.points, points, percent((double)d->interest / (double)d->basis.points));
    const dt_box *box = &d->pruned;
    if (box->limits == 0)
        cli_note(
            before, "No box tells where: %s.%s",
            d->chosen > 0
                ? "no limit of the one chosen is more than chance would bring"
                : "none does better than all points together on points that it wasn't peeled from",
            d->tree.better ? ""
                           : " More worlds may; 'detente sensitivity' says which numbers count, "
                             "--table trajectory has the boxes.");
    else
        cli_note(before,
                 "This is so in %s where %s: there it holds in %zu of %zu (density %s), and these "
                 "are %s of all in which it holds (coverage).",
                 points, cli_limits_in_words(on->q->model, box), box->interest, box->points,
                 percent(box->density), percent(box->coverage));
    if (d->tree.better)
        cli_note(before,
                 "A classification tree tells more on points that it wasn't grown on: its leaves "
                 "below cover %s of those in which it holds at a density of %s, %s %s at %s.",
                 percent(d->tree.elsewhere_coverage), percent(d->tree.elsewhere_density),
                 d->chosen > 0 ? "the box" : "all points together",
                 percent(d->box[d->chosen].elsewhere_coverage),
                 percent(d->box[d->chosen].elsewhere_density));
}

/* Whether a box was found that is worth describing. */
static bool box_holds(const discovering *on)
{
    return on->d->pruned.limits > 0;
}

static const char NOTHING[] =
    "There is nothing to discover: what was asked for holds in no world, or in every one.";

static void put_trajectory(const discovering *on)
{
    cli_sheet *sheet = cli_sheet_new(
        on->q->answer, "trajectory", "The peeling trajectory (PRIM)",
        "|box, points, -interest=of interest, coverage, density, mass, "
        "elsewhere_coverage=elsewhere, elsewhere_density=density, restricted=limited");
    const size_t step = 1 + on->d->boxes / SHOWN;
    for (size_t b = 0; b < on->d->boxes; b++) {
        const dt_box *box = &on->d->box[b];
        const bool chosen = b == on->d->chosen;
        cli_put(sheet, "%zu %c%zu %zu %f %f %f %f %f %zu", b + 1, cli_mark_if(chosen, false),
                box->points, box->interest, box->coverage, box->density, box->mass,
                box->elsewhere_coverage, box->elsewhere_density, box->restricted);
        cli_last_row(sheet)->hidden =
            !chosen && b % step != 0 && b + 1 < on->d->boxes && !on->q->line->table;
    }
    sheet->hidden = !box_holds(on);
    if (sheet->rows == 0)
        sheet->absent = NOTHING;
    else
        cli_note(
            &sheet->notes,
            "%s* described below: %s. --box K takes another. Coverage: share of all of interest "
            "that is in the box; density: share of the box that is of interest; mass: share of "
            "all. Elsewhere: the same two on points that the box wasn't peeled from, over %zu "
            "random halves.",
            step > 1 && !on->q->line->table
                ? cli_print("One box in %zu; --table trajectory has all %zu. ", step, on->d->boxes)
                : "",
            on->d->chosen == on->d->suggested
                ? "the box with the largest harmonic mean of coverage and density elsewhere"
                : "as --box says",
            on->d->resamples);
}

/* Whether the pruned box keeps a limit. */
static bool kept(const dt_discovery *d, const dt_limit *limit)
{
    for (size_t l = 0; l < d->pruned.limits; l++) {
        const dt_limit *other = &d->pruned.limit[l];
        if (other->parameter == limit->parameter && other->upper == limit->upper)
            return true;
    }
    return false;
}

static void put_limits(const discovering *on)
{
    cli_sheet *sheet = cli_sheet_new(on->q->answer, "limits",
                                     cli_print("The limits of box %zu", on->d->chosen + 1),
                                     "|limit, -box, -parameter, -side, -at, quasi_p=quasi-p, "
                                     "recurrence=recurs in, kept, source");
    size_t shown = 0;
    for (size_t b = 0; b < on->d->boxes; b++) {
        const dt_box *box = &on->d->box[b];
        const bool chosen = b == on->d->chosen;
        for (size_t l = 0; l < box->limits; l++) {
            const dt_limit *limit = &box->limit[l];
            const char *name = cli_parameter_name(on->q, limit->parameter);
            cli_put(sheet, "%s %zu %s %s %g",
                    cli_print("%s %s %.4g", name, limit->upper ? "<=" : ">=", limit->at), b + 1,
                    name, limit->upper ? "upper" : "lower", limit->at);
            cli_put_cell(sheet, (cli_cell){.kind = isnan(limit->quasi_p) ? CLI_NOTHING : CLI_NUMBER,
                                           .number = limit->quasi_p,
                                           .noisy = limit->quasi_p >= 0.05,
                                           .tiny = true});
            cli_put(sheet, "%f %s %s", limit->recurrence,
                    chosen ? (kept(on->d, limit) ? "yes" : "no") : NULL,
                    cli_source_of(on->q, limit->parameter));
            cli_last_row(sheet)->hidden = !chosen;
            shown += chosen;
        }
    }
    sheet->judged = true;
    sheet->hidden = !box_holds(on);
    if (sheet->rows == 0)
        sheet->absent = on->d->boxes ? "No box has a limit." : NOTHING;
    else if (shown == 0)
        cli_note(&sheet->notes, "Box %zu holds all points: it has no limits.", on->d->chosen + 1);
    else
        cli_note(
            &sheet->notes,
            "Quasi-p: how likely a limit that does nothing leaves so dense a box; ~ .05 or more. "
            "Recurs in: share of %zu halves of the points whose like box has this limit, too. "
            "Kept: in the sentence above, from which limits of quasi-p .05 or more are taken away.",
            on->d->resamples);
}

static void put_tree(const discovering *on)
{
    const dt_discovery *d = on->d;
    cli_sheet *sheet = cli_sheet_new(on->q->answer, "tree", "Another method: a classification tree",
                                     "|by, coverage, density, elsewhere_coverage=elsewhere, "
                                     "elsewhere_density=density, parameters");
    if (d->boxes == 0) {
        sheet->absent = NOTHING;
        return;
    }
    sheet->hidden = !box_holds(on) && !d->tree.better;
    cli_put_cell(
        sheet,
        (cli_cell){.kind = CLI_WORDS, .words = "box", .shown = box_holds(on) ? NULL : "no box"});
    cli_put(sheet, "%f %f %f %f %zu %s %f %f %f %f %zu", d->pruned.coverage, d->pruned.density,
            d->box[d->chosen].elsewhere_coverage, d->box[d->chosen].elsewhere_density,
            d->pruned.restricted, "tree", d->tree.coverage, d->tree.density,
            d->tree.elsewhere_coverage, d->tree.elsewhere_density, d->tree.parameters);
    cli_texts names = {0};
    for (size_t i = 0; i < d->tree.parameters && i < 6; i++)
        cli_add(&names, cli_parameter_name(on->q, d->tree.parameter[i]));
    size_t shared = 0;
    for (size_t l = 0; l < d->pruned.limits; l++) {
        const size_t parameter = d->pruned.limit[l].parameter;
        if (l > 0 && d->pruned.limit[l - 1].parameter == parameter)
            continue;
        for (size_t i = 0; i < d->tree.parameters; i++)
            shared += d->tree.parameter[i] == parameter;
    }
    const char *splits =
        cli_print("The tree splits by %s%s", names.count ? cli_join(&names, ", ") : "nothing",
                  d->tree.parameters > names.count ? ", …" : "");
    if (box_holds(on))
        cli_note(&sheet->notes,
                 "CART, the densest %zu of %zu leaves, which cover as much as the box: box and "
                 "tree agree at %s of the points. Elsewhere: on points that weren't used. %s; %zu "
                 "of the box's %s among them.",
                 d->tree.taken, d->tree.leaves, percent(d->tree.agreement), splits, shared,
                 cli_print("%s %s", cli_plural(d->pruned.restricted, "parameter", "parameters"),
                           shared == 1 ? "is" : "are"));
    else
        cli_note(&sheet->notes,
                 "CART, the %zu of %zu leaves that are denser than all points together. Elsewhere: "
                 "on points that weren't used. %s.",
                 d->tree.taken, d->tree.leaves, splits);
}

/* The tree's leaves, each a box of its own. */
static void put_leaves(const discovering *on)
{
    const dt_tree_answer *tree = &on->d->tree;
    cli_sheet *sheet = cli_sheet_new(on->q->answer, "leaves", "The leaves of the tree",
                                     "|leaf, points, -interest, coverage, density, -where");
    sheet->hidden = !tree->better;
    for (size_t l = 0; l < tree->taken; l++) {
        const dt_box *leaf = &tree->leaf[l];
        const char *where = cli_limits_in_words(on->q->model, leaf);
        cli_put(sheet, "%zu %zu %zu %f %f %s", l + 1, leaf->points, leaf->interest, leaf->coverage,
                leaf->density, where);
        cli_note(&sheet->notes, "%zu: %s.", l + 1, *where ? where : "everywhere");
    }
    if (sheet->rows == 0)
        sheet->absent =
            on->d->boxes ? "No leaf of the tree is denser than all points together." : NOTHING;
}

static void put_facts(const discovering *on)
{
    json_t *facts = on->q->answer->facts;
    const dt_discovery *d = on->d;
    json_object_update_new(facts, json_pack("{s:s, s:s, s:I}", "policy",
                                            cli_policy_name(on->q, on->policy), "where", on->where,
                                            "interest", (json_int_t)d->interest));
    if (d->boxes == 0)
        return;
    json_object_update_new(
        facts, json_pack("{s:I, s:I, s:{s:I, s:f, s:f, s:f}, s:b, s:f}", "suggested",
                         (json_int_t)d->suggested + 1, "chosen", (json_int_t)d->chosen + 1,
                         "pruned", "points", (json_int_t)d->pruned.points, "coverage",
                         d->pruned.coverage, "density", d->pruned.density, "mass", d->pruned.mass,
                         "tree_better", d->tree.better, "agreement", d->tree.agreement));
}

dt_status cli_run_discover(const cli_line *line)
{
    cli_question q;
    dt_status status = cli_question_open(&q, line);
    if (status != DT_OK)
        return status;
    dt_discovery *found = NULL;
    dt_criterion *criterion;
    double peel;
    bool good = cli_read_share(line->peel, "peel", 0.05, &peel);
    good &= cli_read_criteria(&q, &line->where, &criterion);
    if (line->where.count == 0 || (q.policies == 0 && q.data->policies > 1) || q.policies > 1) {
        cli_error("detente discover FILE --policy P --where 'war > 0.05'",
                  line->where.count == 0 ? "where does a policy fail? --where says it"
                                         : "one policy at a time: --policy says which");
        good = false;
    } else if (good && !(peel > 0 && peel < 1)) {
        cli_error(NULL, "--peel takes a share above 0 and below 1");
        good = false;
    }
    status = DT_INVALID;
    const size_t policy = q.policies ? q.policy[0] : 0;
    if (good) {
        const dt_discover_how how = {.policy = policy,
                                     .criteria = line->where.count,
                                     .criterion = criterion,
                                     .peel = peel,
                                     .box = line->box ? line->box - 1 : SIZE_MAX};
        status = dt_discover(q.data, &how, &q.options, &found);
    }
    if (status == DT_OK) {
        const discovering on = {&q, found, policy, cli_join(&line->where, " and ")};
        cli_say_basis(&q, &found->basis);
        put_facts(&on);
        say(&on);
        put_trajectory(&on);
        put_limits(&on);
        put_tree(&on);
        put_leaves(&on);
        status = cli_answer_print(q.answer);
    }
    dt_discovery_free(found);
    cli_question_close(&q);
    return status;
}
