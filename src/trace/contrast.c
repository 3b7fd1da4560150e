/*
 * The difference of two outcomes, split over play: the performance difference lemma (Kakade & Langford
 * 2002) for an outcome in place of a payoff and two games in place of one.
 *
 * Let u(t, n) be what the outcome will still gain under `there` from place n of period t on. With mass
 * d(t, n) of play under `here`, and q the probabilities of its strategies and its chance,
 *
 *     part(t, n) = d(t, n) (Σ q(n') u(t', n') - u(t, n))
 *
 * is the change that place n makes: play comes there as under `here`, does there as under `here`, and goes
 * on as under `there`. A place that the game of `there` hasn't gets u as if play went on as under
 * `here` until it comes to one that it has: u(n) = Σ q(n') u(n'), so that its part is 0. The sum of
 * all parts telescopes to the difference of the outcomes, exactly, however places are matched.
 *
 * Matched are places of the same stage, variables and choices, where a variable counts as the same if
 * both have it as their policies start it. What a leaf adds is a part of its own: other numbers in the
 * outcome's argument. If it leads to a stage that `there` skips, that is this stage's.
 *
 * Backward recursions keep u of the states in which periods begin, from which that of all places of a
 * period is made again as the forward pass comes to it: so each period is worked out twice, and the
 * places of one are in memory. Invariant: the parts sum to the difference up to rounding, which is
 * asserted.
 */
#include "trace/contrast.h"

#include <assert.h>
#include <math.h>

#include "game/intern.h"
#include "trace/forward.h"
#include "trace/profile.h"

typedef struct matching {
    const dt_game *here, *there;
    uint32_t *like;  /* [places of here] of there, or DT_NOWHERE */
    uint32_t *opens; /* [places of there] the first period in which it can occur */
} matching;

/* One of the two solutions with what its outcome still gains. */
typedef struct course {
    const dt_solution *solution;
    const dt_game *game;
    dt_form form;
    /* of the outcome, 0 where it has none; [horizon][rows] where the game reads `now`, else [1][rows], as
     * it is the same in every period */
    double *argument;
    double
        *rest; /* [horizon][rows] what all later periods count of a state that stands; else NULL */
    double *gain;  /* [places] u in the period at hand, of places that can occur in it */
    double *begin; /* [horizon][states] u as each period begins, of states that can occur then */
    double *space; /* work space of dt_profile */
    /* NULL, or whose play goes on where it has a like: gains are u then, else what they are by this
     * solution alone */
    const struct course *there;
    const matching *match;
} course;

/* ---- which places are alike -------------------------------------------------------------------- */

/* Variables and choices as they are, and the stage behind them; started variables as under `there`. */
static void translate(const matching *m, uint32_t place, uint32_t *key)
{
    const dt_game *here = m->here;
    const uint32_t words = here->layout.words;
    dt_key_copy(key, here->key + (size_t)place * words, words);
    for (int v = 0; v < here->model->variables; v++) {
        const dt_field *field = &here->layout.field[v];
        if (dt_key_get(field, key) == here->rules->start[v])
            dt_key_set(field, key, m->there->rules->start[v]);
    }
    key[words] = dt_game_stage(here, place);
}

static matching match(dt_arena *scratch, const dt_game *here, const dt_game *there)
{
    const uint32_t words = there->layout.words;
    const uint32_t places = there->nodes + there->leaves;
    matching m = {.here = here, .there = there};
    assert(here->model == there->model && here->layout.words == words);
    dt_keys keys = {.arena = scratch, .words = words + 1};
    uint32_t *key = dt_new(scratch, uint32_t, words + 1);
    bool added;
    for (uint32_t p = 0; p < places; p++) {
        dt_key_copy(key, there->key + (size_t)p * words, words);
        key[words] = dt_game_stage(there, p);
        const uint32_t number =
            dt_keys_intern(&keys, key, words + 1, dt_key_hash(key, words + 1), &added);
        assert(added && number == p && "places of a stage differ in their keys");
        (void)number;
    }
    m.like = dt_new(scratch, uint32_t, here->nodes + here->leaves);
    for (uint32_t p = 0; p < here->nodes + here->leaves; p++) {
        translate(&m, p, key);
        const uint32_t number =
            dt_keys_intern(&keys, key, words + 1, dt_key_hash(key, words + 1), &added);
        m.like[p] = number < places ? number : DT_NOWHERE;
    }
    m.opens = dt_new(scratch, uint32_t, places);
    for (uint32_t s = 0; s <= there->stages; s++) {
        uint32_t known = 0;
        for (uint32_t t = 0; t < there->horizon; t++) {
            for (const uint32_t count = dt_game_count(there, s, t); known < count; known++)
                m.opens[there->stage_first[s] + known] = t;
        }
        for (; known < there->stage_first[s + 1] - there->stage_first[s]; known++)
            m.opens[there->stage_first[s] + known] = DT_NOWHERE;
    }
    return m;
}

