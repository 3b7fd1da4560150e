/*
 * What is paid to one actor and by nobody. Actors that are declared in the same unit count the same thing: dollars, say. A term
 * that gives such an actor something takes it from another of them if that one loses as much at the same moment, or if
 * a number that the gain reads stands in one of its losses, whenever that is paid. What is left was made out of nothing. An
 * amount is taken at its node or period's end, in expectation over what chance does there, and sums are over the forward pass.
 */
#include <math.h>
#include <string.h>

#include "base/job.h"
#include "referee/referee.h"
#include "trace/forward.h"
#include "trace/profile.h"

typedef struct adding {
    const dt_refereeing *r;
    const dt_solution *solution;
    double *unpaid; /* [terms] */
    double *mass;   /* [rows] with which each row is paid in the period */
    double *gains;  /* [terms] what a term gives, */
    double *open;   /* [terms] and of it what nobody loses at the same moment */
    bool *reads[2]; /* [terms][params] numbers that its losses, and its gains, read */
    bool *seen
        [2]; /* [terms][coefficients] looked at already; NULL: of a term no one shares the unit */
} adding;

static bool share_unit(const dt_model *model, int a, int b)
{
    const char *unit = model->actor[a].unit;
    return a != b && *unit && strcmp(unit, model->actor[b].unit) == 0;
}

static bool has_company(const dt_model *model, int actor)
{
    bool found = false;
    for (int b = 0; b < model->actors; b++)
        found |= share_unit(model, actor, b);
    return found;
}

/* The numbers that a coefficient reads. */
static void mark_numbers(const dt_game *game, uint32_t coefficient, bool *reads)
{
    const dt_expression *e = &game->coefficient->list.at[coefficient];
    const uint32_t operand[] = {e->a, e->b, e->c};
    if (e->op == DT_OP_PARAMETER)
        reads[e->a] = true;
    for (int i = 0; i < dt_operands[e->op]; i++)
        mark_numbers(game, operand[i], reads);
}

/* One row of payments, that is paid with probability `mass`. */
static void add_row(const adding *a, const dt_world *world, uint32_t row, double mass)
{
    const dt_game *game = a->solution->game;
    const dt_model *model = game->model;
    const size_t coefficients = game->coefficient->list.count, params = (size_t)model->params;
    for (uint32_t e = game->row_first[row]; e < game->row_first[row + 1]; e++) {
        const uint16_t term = game->row_column[e];
        const uint32_t coefficient = game->row_coefficient[e];
        const int owner = game->rules->term_actor[term];
        const double amount = world->coefficient[coefficient];
        if (amount == 0 || !has_company(model, owner))
            continue;
        bool *seen = &a->seen[amount > 0][term * coefficients + coefficient];
        if (!*seen)
            mark_numbers(game, coefficient, a->reads[amount > 0] + term * params);
        *seen = true;
        double lost = 0;
        for (uint32_t x = game->row_first[row]; x < game->row_first[row + 1] && amount > 0; x++) {
            const int other = game->rules->term_actor[game->row_column[x]];
            if (share_unit(model, owner, other))
                lost += fmax(-world->coefficient[game->row_coefficient[x]], 0);
        }
        a->gains[term] += mass * fmax(amount, 0);
        a->open[term] += mass * fmax(amount - lost, 0);
    }
}

/* What is paid in period t, which is spread. */
static void add_period(const adding *a, const dt_forward *forward, double *space, uint32_t t)
{
    const dt_game *game = a->solution->game;
    const dt_world *world = dt_solution_world(a->solution, t);
    const double *strategy = dt_strategy_of(a->solution->strategy, game, t);
    memset(a->mass, 0, game->rows * sizeof *a->mass);
    for (uint32_t s = 0; s < game->stages; s++) {
        const uint32_t first = game->stage_first[s];
        for (uint32_t n = first; n < first + dt_game_count(game, s, t); n++) {
            const double mass = forward->mass[n * forward->stride];
            const dt_menu *menu = &game->menu[game->node_menu[n]];
            const double *profile =
                mass > 0 ? dt_profile(menu, strategy + game->node_option[n], space) : NULL;
            for (int c = 0; profile && c < menu->cells; c++)
                a->mass[dt_cell_row(game, game->node_cell[n] + (uint64_t)c)] += mass * profile[c];
        }
    }
    for (uint32_t l = 0; l < dt_game_count(game, game->stages, t); l++)
        a->mass[game->leaf_payoff[l]] += forward->mass[(game->nodes + l) * forward->stride];
    for (uint32_t row = 1; row < game->rows; row++) {
        if (game->row_pays[row] && a->mass[row] > 0)
            add_row(a, world, row, a->mass[row]);
    }
}

