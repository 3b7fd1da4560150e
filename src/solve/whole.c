/*
 * Evaluating the whole stationary game at a strategy: the chain over states that it makes, everybody's
 * values in it by one linear system for each discount (Filar & Vrieze 1997, §2), and what each option is
 * worth then. Sums over branches run backwards through a period, as in a sweep, but several columns of
 * one place at a time.
 */
#include "solve/whole_joint.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <string.h>

#include "base/greater.h"
#include "solve/linear.h"

/* Log odds beyond this are certainties. */
static const double MOST_ODDS = 700;

/* ---- making it ------------------------------------------------------------------------------- */

static size_t count_choices(const dt_places *places, size_t *unknowns)
{
    size_t choices = 0;
    *unknowns = 0;
    for (uint32_t n = 0; n < places->nodes; n++) {
        const dt_menu *menu = &places->game->menu[places->menu[n]];
        for (int k = 0; k < menu->agents; k++) {
            if (menu->options[k] > 1) {
                choices++;
                *unknowns += (size_t)menu->options[k] - 1;
            }
        }
    }
    return choices;
}

size_t dt_whole_unknowns(const dt_places *places)
{
    size_t unknowns;
    count_choices(places, &unknowns);
    return unknowns;
}

double dt_whole_bytes(const dt_group_plan *plan)
{
    size_t unknowns;
    const double choices = (double)count_choices(plan->places, &unknowns);
    const double n = (double)unknowns + 1, states = (double)plan->states;
    const double columns = 2.0 * (double)plan->actors;
    const double places = (double)plan->places->nodes + plan->places->leaves;
    return 8 * (n * n + columns * states * states + (places + states) * columns * DT_BLOCK +
                3 * (double)plan->game->options + (n + choices) * columns + 11 * n) +
           choices * (double)sizeof(dt_simplex) + 4.0 * plan->places->nodes;
}

static void take_choices(dt_arena *arena, dt_whole *whole, const dt_places *places)
{
    whole->choices = count_choices(places, &whole->unknowns);
    whole->entries = whole->unknowns + whole->choices;
    whole->choice = dt_new(arena, dt_simplex, whole->choices);
    whole->choice_of = dt_new(arena, uint32_t, (size_t)places->nodes + 1);
    uint32_t next = 0, unknown = 0;
    for (uint32_t n = 0; n < places->nodes; n++) {
        const dt_menu *menu = &places->game->menu[places->menu[n]];
        uint32_t option = places->option[n];
        whole->choice_of[n] = next;
        for (int k = 0; k < menu->agents; option += (uint32_t)menu->options[k++]) {
            const int options = menu->options[k];
            whole->strategy[option] = 1;
            if (options < 2)
                continue;
            whole->choice[next] =
                (dt_simplex){n, k, menu->agent[k], options, option, unknown, unknown + next};
            unknown += (uint32_t)options - 1;
            next++;
        }
    }
    whole->choice_of[places->nodes] = next;
    assert(next == whole->choices && unknown == whole->unknowns);
}

