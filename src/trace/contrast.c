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
 * With private variables a place is one of each joint point of beliefs and each joint type that can be true there, and
 * q is that of the exact chain (src/solve/private_chain.c): d, u and parts have a column for each. A part is told
 * by what is true, too, and what the two draw otherwise as play begins is a part of its own.
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
#include <string.h>

#include "game/intern.h"
#include "solve/private_chain.h"
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
    size_t columns; /* points × types of private variables; 1 without any */
    dt_private_chain
        *chain;           /* by which ways are gone backwards, and mass flows; NULL without any */
    const double *begins; /* [columns] the chance with which play begins there */
    bool *possible;       /* [columns] whether the type is thought possible at the point */
    /* of the outcome, 0 where it has none; [horizon][rows][columns] where the game reads `now`, else
     * [1][rows][columns], as it is the same in every period */
    double *argument;
    double *rest; /* [horizon][rows][columns] what all later periods count of a state that stands;
                      else NULL */
    double *gain; /* [places][columns] u in the period at hand, of places that can occur in it */
    double *
        begin; /* [horizon][states][columns] u as each period begins, of states that can occur then */
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

static double argument_of(const course *c, uint32_t t, uint32_t row, size_t column)
{
    return c->argument[((c->rest ? (size_t)t * c->game->rows : 0) + row) * c->columns + column];
}

/* What is counted of a state that stands after an end in period t, with `left` periods after it. */
static double counted_over(const course *c, uint32_t t, uint32_t left, uint32_t row, size_t column)
{
    if (c->rest)
        return c->rest[((size_t)t * c->game->rows + row) * c->columns + column];
    return dt_form_over(c->form, left, c->game->horizon) * c->argument[row * c->columns + column];
}

/* What is counted at a leaf at the end of period t; *goes_on: and more may follow. */
static double counted_at(const course *c, uint32_t t, uint32_t leaf, size_t column, bool *goes_on)
{
    const dt_game *game = c->game;
    const double x = argument_of(c, t, game->leaf_outcome[leaf], column);
    const uint32_t left = game->horizon - t - 1; /* periods after this one */
    const bool ended = game->leaf_ended[leaf], gate = dt_form_table[c->form].gate;
    *goes_on = left > 0 && !ended && !(gate && x != 0);
    double sum = dt_form_now(c->form, left, game->horizon) * (gate ? x != 0 : x);
    if (ended && !gate)
        sum += counted_over(c, t, left, game->leaf_standing[leaf], column);
    return sum;
}

/* u as period t begins, [states][columns]. */
static double *begin_of(const course *c, uint32_t t)
{
    assert(t < c->game->horizon);
    return c->begin + (size_t)t * c->game->states * c->columns;
}

/* Whether the other solution knows what a place gains, [columns]. */
static bool known(const course *c, uint32_t t, uint32_t place, double *gain)
{
    const uint32_t like = c->match ? like_in(c->match, t, place) : DT_NOWHERE;
    if (like != DT_NOWHERE)
        memcpy(gain, c->there->gain + (size_t)like * c->columns, c->columns * sizeof *gain);
    return like != DT_NOWHERE;
}

static void gain_of_leaves(const course *c, uint32_t t)
{
    const dt_game *game = c->game;
    for (uint32_t leaf = 0; leaf < dt_game_count(game, game->stages, t); leaf++) {
        double *gain = c->gain + ((size_t)game->nodes + leaf) * c->columns;
        if (known(c, t, game->nodes + leaf, gain))
            continue;
        for (size_t w = 0; w < c->columns; w++) {
            bool goes_on;
            gain[w] = c->possible[w] ? counted_at(c, t, leaf, w, &goes_on) : 0;
            if (c->possible[w] && goes_on)
                gain[w] += begin_of(c, t + 1)[game->leaf_next[leaf] * c->columns + w];
        }
    }
}

/* Σ q(n') u(n') over what follows a node. */
static double expect_plain(const course *c, uint32_t t, uint32_t n)
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

/* The same at each point and type, [columns]. */
static void expect(const course *c, uint32_t t, uint32_t n, double *sum)
{
    if (c->chain)
        dt_private_chain_expect(c->chain, n, t, c->gain, sum);
    else
        *sum = expect_plain(c, t, n);
}

