/*
 * All that the referee solves. A task is a policy with one lookahead: its game is explored once (and once more for
 * worlds in which more or less is known to everybody), and solved for every number that the objections want of it, in
 * pieces, each of which can be kept in a file (base/kept.h). Tasks are done side by side; what each finds stands in its own
 * place, so that nothing depends on the order. After them come the bundles. What isn't solved is NaN.
 */
#include <math.h>
#include <string.h>

#include "base/threads.h"
#include "game/known.h"
#include "game/known_games.h"
#include "referee/referee.h"
#include "trace/ensemble.h"
#include "trace/outcomes.h"

enum { PIECE = 32 }; /* worlds that are solved and kept together */

typedef struct solving {
    dt_refereeing *r;
    size_t tasks, solves;
    unsigned char *status; /* [tasks] dt_status */
    _Atomic size_t done;   /* solutions */
    _Atomic size_t kept;   /* of them, those that were in the file */
    _Atomic bool stopped;
} solving;

/* One task, by one thread. */
typedef struct one {
    solving *all;
    size_t policy, lookahead; /* r->lookaheads: the model's own */
    dt_options options;
    dt_game *game;         /* of the nominal world; NULL: it wasn't needed yet */
    dt_known_games others; /* of worlds in which something else is known */
    dt_arena *arena;
    double *world;   /* [params] work space */
    double *outcome; /* [declared] likewise */
    dt_prize *prize; /* [ends * actors] likewise */
} one;

/* ---- pieces -------------------------------------------------------------------------------------- */

/* What a piece of work is about; each kind reads what it needs. */
typedef struct asked {
    size_t play;
    dt_variant variant;
    size_t first, count; /* worlds */
} asked;

typedef dt_status work(one *o, const asked *about);

/* A piece of work, unless it was kept; `solves` is how many solutions it takes. */
static dt_status do_piece(one *o, const char *name, work *of, const asked *about,
                          const dt_part *part, size_t parts, size_t solves)
{
    solving *all = o->all;
    if (dt_kept_take(all->r->kept, name, part, parts)) {
        all->done += solves;
        all->kept += solves;
        return DT_OK;
    }
    dt_status status = DT_OK;
    if (!o->game)
        status = dt_game_explore_known(all->r->model, o->policy, all->r->world, 1, &o->options,
                                       &o->game);
    if (status == DT_OK)
        status = of(o, about);
    return status == DT_OK ? dt_kept_add(all->r->kept, name, part, parts) : status;
}

static const char *name_piece(const one *o, const char *kind, size_t first, size_t second)
{
    dt_text text = {.arena = o->arena};
    dt_text_print(&text, "%s %zu %zu", kind, first, second);
    return dt_text_get(&text);
}

/* The numbers of a play in a world: the policy's settings, then what the expectation gives. */
static void settle(const one *o, const dt_referee_play *play, const double *from, double *world)
{
    memcpy(world, from, (size_t)o->game->model->params * sizeof *world);
    dt_game_settings(o->game, world);
    for (int i = 0; play->with && i < play->with->withs; i++)
        world[play->with->with[i].parameter] = play->with->with[i].value;
}

/* The game in which to solve a world that is settled. */
static dt_status find_game(one *o, const double *world, dt_game **game)
{
    *game = o->game;
    const dt_status status = dt_game_knows_exactly(o->game, world, &o->options);
    return status == DT_NO ? dt_known_games_of(&o->others, o->all->r->model, o->policy, world,
                                               &o->options, game)
                           : status;
}

/* ---- one world ----------------------------------------------------------------------------------- */

typedef struct forwarding {
    const one *o;
    const dt_solution *solution;
    double *number; /* [outcomes] */
} forwarding;

static dt_status work_out(dt_arena *arena, void *argument)
{
    const forwarding *f = argument;
    const dt_outcomes *found = dt_outcomes_forward(arena, f->solution, &f->o->options);
    for (size_t i = 0; i < f->o->all->r->outcomes; i++) {
        const bool known = found->broken[i] == DT_NOWHERE && isfinite(found->value[i]);
        f->number[i] = known ? found->value[i] : (double)NAN;
    }
    return DT_OK;
}