/* The like of a place in period t, or DT_NOWHERE. */
static uint32_t like_in(const matching *m, uint32_t t, uint32_t place)
{
    const uint32_t like = m->like[place];
    return like != DT_NOWHERE && m->opens[like] <= t ? like : DT_NOWHERE;
}

/* ---- what the outcome still gains -------------------------------------------------------------- */

static double argument_of(const course *c, uint32_t t, uint32_t row)
{
    return c->argument[(c->rest ? (size_t)t * c->game->rows : 0) + row];
}

/* What is counted of a state that stands after an end in period t, with `left` periods after it. */
static double counted_over(const course *c, uint32_t t, uint32_t left, uint32_t row)
{
    if (c->rest)
        return c->rest[(size_t)t * c->game->rows + row];
    return dt_form_over(c->form, left, c->game->horizon) * c->argument[row];
}

/* What is counted at a leaf at the end of period t; *goes_on: and more may follow. */
static double counted_at(const course *c, uint32_t t, uint32_t leaf, bool *goes_on)
{
    const dt_game *game = c->game;
    const double x = argument_of(c, t, game->leaf_outcome[leaf]);
    const uint32_t left = game->horizon - t - 1; /* periods after this one */
    const bool ended = game->leaf_ended[leaf], gate = dt_form_table[c->form].gate;
    *goes_on = left > 0 && !ended && !(gate && x != 0);
    double sum = dt_form_now(c->form, left, game->horizon) * (gate ? x != 0 : x);
    if (ended && !gate)
        sum += counted_over(c, t, left, game->leaf_standing[leaf]);
    return sum;
}

/* u as period t begins, [states]. */
static double *begin_of(const course *c, uint32_t t)
{
    assert(t < c->game->horizon);
    return c->begin + (size_t)t * c->game->states;
}

/* Whether the other solution knows what a place gains. */
static bool known(const course *c, uint32_t t, uint32_t place, double *gain)
{
    const uint32_t like = c->match ? like_in(c->match, t, place) : DT_NOWHERE;
    if (like != DT_NOWHERE)
        *gain = c->there->gain[like];
    return like != DT_NOWHERE;
}

static void gain_of_leaves(const course *c, uint32_t t)
{
    const dt_game *game = c->game;
    double *gain = c->gain + game->nodes;
    for (uint32_t leaf = 0; leaf < dt_game_count(game, game->stages, t); leaf++) {
        if (known(c, t, game->nodes + leaf, &gain[leaf]))
            continue;
        bool goes_on;
        gain[leaf] = counted_at(c, t, leaf, &goes_on);
        if (goes_on)
            gain[leaf] += begin_of(c, t + 1)[game->leaf_next[leaf]];
    }
}

/* Σ q(n') u(n') over what follows a node. */
static double expect(const course *c, uint32_t t, uint32_t n)
{
    const dt_game *game = c->game;
    const double *coefficient = dt_solution_world(c->solution, t)->coefficient;
    const dt_menu *menu = &game->menu[game->node_menu[n]];
    const double *profile =
        dt_profile(menu, dt_strategy_at(c->solution->strategy, game, t, n), c->space);
    double sum = 0;
    for (int cell = 0; cell < menu->cells; cell++) {
        const uint64_t at = game->node_cell[n] + (uint64_t)cell;
        const uint32_t *chance = dt_cell_coefficients(game, at);
        for (uint64_t b = game->cell_branch[at]; b < game->cell_branch[at + 1]; b++) {
            assert(game->branch_target[b] > n);
            sum += profile[cell] * coefficient[*chance++] * c->gain[game->branch_target[b]];
        }
    }
    return sum;
}

static void gain_of_nodes(const course *c, uint32_t t)
{
    for (uint32_t s = c->game->stages; s-- > 0;) {
        const uint32_t first = c->game->stage_first[s], count = dt_game_count(c->game, s, t);
        for (uint32_t n = first; n < first + count; n++) {
            if (!known(c, t, n, &c->gain[n]))
                c->gain[n] = expect(c, t, n);
        }
    }
}