/* Whether another actor's losses read a number that a term's gains read. */
static bool is_lost_elsewhere(const adding *a, int term)
{
    const dt_game *game = a->solution->game;
    const size_t params = (size_t)game->model->params;
    bool found = false;
    for (int other = 0; other < game->model->terms; other++) {
        const bool company =
            share_unit(game->model, game->rules->term_actor[term], game->rules->term_actor[other]);
        for (size_t p = 0; p < params && company; p++)
            found |=
                a->reads[1][(size_t)term * params + p] && a->reads[0][(size_t)other * params + p];
    }
    return found;
}

static dt_status add(dt_arena *arena, void *argument)
{
    adding *a = argument;
    const dt_game *game = a->solution->game;
    const size_t terms = (size_t)game->model->terms, params = (size_t)game->model->params;
    dt_forward *forward = dt_forward_new(arena, a->solution, 1);
    double *space = dt_new(arena, double, (size_t)dt_profile_room(game));
    a->mass = dt_new(arena, double, game->rows);
    a->gains = dt_new(arena, double, terms);
    a->open = dt_new(arena, double, terms);
    for (int side = 0; side < 2; side++) {
        a->reads[side] = dt_take(arena, terms, params * sizeof(bool));
        a->seen[side] = dt_take(arena, terms, game->coefficient->list.count * sizeof(bool));
    }
    for (uint32_t t = 0; t < game->horizon; t++) {
        dt_forward_to(forward, t);
        add_period(a, forward, space, t);
    }
    for (size_t k = 0; k < terms; k++) {
        if (a->gains[k] > 0)
            a->unpaid[k] = is_lost_elsewhere(a, (int)k) ? 0 : a->open[k] / a->gains[k];
    }
    return DT_OK;
}

dt_status dt_unpaid_add(const dt_refereeing *r, const dt_solution *solution,
                        const dt_options *options, double *unpaid)
{
    bool any = false;
    for (int i = 0; i < r->model->actors; i++)
        any |= has_company(r->model, i);
    return any ? dt_job(options, add, &(adding){.r = r, .solution = solution, .unpaid = unpaid})
               : DT_OK;
}

void dt_object_unpaid(dt_refereeing *r)
{
    const dt_model *model = r->model;
    dt_name_list names = dt_names(r->arena, (size_t)dt_threshold_of(DT_THRESHOLD_NAMED));
    dt_text text = {.arena = r->arena};
    double worst = 0;
    for (int k = 0; k < model->terms; k++) {
        const dt_owner owner = model->term[k].owner;
        double share = 0;
        size_t under = 0;
        for (size_t p = 0; p < r->policies; p++) {
            const double here = r->unpaid[p * (size_t)model->terms + (size_t)k];
            if (here > share) { /* NaN isn't */
                share = here;
                under = p;
            }
        }
        if (share < dt_threshold_of(DT_THRESHOLD_UNPAID) || share == 0)
            continue;
        worst = fmax(worst, share);
        dt_name_add(&names, "%s to %s (%.0f %% of it under %s)", model->term[k].is.name,
                    dt_owner_name(model, owner), 100 * share, model->policy[under].is.name);
    }
    const size_t count = names.count;
    if (count == 0)
        return;
    dt_text_print(&text,
                  "%zu %s an actor what nobody pays, though another counts in the same unit: %s.",
                  count, count == 1 ? "term gives" : "terms give", dt_name_list_end(&names));
    dt_object(r, "unpaid", DT_SERIOUS, worst, &text,
              dt_referee_print(r, "detente run %s --full", r->name));
}