/* Which ends are prizes: what follows each, for each actor, if it is one. */
static dt_status find_prizes(one *o, const dt_solution *solution)
{
    const dt_refereeing *r = o->all->r;
    const size_t actors = (size_t)r->model->actors, most = (size_t)r->model->ends * actors;
    size_t count = 0;
    const dt_status status = dt_solution_prizes(solution, &o->options, o->prize, &count);
    for (size_t i = 0; i < count; i++)
        r->prize[o->policy * most + o->prize[i].end * actors + o->prize[i].actor] =
            o->prize[i].future;
    return status;
}

/* What the nominal world under a policy shows besides its outcomes. */
static dt_status look_at(one *o, const dt_solution *solution)
{
    dt_refereeing *r = o->all->r;
    dt_status status = dt_taken_add(r, solution, &o->options, &r->taken[o->policy]);
    if (status == DT_OK)
        status = dt_unpaid_add(r, solution, &o->options,
                               r->unpaid + o->policy * (size_t)r->model->terms);
    return status == DT_OK && r->model->ends > 0 ? find_prizes(o, solution) : status;
}

/* What a play is in the nominal world, and what is done under it. NaN where it isn't solved. */
static dt_status solve_one(one *o, const asked *about)
{
    dt_refereeing *r = o->all->r;
    const dt_referee_play *play = &r->play.at[about->play];
    dt_options options = o->options;
    dt_solution *solution = NULL;
    options.chance_alone = about->variant == DT_VARIANT_CHANCE;
    if (about->variant == DT_VARIANT_PRECISE)
        options.rationality_scale = dt_threshold_of(DT_THRESHOLD_PRECISE);
    settle(o, play, r->world, o->world);
    dt_game *game;
    dt_status status = find_game(o, o->world, &game);
    if (status == DT_OK)
        status = dt_solve_values(game, o->world, r->how->values, &options, &solution);
    if (status == DT_OK && about->variant == DT_VARIANT_PRECISE)
        status = dt_taken_add(r, solution, &options, &r->precise[o->policy]);
    else if (status == DT_OK)
        status = dt_job(
            &options, work_out,
            &(forwarding){o, solution, r->number[about->variant] + about->play * r->outcomes});
    if (status == DT_OK && about->variant == DT_VARIANT_NOMINAL && !play->with)
        status = look_at(o, solution);
    dt_solution_free(solution);
    o->all->done++;
    return status == DT_NO || status == DT_INVALID ? DT_OK : status; /* it stays NaN */
}

/* A play in a variant, and what is kept of it. */
static dt_status solve_variant(one *o, size_t play, dt_variant variant)
{
    const dt_refereeing *r = o->all->r;
    const size_t movers = r->first_mover[r->model->stages];
    const size_t actions = r->first_action[r->model->stages];
    const size_t terms = (size_t)r->model->terms;
    const size_t prizes = (size_t)r->model->ends * (size_t)r->model->actors;
    const bool precise = variant == DT_VARIANT_PRECISE;
    const dt_taken *taken = precise ? &r->precise[o->policy] : &r->taken[o->policy];
    const dt_part part[] = {
        {precise ? NULL : r->number[variant] + play * r->outcomes, precise ? 0 : r->outcomes},
        {taken->made,                                              movers                   },
        {taken->entropy,                                           movers                   },
        {taken->action,                                            actions                  },
        {r->unpaid + o->policy * terms,                            terms                    },
        {r->prize + o->policy * prizes,                            prizes                   },
    };
    const bool shows = variant == DT_VARIANT_NOMINAL && !r->play.at[play].with;
    const size_t parts = shows ? sizeof part / sizeof *part : precise ? 4 : 1;
    return do_piece(o, name_piece(o, "play", play, variant), solve_one,
                    &(asked){.play = play, .variant = variant}, part, parts, 1);
}

/* ---- many worlds --------------------------------------------------------------------------------- */

/* Worlds that are solved in one game: [count] which of those asked for, and their numbers [count][params]. */
typedef struct batch {
    dt_game *game;
    size_t count, *place;
    double *world;
} batch;