/* All places of a period, from the states in which the next begins; before it those of `there`, if play
 * goes on so. */
static void gain_of_period(const course *c, uint32_t t)
{
    if (c->there)
        gain_of_period(c->there, t);
    gain_of_leaves(c, t);
    gain_of_nodes(c, t);
}

static void keep(const course *c, uint32_t t)
{
    for (uint32_t state = 0; state < c->game->states; state++)
        begin_of(c, t)[state] = c->gain[c->game->state_place[state]];
}

static void follow(const course *c)
{
    for (uint32_t t = c->game->horizon; t-- > 0;) {
        gain_of_period(c, t);
        keep(c, t);
        if (c->there)
            keep(c->there, t);
    }
}

static double start_gain(const course *c)
{
    return dt_form_none(c->form, c->game->horizon) + begin_of(c, 0)[c->game->start];
}

/* The outcome's argument in each row, in the period of `world`. */
static void read_arguments(const dt_game *game, const dt_world *world, int outcome,
                           double *argument)
{
    for (uint32_t row = 0; row < game->rows; row++) {
        for (uint32_t e = game->row_first[row]; e < game->row_first[row + 1]; e++) {
            if (!game->row_pays[row] && game->row_column[e] == (uint32_t)outcome)
                argument[row] = world->coefficient[game->row_coefficient[e]];
        }
    }
}

/* rest(t) = rest(t+1) + what a state that stands counts in period t+1. */
static double *sum_rests(dt_arena *scratch, const course *c)
{
    const size_t rows = c->game->rows;
    double *rest = dt_take(scratch, c->game->horizon, rows * sizeof *rest);
    for (uint32_t t = c->game->horizon - 1; t-- > 0;) {
        const uint32_t left = c->game->horizon - t - 2;
        const double stands = dt_form_stands(c->form, left, c->game->horizon);
        for (size_t r = 0; r < rows; r++)
            rest[t * rows + r] =
                rest[(t + 1) * rows + r] + stands * c->argument[(t + 1) * rows + r];
    }
    return rest;
}

static course prepare(dt_arena *scratch, const dt_solution *solution, int outcome)
{
    const dt_game *game = solution->game;
    course c = {.solution = solution, .game = game};
    c.form = game->model->outcome[outcome].form;
    const uint32_t periods = game->dated ? game->horizon : 1;
    c.argument = dt_take(scratch, periods, game->rows * sizeof *c.argument);
    for (uint32_t t = 0; t < periods; t++)
        read_arguments(game, dt_solution_world(solution, t), outcome, c.argument + t * game->rows);
    if (game->dated)
        c.rest = sum_rests(scratch, &c);
    c.gain = dt_new(scratch, double, game->nodes + game->leaves);
    c.begin = dt_take(scratch, game->horizon, game->states * sizeof *c.begin);
    c.space = dt_new(scratch, double, (size_t)dt_profile_room(game));
    return c;
}

/* ---- the parts --------------------------------------------------------------------------------- */

typedef struct contrast {
    course here, there;
    matching match;
    dt_forward *flow; /* of play under `here` */
    dt_contrast *result;
    dt_contrast_stage *side[2]; /* [stages] the largest situations whose part is above 0, below 0 */
} contrast;

/* A situation's part is its stage's. */
static void account(const contrast *c, uint32_t t, uint32_t place, double part)
{
    const uint32_t stage = dt_game_stage(c->here.game, place);
    if (stage == c->here.game->stages) {
        c->result->counted += part; /* no stage is played */
        return;
    }
    c->result->stage[stage].part += part;
    dt_contrast_stage *largest = &c->side[part < 0][stage];
    if (fabs(part) > fabs(largest->largest))
        *largest = (dt_contrast_stage){0, t, place, part};
}