static void gain_of_nodes(const course *c, uint32_t t)
{
    for (uint32_t s = c->game->stages; s-- > 0;) {
        const uint32_t first = c->game->stage_first[s], count = dt_game_count(c->game, s, t);
        for (uint32_t n = first; n < first + count; n++) {
            double *gain = c->gain + (size_t)n * c->columns;
            if (!known(c, t, n, gain))
                expect(c, t, n, gain);
        }
    }
}

/* All places of a period, from the states in which the next begins; before it those of `there`, if play
 * goes on so. */
static void gain_of_period(const course *c, uint32_t t)
{
    if (c->there)
        gain_of_period(c->there, t);
    if (c->chain)
        dt_private_chain_turn(c->chain, t);
    gain_of_leaves(c, t);
    gain_of_nodes(c, t);
}

static void keep(const course *c, uint32_t t)
{
    for (uint32_t state = 0; state < c->game->states; state++)
        memcpy(begin_of(c, t) + state * c->columns,
               c->gain + c->game->state_place[state] * c->columns, c->columns * sizeof *c->gain);
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

/* By the chances with which play begins in each column. */
static double start_gain(const course *c, const double *begins)
{
    double sum = dt_form_none(c->form, c->game->horizon);
    for (size_t w = 0; w < c->columns; w++)
        sum += begins[w] != 0 ? begins[w] * begin_of(c, 0)[c->game->start * c->columns + w] : 0;
    return sum;
}

/* The outcome's argument in each row, in the period of `world`. */
static void read_arguments(const course *c, const dt_world *world, int outcome, double *argument)
{
    const dt_game *game = c->game;
    for (uint32_t row = 0; row < game->rows; row++) {
        for (uint32_t e = game->row_first[row]; e < game->row_first[row + 1]; e++) {
            if (!game->row_pays[row] && game->row_column[e] == (uint32_t)outcome)
                memcpy(argument + row * c->columns,
                       world->coefficient + game->row_coefficient[e] * c->columns,
                       c->columns * sizeof *argument);
        }
    }
}

/* rest(t) = rest(t+1) + what a state that stands counts in period t+1. */
static double *sum_rests(dt_arena *scratch, const course *c)
{
    const size_t rows = c->game->rows * c->columns;
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

/* What there is of points and types. */
static void prepare_columns(dt_arena *scratch, course *c)
{
    static const double certain = 1;
    dt_private *work = c->solution->private;
    c->chain = work ? dt_private_chain_new(scratch, work, 1) : NULL;
    c->columns = c->chain ? c->chain->columns : 1;
    c->begins = work ? work->begins : &certain;
    c->possible = dt_new(scratch, bool, c->columns);
    for (size_t w = 0; w < c->columns; w++)
        c->possible[w] = !c->chain || dt_private_chain_possible(c->chain, w);
}

static course prepare(dt_arena *scratch, const dt_solution *solution, int outcome)
{
    const dt_game *game = solution->game;
    course c = {.solution = solution, .game = game};
    prepare_columns(scratch, &c);
    c.form = game->model->outcome[outcome].form;
    const uint32_t periods = game->dated ? game->horizon : 1;
    const size_t rows = game->rows * c.columns;
    c.argument = dt_take(scratch, periods, rows * sizeof *c.argument);
    for (uint32_t t = 0; t < periods; t++) {
        if (c.chain)
            dt_private_chain_turn(c.chain, t);
        read_arguments(&c, c.chain ? c.chain->world : dt_solution_world(solution, t), outcome,
                       c.argument + t * rows);
    }
    if (game->dated)
        c.rest = sum_rests(scratch, &c);
    c.gain = dt_new(scratch, double, ((size_t)game->nodes + game->leaves) * c.columns);
    c.begin = dt_take(scratch, game->horizon, game->states * c.columns * sizeof *c.begin);
    c.space = dt_new(scratch, double, (size_t)dt_profile_room(game));
    return c;
}

/* ---- the parts --------------------------------------------------------------------------------- */

typedef struct contrast {
    course here, there;
    matching match;
    dt_forward *flow; /* of play under `here`, without private variables */
    double *next;     /* [columns] work space */
    double *part;     /* [columns] likewise */
    dt_contrast *result;
    dt_contrast_stage *side[2]; /* [stages] the largest situations whose part is above 0, below 0 */
} contrast;

/* Of what is played under `here`, [places][columns]. */
static double *mass_at(const contrast *c, uint32_t place)
{
    return (c->flow ? c->flow->mass : c->here.chain->mass) + (size_t)place * c->here.columns;
}

static void flow_to(const contrast *c, uint32_t t)
{
    if (c->flow)
        dt_forward_to(c->flow, t);
    else
        dt_private_chain_to(c->here.chain, t);
}

/* What is told of a part by each value of a private variable that is true there. */
static void account_truths(const contrast *c, double *by, const double *part)
{
    const dt_game *game = c->here.game;
    const dt_beliefs *beliefs = c->here.chain->work->plan->beliefs;
    for (size_t w = 0; w < c->here.columns; w++) {
        for (size_t x = 0; x < beliefs->variables && part[w] != 0; x++)
            by[game->secret_first[x] +
               (size_t)dt_beliefs_rank(beliefs, x, (uint32_t)(w % beliefs->types))] += part[w];
    }
}

/* A situation's part [columns] is its stage's. */
static void account(const contrast *c, uint32_t t, uint32_t place, const double *part)
{
    const uint32_t stage = dt_game_stage(c->here.game, place);
    double sum = 0;
    for (size_t w = 0; w < c->here.columns; w++)
        sum += part[w];
    if (stage == c->here.game->stages) {
        c->result->counted += sum; /* no stage is played */
        return;
    }
    c->result->stage[stage].part += sum;
    if (c->here.chain)
        account_truths(c, c->result->stage[stage].by_truth, part);
    dt_contrast_stage *largest = &c->side[sum < 0][stage];
    if (fabs(sum) > fabs(largest->largest))
        *largest = (dt_contrast_stage){0, NULL, t, place, sum};
}

static void contrast_leaf(const contrast *c, uint32_t t, uint32_t leaf)
{
    const dt_game *game = c->here.game;
    const uint32_t place = game->nodes + leaf, next = game->leaf_next[leaf];
    const uint32_t like = like_in(&c->match, t, place);
    double *mass = mass_at(c, place);
    bool leads_on = false;
    for (size_t w = 0; w < c->here.columns; w++) {
        c->part[w] = 0;
        if (mass[w] == 0)
            continue;
        bool goes_on, there_too = false;
        const double ours = counted_at(&c->here, t, leaf, w, &goes_on);
        const double after = goes_on ? begin_of(&c->here, t + 1)[next * c->here.columns + w] : 0;
        const double part =
            mass[w] * (ours + after - c->here.gain[(size_t)place * c->here.columns + w]);
        if (like != DT_NOWHERE) { /* else the part is 0 */
            const double theirs =
                counted_at(&c->there, t, like - c->there.game->nodes, w, &there_too);
            const double rest = part - mass[w] * (ours - theirs);
            /* what is no more than rounding is left with what is counted */
            const bool other = goes_on && there_too && fabs(rest) > 1e-13 * fabs(mass[w] * after);
            c->part[w] = other ? rest : 0;
            c->result->counted += part - c->part[w];
            leads_on |= other;
        }
        if (!goes_on)
            mass[w] = 0;
    }
    if (leads_on)
        account(c, t + 1, game->state_place[next], c->part);
}

static void contrast_node(const contrast *c, uint32_t t, uint32_t node)
{
    const double *mass = mass_at(c, node);
    const double *gain = c->here.gain + (size_t)node * c->here.columns;
    bool comes = false;
    for (size_t w = 0; w < c->here.columns; w++)
        comes |= mass[w] != 0;
    if (!comes)
        return;
    expect(&c->here, t, node, c->next);
    for (size_t w = 0; w < c->here.columns; w++)
        c->part[w] = mass[w] != 0 ? mass[w] * (c->next[w] - gain[w]) : 0;
    account(c, t, node, c->part);
}

static void contrast_period(const contrast *c, uint32_t t)
{
    const dt_game *game = c->here.game;
    flow_to(c, t);
    gain_of_period(&c->here, t);
    for (uint32_t s = 0; s < game->stages; s++) {
        const uint32_t first = game->stage_first[s], count = dt_game_count(game, s, t);
        for (uint32_t n = first; n < first + count; n++)
            contrast_node(c, t, n);
    }
    for (uint32_t leaf = 0; leaf < dt_game_count(game, game->stages, t); leaf++)
        contrast_leaf(c, t, leaf);
}

/* What the first state is otherwise than under `there`, and what types are drawn otherwise. */
static void contrast_start(const contrast *c)
{
    const course *here = &c->here, *there = &c->there;
    const double *ours = begin_of(here, 0) + here->game->start * here->columns;
    const double *theirs = begin_of(there, 0) + there->game->start * there->columns;
    for (size_t w = 0; w < here->columns; w++) {
        c->part[w] = here->begins[w] != 0 ? here->begins[w] * (ours[w] - theirs[w]) : 0;
        if (here->begins[w] != there->begins[w])
            c->result->drawn += (here->begins[w] - there->begins[w]) * theirs[w];
    }
    account(c, 0, here->game->state_place[here->game->start], c->part);
}

/* What the outcome can amount to at most, and its parts before they cancel out. */
static double most_counted(const course *c)
{
    double most = 1;
    const size_t arguments = (size_t)c->game->rows * (c->rest ? c->game->horizon : 1) * c->columns;
    for (size_t i = 0; i < arguments; i++)
        most = c->possible[i % c->columns] ? fmax(most, fabs(c->argument[i])) : most;
    return most * c->game->horizon;
}

const char *dt_contrast_trouble(const dt_solution *here, const dt_solution *there)
{
    const dt_private *a = here->private, *b = there->private;
    bool alike = !a == !b && here->game->layout.words == there->game->layout.words;
    if (a && b && alike) {
        const dt_beliefs *x = a->plan->beliefs, *y = b->plan->beliefs;
        alike = x->variables == y->variables && x->points == y->points && x->types == y->types;
        for (size_t v = 0; v < x->variables && alike; v++)
            alike = here->game->secret_variable[v] == there->game->secret_variable[v];
    }
    return alike ? "" : "what is private under one of the two is known to all under the other";
}

static double room_of(const dt_solution *solution)
{
    const dt_game *game = solution->game;
    const dt_private *work = solution->private;
    const double columns =
        work ? (double)work->plan->beliefs->points * work->plan->beliefs->types : 1;
    const double rows = (game->dated ? 2.0 * game->horizon : 1.0) * game->rows;
    const double places = (double)game->nodes + game->leaves;
    return (places + (double)game->states * game->horizon + rows) * columns * sizeof(double) +
           (work ? dt_private_chain_bytes(work->plan, 1) : 0);
}

double dt_contrast_room(const dt_solution *here, const dt_solution *there)
{
    return room_of(here) + room_of(there);
}

/* The largest situation of each stage, of the sign that the stage has. */
static void choose_sides(const contrast *c)
{
    for (uint32_t s = 0; s < c->here.game->stages; s++) {
        dt_contrast_stage *stage = &c->result->stage[s];
        const dt_contrast_stage whole = *stage;
        *stage = c->side[whole.part < 0][s];
        stage->part = whole.part;
        stage->by_truth = whole.by_truth;
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
    c.flow = here->private ? NULL : dt_forward_new(scratch, here, 1);
    c.next = dt_new(scratch, double, c.here.columns);
    c.part = dt_new(scratch, double, c.here.columns);
    for (uint32_t s = 0; s < game->stages; s++)
        result->stage[s].by_truth =
            dt_new(arena, double, game->privates ? game->secret_first[game->privates] : 0);
    follow(&c.here);
    result->here = start_gain(&c.here, c.here.begins);
    c.here.there = &c.there;
    c.here.match = &c.match;
    follow(&c.here); /* the same again, but going on as under `there` */
    result->there = start_gain(&c.there, c.there.begins);

    contrast_start(&c);
    for (uint32_t t = 0; t < game->horizon; t++)
        contrast_period(&c, t);
    choose_sides(&c);
    double sum = result->counted + result->drawn;
    for (uint32_t s = 0; s < game->stages; s++)
        sum += result->stage[s].part;
    const double rounding = 1e-9 * (most_counted(&c.here) + most_counted(&c.there));
    assert(fabs(sum - (result->here - result->there)) <= rounding);
    (void)rounding;
    return result;
}