/* Takes from the worlds [count][params] the first that isn't done, and all others in which the same is known. */
static dt_status take_batch(one *o, const double *worlds, size_t count, bool *done, batch *b)
{
    const size_t params = (size_t)o->all->r->model->params;
    size_t first = 0;
    b->count = 0;
    while (first < count && done[first])
        first++;
    if (first == count)
        return DT_OK;
    dt_status status = find_game(o, worlds + first * params, &b->game);
    for (size_t w = first; w < count && status == DT_OK; w++) {
        if (done[w])
            continue;
        const dt_status fits = dt_game_knows_exactly(b->game, worlds + w * params, &o->options);
        if (fits == DT_OK) {
            done[w] = true;
            b->place[b->count] = w;
            if (params)
                memcpy(b->world + b->count * params, worlds + w * params, params * sizeof *worlds);
            b->count++;
        } else if (fits != DT_NO) {
            status = fits;
        }
    }
    return status;
}

static dt_status solve_batch(one *o, const batch *b, size_t outcomes, double *number, size_t step)
{
    dt_ensemble *ensemble;
    const dt_status status = dt_ensemble_expected(b->game, b->world, b->count,
                                                  o->all->r->how->values, &o->options, &ensemble);
    for (size_t w = 0; w < b->count && status == DT_OK; w++) {
        const dt_world_result result = dt_ensemble_world(ensemble, w);
        for (size_t i = 0; i < outcomes && result.status == DT_OK; i++)
            number[i * step + b->place[w]] = result.outcome[i];
    }
    if (status == DT_OK)
        dt_ensemble_free(ensemble);
    return status == DT_INVALID ? DT_OK : status; /* they stay NaN */
}

/* A play in many worlds [worlds][params], settled: outcome o of world w to number[o * step + w], o < outcomes. */
static dt_status solve_many(one *o, const double *worlds, size_t count, size_t outcomes,
                            double *number, size_t step)
{
    const size_t params = (size_t)o->all->r->model->params;
    bool *done = dt_new(o->arena, bool, count);
    batch b = {.place = dt_new(o->arena, size_t, count),
               .world = dt_take(o->arena, count, params * sizeof *b.world)};
    dt_status status;
    while ((status = take_batch(o, worlds, count, done, &b)) == DT_OK && b.count > 0) {
        status = solve_batch(o, &b, outcomes, number, step);
        if (status != DT_OK)
            break;
    }
    o->all->done += count;
    return status;
}

static dt_status solve_drawn(one *o, const asked *about)
{
    const dt_refereeing *r = o->all->r;
    const size_t params = (size_t)r->model->params;
    double *worlds = dt_take(o->arena, about->count, params * sizeof *worlds);
    for (size_t w = 0; w < about->count; w++)
        settle(o, &r->play.at[about->play], r->drawn_world + (about->first + w) * params,
               worlds + w * params);
    return solve_many(o, worlds, about->count, r->outcomes,
                      r->drawn + about->play * r->outcomes * r->worlds + about->first, r->worlds);
}

/* Numbers at both ends of their ranges, if the policy doesn't set them. */
static dt_status solve_moved(one *o, const asked *about)
{
    const dt_refereeing *r = o->all->r;
    const size_t params = (size_t)r->model->params, count = about->count;
    double *worlds = dt_take(o->arena, count, params * sizeof *worlds);
    double *number = dt_take(o->arena, r->outcomes, count * sizeof *number);
    for (size_t i = 0; i < r->outcomes * count; i++)
        number[i] = (double)NAN;
    for (size_t i = 0; i < count; i++) {
        double *world = worlds + i * params;
        const size_t at = about->first + i, p = r->vary[at / 2];
        memcpy(world, r->world, params * sizeof *world);
        world[p] = at % 2 ? r->high[p] : r->low[p];
        dt_game_settings(o->game, world);
    }
    const dt_status status = solve_many(o, worlds, count, r->declared, number, count);
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < r->declared; k++)
            r->moved[(o->policy * 2 * r->varied + about->first + i) * r->declared + k] =
                number[k * count + i];
    }
    return status;
}

