/*
 * Choices that are noise: how far the strategies of each mover and stage are from knowing what to do, and which actions are
 * taken only because everybody errs, as they vanish when all are five times as precise. Told of the first policy, which the
 * others are changes of.
 */
#include <math.h>

#include "referee/referee.h"

static const char *const *names_of(dt_refereeing *r, int stage, int mover, size_t *count)
{
    const dt_stage *at = &r->model->stage[stage];
    const char **name = dt_new(r->arena, const char *, (size_t)at->actions);
    *count = 0;
    for (int a = 0; a < at->actions; a++) {
        if (at->action[a].mover == mover)
            name[(*count)++] = at->action[a].is.name;
    }
    return name;
}

/* The shares of a mover's actions, of the choices that it makes. */
static const double *shares_of(dt_refereeing *r, const dt_taken *taken, int stage, int mover)
{
    const dt_stage *at = &r->model->stage[stage];
    const double made = taken->made[r->first_mover[stage] + (size_t)mover];
    double *share = dt_new(r->arena, double, (size_t)at->actions);
    size_t count = 0;
    for (int a = 0; a < at->actions; a++) {
        if (at->action[a].mover == mover)
            share[count++] =
                made > 0 ? taken->action[r->first_action[stage] + (size_t)a] / made : (double)NAN;
    }
    return share;
}

static void list_choices(dt_refereeing *r)
{
    dt_list(dt_choice) list = {0};
    for (size_t p = 0; p < r->policies; p++) {
        for (int s = 0; s < r->model->stages; s++) {
            for (int m = 0; m < r->model->stage[s].movers; m++) {
                const size_t at = r->first_mover[s] + (size_t)m;
                const double made = r->taken[p].made[at];
                if (!(made > 0))
                    continue;
                dt_choice choice = {.policy = r->model->policy[p].is.name,
                                    .stage = r->model->stage[s].is.name,
                                    .mover = dt_owner_name(r->model, r->model->stage[s].mover[m]),
                                    .made = made,
                                    .entropy = r->taken[p].entropy[at] / made,
                                    .share = shares_of(r, &r->taken[p], s, m),
                                    .precise = shares_of(r, &r->precise[p], s, m)};
                choice.action = names_of(r, s, m, &choice.actions);
                dt_push(r->arena, &list, choice);
            }
        }
    }
    r->answer->choices = list.count;
    r->answer->choice = list.at;
}

static void object_to_entropy(dt_refereeing *r)
{
    const double noise = dt_threshold_of(DT_THRESHOLD_NOISE);
    dt_name_list noisy = dt_names(r->arena, 0);
    dt_text text = {.arena = r->arena};
    size_t all = 0;
    for (size_t c = 0; c < r->answer->choices; c++) {
        const dt_choice *choice = &r->answer->choice[c];
        if (choice->policy != r->model->policy[0].is.name)
            continue;
        all++;
        if (choice->entropy >= noise)
            dt_name_add(&noisy, "%s in %s (%.2f)", choice->mover, choice->stage, choice->entropy);
    }
    if (noisy.count == 0)
        return;
    const double share = (double)noisy.count / (double)all;
    dt_text_print(&text,
                  "Under %s %zu of %zu choices are mostly noise: with 1 for tossing a coin each "
                  "time and 0 for always knowing what to do, %s.",
                  r->model->policy[0].is.name, noisy.count, all, dt_name_list_end(&noisy));
    dt_object(r, "noise", share > dt_threshold_of(DT_THRESHOLD_NOISE_SHARE) ? DT_GRAVE : DT_SERIOUS,
              share, &text,
              dt_referee_print(r, "detente explain %s --policy %s", r->name,
                               r->model->policy[0].is.name));
}

static void object_to_trembles(dt_refereeing *r)
{
    const double taken = dt_threshold_of(DT_THRESHOLD_TAKEN);
    const double vanishes = dt_threshold_of(DT_THRESHOLD_VANISHES);
    const double precise = dt_threshold_of(DT_THRESHOLD_PRECISE);
    dt_name_list gone = dt_names(r->arena, 0);
    dt_text text = {.arena = r->arena};
    size_t all = 0;
    for (size_t c = 0; c < r->answer->choices; c++) {
        const dt_choice *choice = &r->answer->choice[c];
        for (size_t a = 0; a < choice->actions && choice->policy == r->model->policy[0].is.name;
             a++) {
            if (!(choice->share[a] >= taken))
                continue;
            all++;
            if (choice->precise[a] < vanishes)
                dt_name_add(&gone, "%s.%s.%s (%.2f, then %.2g)", choice->stage, choice->mover,
                            choice->action[a], choice->share[a], choice->precise[a]);
        }
    }
    if (gone.count == 0)
        return;
    dt_text_print(&text,
                  "%zu of the %zu actions that are taken under %s are taken by mistake: they "
                  "nearly vanish when everybody is %g times as precise, as shares of the mover's "
                  "choices %s.",
                  gone.count, all, r->model->policy[0].is.name, precise, dt_name_list_end(&gone));
    dt_object(r, "noise", DT_SERIOUS, (double)gone.count / (double)all, &text,
              dt_referee_print(r, "detente run %s --precision %g", r->name, precise));
}

void dt_object_noise(dt_refereeing *r)
{
    list_choices(r);
    object_to_entropy(r);
    object_to_trembles(r);
}