dt_whole *dt_whole_new(dt_arena *arena, dt_group *group)
{
    const dt_group_plan *plan = group->plan;
    const dt_places *places = plan->places;
    assert(plan->width == 1 && plan->game->forever);
    dt_whole *whole = dt_new(arena, dt_whole, 1);
    whole->group = group;
    whole->surplus = plan->values == DT_VALUES_SURPLUS;
    whole->states = plan->states;
    whole->columns = plan->actors * (whole->surplus ? 2 : 1);
    whole->places = (size_t)places->nodes + places->leaves;
    whole->strategy = dt_new(arena, double, plan->game->options);
    take_choices(arena, whole, places);
    whole->column_actor = dt_new(arena, int, whole->columns);
    whole->factor_of = dt_new(arena, int, whole->columns);
    whole->discount = dt_new(arena, double, whole->columns);
    for (size_t c = 0; c < whole->columns; c++)
        whole->column_actor[c] = (int)(c % plan->actors);
    whole->log_sigma = dt_new(arena, double, whole->entries);
    whole->state = dt_new(arena, double, whole->states * whole->columns);
    whole->value = dt_new(arena, double, whole->places * whole->columns);
    whole->gets = dt_new(arena, double, whole->entries * whole->columns);
    whole->factor = dt_new(arena, double, plan->actors * whole->states * whole->states);
    whole->pivot = dt_new(arena, int, plan->actors * whole->states);
    whole->residual = dt_new(arena, double, whole->unknowns + 1);
    whole->matrix = dt_new(arena, double, (whole->unknowns + 1) * (whole->unknowns + 1));
    whole->matrix_pivot = dt_new(arena, int, whole->unknowns + 1);
    const size_t wide = DT_BLOCK * whole->columns;
    whole->block = dt_new(arena, double, whole->places *wide);
    whole->direct = dt_new(arena, double, whole->states *wide);
    whole->worth = dt_new(arena, double, wide);
    whole->utility = dt_new(arena, double, (size_t)plan->most_cells);
    whole->change = dt_new(arena, double, (size_t)plan->most_total *DT_BLOCK);
    whole->column = dt_new(arena, double, whole->states);
    whole->step = dt_new(arena, double, whole->unknowns);
    whole->trial = dt_new(arena, double, whole->unknowns);
    whole->odds = dt_new(arena, double, whole->unknowns);
    whole->kept = dt_new(arena, double, plan->game->options);
    whole->predicted = dt_new(arena, double, plan->game->options);
    for (int i = 0; i < 5; i++)
        whole->follow[i] = dt_new(arena, double, whole->unknowns + 1);
    dt_whole_renew(whole);
    return whole;
}

void dt_whole_renew(dt_whole *whole)
{
    const dt_group *group = whole->group;
    whole->factors = 0;
    for (size_t c = 0; c < whole->columns; c++) {
        whole->discount[c] = group->discount[whole->column_actor[c]];
        whole->factor_of[c] = whole->factors;
        for (size_t e = 0; e < c && whole->factor_of[c] == whole->factors; e++) {
            if (whole->discount[e] == whole->discount[c])
                whole->factor_of[c] = whole->factor_of[e];
        }
        whole->factors += whole->factor_of[c] == whole->factors;
    }
    dt_constant_forever(whole->group);
    dt_constant_over(whole->group, 0);
}

/* ---- evaluating it --------------------------------------------------------------------------- */

static void play(dt_whole *whole, const double *z)
{
    for (size_t c = 0; c < whole->choices; c++) {
        const dt_simplex *choice = &whole->choice[c];
        const double *odds = z + choice->unknown;
        double *sigma = whole->strategy + choice->option,
               *log_sigma = whole->log_sigma + choice->entry;
        double top = 0, sum = 0;
        for (int a = 1; a < choice->options; a++)
            top = dt_greater(odds[a - 1], top);
        for (int a = 0; a < choice->options; a++)
            sum += sigma[a] = exp((a == 0 ? 0 : odds[a - 1]) - top);
        for (int a = 0; a < choice->options; a++) {
            sigma[a] /= sum;
            log_sigma[a] = (a == 0 ? 0 : odds[a - 1]) - top - log(sum);
        }
    }
}

/* The place where a state's period begins. */
static uint32_t place_of(const dt_whole *whole, size_t state)
{
    const dt_places *places = whole->group->plan->places;
    return places->place[places->game->state_place[state]];
}