static dt_status solve_all_drawn(one *o, size_t play)
{
    dt_refereeing *r = o->all->r;
    double *drawn = r->drawn + play * r->outcomes * r->worlds;
    dt_part *part = dt_new(o->arena, dt_part, r->outcomes);
    dt_status status = DT_OK;
    if (dt_referee_is_given(r, play)) {
        memcpy(drawn, r->how->given[o->policy], r->outcomes * r->worlds * sizeof *drawn);
        return status;
    }
    for (size_t first = 0; first < r->worlds && status == DT_OK; first += PIECE) {
        const size_t count = r->worlds - first < PIECE ? r->worlds - first : PIECE;
        for (size_t i = 0; i < r->outcomes; i++)
            part[i] = (dt_part){drawn + i * r->worlds + first, count};
        status = do_piece(o, name_piece(o, "drawn", play, first), solve_drawn,
                          &(asked){.play = play, .first = first, .count = count}, part, r->outcomes,
                          count);
    }
    return status;
}

static dt_status solve_all_moved(one *o)
{
    const dt_refereeing *r = o->all->r;
    const size_t all = 2 * r->varied;
    dt_status status = DT_OK;
    for (size_t first = 0; first < all && status == DT_OK; first += PIECE) {
        const size_t count = all - first < PIECE ? all - first : PIECE;
        const dt_part part = {r->moved + (o->policy * all + first) * r->declared,
                              count * r->declared};
        status = do_piece(o, name_piece(o, "moved", o->policy, first), solve_moved,
                          &(asked){.first = first, .count = count}, &part, 1, count);
    }
    return status;
}

/* ---- one task ------------------------------------------------------------------------------------ */

static dt_status find_others(one *o, const asked *about)
{
    dt_refereeing *r = o->all->r;
    settle(o, &r->play.at[about->play], r->world, o->world);
    const dt_status status = dt_others_find(r, o->game, o->world, &o->options,
                                            r->others + o->policy * dt_others_width(r), o->outcome);
    o->all->done += dt_referee_starts(r) / r->policies;
    return status;
}

static dt_status solve_own(one *o)
{
    dt_refereeing *r = o->all->r;
    dt_status status = DT_OK;
    for (size_t i = 0; i < r->play.count && status == DT_OK; i++) {
        if (r->play.at[i].policy != (int)o->policy)
            continue;
        status = solve_variant(o, i, DT_VARIANT_NOMINAL);
        if (status == DT_OK)
            status = solve_variant(o, i, DT_VARIANT_CHANCE);
        if (status == DT_OK && !r->play.at[i].with)
            status = solve_variant(o, i, DT_VARIANT_PRECISE);
        if (status == DT_OK)
            status = solve_all_drawn(o, i);
    }
    if (status == DT_OK)
        status = solve_all_moved(o);
    const size_t starts = dt_referee_starts(r) / r->policies;
    const dt_part others = {r->others + o->policy * dt_others_width(r), dt_others_width(r)};
    return status == DT_OK && starts > 0
               ? do_piece(o, name_piece(o, "others", o->policy, starts), find_others,
                          &(asked){.play = o->policy}, &others, 1, starts)
               : status;
}

static dt_status solve_other(one *o)
{
    dt_refereeing *r = o->all->r;
    dt_status status = DT_OK;
    for (size_t i = 0; i < r->play.count && status == DT_OK; i++) {
        if (r->play.at[i].policy == (int)o->policy)
            status = solve_variant(o, i, (dt_variant)(DT_VARIANT_LOOKAHEAD + o->lookahead));
    }
    return status;
}

static dt_status solve_task(dt_arena *arena, void *argument)
{
    one *o = argument;
    const dt_refereeing *r = o->all->r;
    o->arena = arena;
    o->world = dt_new(arena, double, (size_t)r->model->params);
    o->outcome = dt_new(arena, double, r->declared);
    o->prize = dt_new(arena, dt_prize, (size_t)r->model->ends * (size_t)r->model->actors);
    o->options.other_lookahead = o->lookahead < r->lookaheads;
    o->options.lookahead = o->options.other_lookahead ? r->lookahead[o->lookahead] : 0;
    const dt_status status = o->options.other_lookahead ? solve_other(o) : solve_own(o);
    /* what reads the calendar can't be played forever: it stays NaN */
    return status == DT_INVALID && !o->game && o->options.other_lookahead ? DT_OK : status;
}