static void contrast_leaf(const contrast *c, uint32_t t, uint32_t leaf)
{
    const dt_game *game = c->here.game;
    const uint32_t place = game->nodes + leaf;
    const double mass = c->flow->mass[place];
    bool goes_on, there_too = false;
    const double ours = counted_at(&c->here, t, leaf, &goes_on);
    double next = 0;
    if (goes_on)
        next = begin_of(&c->here, t + 1)[game->leaf_next[leaf]];
    else
        c->flow->mass[place] = 0;
    const double part = mass * (ours + next - c->here.gain[place]);
    const uint32_t like = like_in(&c->match, t, place);
    if (like == DT_NOWHERE)
        return; /* part is 0 */
    const double theirs = counted_at(&c->there, t, like - c->there.game->nodes, &there_too);
    if (!goes_on || !there_too) {
        c->result->counted += part;
        return;
    }
    c->result->counted += mass * (ours - theirs);
    const double rest = part - mass * (ours - theirs);
    if (fabs(rest) > 1e-13 * fabs(mass * next)) /* else it is rounding */
        account(c, t + 1, game->state_place[game->leaf_next[leaf]], rest);
    else
        c->result->counted += rest;
}

static void contrast_period(const contrast *c, uint32_t t)
{
    const dt_game *game = c->here.game;
    dt_forward_to(c->flow, t);
    gain_of_period(&c->here, t);
    for (uint32_t s = 0; s < game->stages; s++) {
        const uint32_t first = game->stage_first[s], count = dt_game_count(game, s, t);
        for (uint32_t n = first; n < first + count; n++) {
            const double mass = c->flow->mass[n];
            if (mass != 0)
                account(c, t, n, mass * (expect(&c->here, t, n) - c->here.gain[n]));
        }
    }
    for (uint32_t leaf = 0; leaf < dt_game_count(game, game->stages, t); leaf++) {
        if (c->flow->mass[game->nodes + leaf] != 0)
            contrast_leaf(c, t, leaf);
    }
}

/* What the outcome can amount to at most, and its parts before they cancel out. */
static double most_counted(const course *c)
{
    double most = 1;
    const size_t arguments = (size_t)c->game->rows * (c->rest ? c->game->horizon : 1);
    for (size_t i = 0; i < arguments; i++)
        most = fmax(most, fabs(c->argument[i]));
    return most * c->game->horizon;
}

double dt_contrast_room(const dt_solution *here, const dt_solution *there)
{
    const dt_game *a = here->game, *b = there->game;
    const double rows = (a->dated ? 2.0 * a->rows : 0) + (b->dated ? 2.0 * b->rows : 0);
    const double places = (double)a->nodes + a->leaves + b->nodes + b->leaves;
    return (places + ((double)a->states + b->states + rows) * a->horizon) * sizeof(double);
}

/* The largest situation of each stage, of the sign that the stage has. */
static void choose_sides(const contrast *c)
{
    for (uint32_t s = 0; s < c->here.game->stages; s++) {
        dt_contrast_stage *stage = &c->result->stage[s];
        const double part = stage->part;
        *stage = c->side[part < 0][s];
        stage->part = part;
    }
}

dt_contrast *dt_contrast_make(dt_arena *arena, dt_arena *scratch, const dt_solution *here,
                              const dt_solution *there, int outcome)
{
    const dt_game *game = here->game;
    assert(outcome >= 0 && outcome < game->model->outcomes);
    dt_contrast *result = dt_new(arena, dt_contrast, 1);
    result->stage = dt_new(arena, dt_contrast_stage, game->stages);
    contrast c = {.result = result, .match = match(scratch, game, there->game)};
    for (int side = 0; side < 2; side++) {
        c.side[side] = dt_new(scratch, dt_contrast_stage, game->stages);
        for (uint32_t s = 0; s < game->stages; s++)
            c.side[side][s].node = c.side[side][s].period = DT_NOWHERE;
    }
    c.here = prepare(scratch, here, outcome);
    c.there = prepare(scratch, there, outcome);
    c.flow = dt_forward_new(scratch, here, 1);
    follow(&c.here);
    result->here = start_gain(&c.here);
    c.here.there = &c.there;
    c.here.match = &c.match;
    follow(&c.here); /* the same again, but going on as under `there` */
    result->there = start_gain(&c.there);

    account(&c, 0, game->state_place[game->start], start_gain(&c.here) - result->there);
    for (uint32_t t = 0; t < game->horizon; t++)
        contrast_period(&c, t);
    choose_sides(&c);
    double sum = result->counted;
    for (uint32_t s = 0; s < game->stages; s++)
        sum += result->stage[s].part;
    const double rounding = 1e-9 * (most_counted(&c.here) + most_counted(&c.there));
    assert(fabs(sum - (result->here - result->there)) <= rounding);
    (void)rounding;
    return result;
}