/* The chain over states, columns first … first+count-1 of P, into whole->direct [states][count]. */
static void chain(dt_whole *whole, size_t first, size_t count)
{
    const dt_places *places = whole->group->plan->places;
    double *value = whole->block;
    for (uint32_t leaf = 0; leaf < places->leaves; leaf++) {
        double *to = value + (places->nodes + leaf) * count;
        const size_t state = places->leaf[leaf].state;
        for (size_t i = 0; i < count; i++)
            to[i] = state == first + i ? 1 : 0;
    }
    for (uint32_t n = places->nodes; n-- > 0;) {
        dt_joint at = dt_joint_first(whole, n);
        double *to = value + n * count;
        memset(to, 0, count * sizeof *to);
        for (int c = 0; c < at.menu->cells; c++, dt_joint_next(&at))
            dt_add_branches(whole, dt_cell_of(places, n, c), dt_joint_but(&at, DT_NONE), count,
                            value, to);
    }
    for (size_t s = 0; s < whole->states; s++)
        memcpy(whole->direct + s * count, value + place_of(whole, s) * count,
               count * sizeof *value);
}

/* Factors I - δ P for every discount. False if one is singular, or the numbers are no numbers. */
static bool factor(dt_whole *whole)
{
    const size_t states = whole->states;
    for (size_t first = 0; first < states; first += DT_BLOCK) {
        const size_t count = states - first < DT_BLOCK ? states - first : DT_BLOCK;
        chain(whole, first, count);
        for (size_t c = 0; c < whole->columns; c++) {
            double *matrix = whole->factor + (size_t)whole->factor_of[c] * states * states;
            for (size_t s = 0; s < states; s++) {
                for (size_t i = 0; i < count; i++)
                    matrix[s * states + first + i] =
                        (s == first + i) - whole->discount[c] * whole->direct[s * count + i];
            }
        }
    }
    for (int f = 0; f < whole->factors; f++) {
        if (dt_factor(whole->factor + (size_t)f * states * states, (int)states,
                      whole->pivot + (size_t)f * states) == 0)
            return false;
    }
    return true;
}

/* Values of all columns at all places where the next period is worth whole->state, and what options get. */
static void evaluate(dt_whole *whole)
{
    const dt_group *group = whole->group;
    const dt_places *places = group->plan->places;
    const size_t columns = whole->columns, actors = group->plan->actors;
    for (uint32_t leaf = 0; leaf < places->leaves; leaf++) {
        double *to = whole->value + (places->nodes + leaf) * columns;
        const dt_leaf *here = &places->leaf[leaf];
        for (size_t c = 0; c < columns; c++) {
            to[c] = c < actors ? group->due[here->row * group->plan->paid + c] : 0;
            if (here->state < whole->states)
                to[c] += whole->discount[c] * whole->state[here->state * columns + c];
            else if (c < actors)
                to[c] += group->over[c];
        }
    }
    memset(whole->gets, 0, whole->entries * columns * sizeof *whole->gets);
    for (uint32_t n = places->nodes; n-- > 0;) {
        dt_joint at = dt_joint_first(whole, n);
        double *to = whole->value + n * columns, *worth = whole->worth;
        memset(to, 0, columns * sizeof *to);
        for (int c = 0; c < at.menu->cells; c++, dt_joint_next(&at)) {
            const dt_cell *cell = dt_cell_of(places, n, c);
            memset(worth, 0, columns * sizeof *worth);
            memcpy(worth, group->payment + cell->row * group->plan->paid, actors * sizeof *worth);
            dt_add_branches(whole, cell, 1, columns, whole->value, worth);
            const double joint = dt_joint_but(&at, DT_NONE);
            for (size_t i = 0; i < columns; i++)
                to[i] += joint * worth[i];
            for (uint32_t d = whole->choice_of[n]; d < whole->choice_of[n + 1]; d++) {
                const dt_simplex *choice = &whole->choice[d];
                const double others = dt_joint_but(&at, choice->k);
                double *gets =
                    whole->gets + (choice->entry + (size_t)at.option[choice->k]) * columns;
                for (size_t i = 0; i < columns; i++)
                    gets[i] += others * worth[i];
            }
        }
        for (uint32_t d = whole->choice_of[n]; d < whole->choice_of[n + 1] && whole->surplus; d++) {
            const dt_simplex *choice = &whole->choice[d];
            const int actor = group->plan->game->rules->agent[choice->agent].member[0];
            for (int a = 0; a < choice->options; a++)
                to[actors + (size_t)actor] -= whole->strategy[choice->option + (uint32_t)a] *
                                              whole->log_sigma[choice->entry + (uint32_t)a];
        }
    }
}