/* ---- all of them --------------------------------------------------------------------------------- */

static bool tell_progress(void *context, const char *activity, double done)
{
    solving *all = context;
    const dt_options *options = all->r->options;
    (void)activity;
    (void)done;
    if (!all->stopped &&
        !options->progress(options->progress_context, "solving what the referee asks for",
                           fmin((double)all->done / (double)all->solves, 1)))
        all->stopped = true;
    return !all->stopped;
}

/* Ends the work of the other threads when one was told to stop. */
static bool go_on(void *context, const char *activity, double done)
{
    const solving *all = context;
    (void)activity;
    (void)done;
    return !all->stopped;
}

static bool do_task(void *context, int worker, size_t task)
{
    solving *all = context;
    const dt_refereeing *r = all->r;
    one o = {.all = all,
             .policy = task % r->policies,
             .lookahead = r->lookaheads - task / r->policies, /* the longest work first */
             .options = *r->options};
    o.options.report = NULL;
    o.options.jobs = 1;
    o.options.progress = worker == 0 && r->options->progress ? tell_progress : go_on;
    o.options.progress_context = all;
    all->status[task] = (unsigned char)dt_job(&o.options, solve_task, &o);
    dt_game_free(o.game);
    dt_known_games_free(&o.others);
    return all->status[task] == DT_OK && !all->stopped;
}

/* Tells why a task failed: its game alone is explored again. */
static dt_status tell_failure(const solving *all, size_t task)
{
    dt_game *game = NULL;
    const dt_status failed = (dt_status)all->status[task];
    const dt_status again =
        dt_game_explore(all->r->model, task % all->r->policies, all->r->options, &game);
    dt_game_free(game);
    if (again == DT_OK && failed == DT_LIMIT)
        dt_report_limit(all->r->options, all->stopped ? "interrupted while solving"
                                                      : "the memory limit was reached");
    return again == DT_OK ? failed : again;
}

/* The bundles one after the other, the cells of each side by side. */
static dt_status solve_bundles(solving *all)
{
    dt_refereeing *r = all->r;
    dt_options options = *r->options;
    dt_status status = DT_OK;
    options.report = NULL;
    options.progress = r->options->progress ? tell_progress : NULL;
    options.progress_context = all;
    for (size_t i = 0; i < r->bundle.count && status == DT_OK; i++) {
        dt_referee_bundle *bundle = &r->bundle.at[i];
        dt_text name = {.arena = r->arena};
        const dt_part part[] = {
            {bundle->outcome,    bundle->cells * r->declared},
            {bundle->mechanical, r->declared                }
        };
        dt_text_print(&name, "bundle %zu %zu", bundle->from, bundle->to);
        if (bundle->cells == 0)
            continue;
        if (dt_kept_take(r->kept, dt_text_get(&name), part, 2)) {
            all->kept += bundle->cells;
        } else {
            status = dt_referee_solve_bundle(r, bundle, &options);
            if (status == DT_OK)
                status = dt_kept_add(r->kept, dt_text_get(&name), part, 2);
        }
        all->done += bundle->cells;
    }
    if (status == DT_LIMIT)
        dt_report_limit(r->options, all->stopped ? "interrupted while solving"
                                                 : "the memory limit was reached");
    return status;
}

dt_status dt_referee_solve(dt_refereeing *r)
{
    dt_referee_room(r);
    const dt_status drawn = dt_referee_worlds(r);
    if (drawn != DT_OK)
        return drawn;
    solving all = {
        .r = r, .tasks = r->policies * (1 + r->lookaheads), .solves = dt_referee_solves(r)};
    all.status = dt_new(r->arena, unsigned char, all.tasks);
    const int jobs = r->options->jobs < 1             ? 1
                     : r->options->jobs > DT_MAX_JOBS ? DT_MAX_JOBS
                                                      : r->options->jobs;
    dt_threads_run(jobs, all.tasks, do_task, &all);
    for (size_t t = 0; t < all.tasks; t++) {
        if (all.status[t] != DT_OK)
            return tell_failure(&all, t);
    }
    const dt_status status = solve_bundles(&all);
    r->solved = all.done;
    r->answer->kept = all.kept;
    return status;
}