/* V = (I - δ P)⁻¹ r, of every column. */
static void solve_states(dt_whole *whole)
{
    const size_t states = whole->states, columns = whole->columns;
    for (size_t c = 0; c < columns; c++) {
        const size_t f = (size_t)whole->factor_of[c];
        for (size_t s = 0; s < states; s++)
            whole->column[s] = whole->value[place_of(whole, s) * columns + c];
        dt_substitute(whole->factor + f * states * states, (int)states, whole->pivot + f * states,
                      whole->column);
        for (size_t s = 0; s < states; s++)
            whole->state[s * columns + c] = whole->column[s];
    }
}

double dt_whole_weight(const dt_whole *whole, int agent, size_t column)
{
    const dt_group *group = whole->group;
    const size_t actors = group->plan->actors;
    const dt_agent *who = &group->plan->game->rules->agent[agent];
    for (int m = 0; m < who->members; m++) {
        if (who->member[m] != whole->column_actor[column])
            continue;
        return column >= actors ? 1
                                : whole->scale * group->world->rationality[agent] * who->weight[m];
    }
    return 0;
}

double dt_whole_at(dt_whole *whole, const double *z, double t)
{
    const size_t columns = whole->columns;
    whole->scale = t;
    play(whole, z);
    if (!factor(whole))
        return INFINITY;
    memset(whole->state, 0, whole->states * columns * sizeof *whole->state);
    evaluate(whole);
    solve_states(whole);
    evaluate(whole);
    double most = 0;
    for (size_t d = 0; d < whole->choices; d++) {
        const dt_simplex *choice = &whole->choice[d];
        const double *first = whole->gets + choice->entry * columns;
        for (size_t a = 1; a < (size_t)choice->options; a++) {
            double gain = 0;
            for (size_t i = 0; i < columns; i++) {
                const double weight = dt_whole_weight(whole, choice->agent, i);
                gain += weight == 0 ? 0 : weight * (first[a * columns + i] - first[i]);
            }
            const size_t at = choice->unknown + a - 1;
            whole->residual[at] = z[at] - gain;
            const double off = fabs(whole->residual[at]);
            most = off <= most ? most : off; /* NaN is far */
        }
    }
    return most;
}

void dt_whole_rate(const dt_whole *whole, double *rate)
{
    const size_t columns = whole->columns;
    for (size_t d = 0; d < whole->choices; d++) {
        const dt_simplex *choice = &whole->choice[d];
        const dt_agent *agent = &whole->group->plan->game->rules->agent[choice->agent];
        const double *first = whole->gets + choice->entry * columns;
        const double rationality = whole->group->world->rationality[choice->agent];
        for (size_t a = 1; a < (size_t)choice->options; a++) {
            double gain = 0;
            for (int m = 0; m < agent->members; m++) {
                const size_t i = (size_t)agent->member[m];
                assert(i < whole->group->plan->actors);
                gain += agent->weight[m] * (first[a * columns + i] - first[i]);
            }
            rate[choice->unknown + a - 1] = -rationality * gain;
        }
    }
}

void dt_whole_odds(const dt_whole *whole, const double *strategy, double *z)
{
    for (size_t d = 0; d < whole->choices; d++) {
        const dt_simplex *choice = &whole->choice[d];
        const double *sigma = strategy + choice->option;
        for (int a = 1; a < choice->options; a++) {
            const double odds =
                log(dt_greater(sigma[a], DBL_MIN)) - log(dt_greater(sigma[0], DBL_MIN));
            z[choice->unknown + (uint32_t)a - 1] =
                dt_lesser(dt_greater(odds, -MOST_ODDS), MOST_ODDS);
        }
    }
}
