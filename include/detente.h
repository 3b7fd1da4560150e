/*
 * Detente: crises as games, solved and compared. The public interface.
 *
 * The way through it follows the data: a text becomes a `dt_model`, a model under one of its
 * policies becomes a `dt_game` (the graph), a game with a number for every parameter becomes a
 * `dt_solution` (everybody's strategy), and a solution gives outcomes, certificates, explanations
 * and exports.
 *
 *     dt_model *model;    dt_model_parse("pd.dtn", text, length, &options, &model);
 *     dt_game *game;      dt_game_explore(model, 0, &options, &game);
 *     double world[8];    dt_model_nominal(model, world); // room for each parameter
 *                         dt_game_settings(game, world);  // the policy's own numbers
 *     dt_solution *s;     dt_solve(game, world, DT_VALUES_AVERAGE, &options, &s);
 *     double outcome[8];  dt_solution_outcomes(s, &options, outcome); // and for each outcome
 *
 * Handles are opaque and immutable once made; each is freed by its own function and must outlive
 * what was made from it (a model its games, a game its solutions). Nothing here prints, exits, or
 * keeps global state; different handles may be used from different threads. All text is UTF-8 and
 * is owned by the handle that it was asked of. A call that is wrong (NULL where something is needed, an
 * index out of range, a setting of no kind) is answered. Functions that return a status say DT_INVALID,
 * with the diagnostic "bad-call" and NULL in place of a result; the others return what says nothing: NULL,
 * "", 0, false, and -1 where an index is looked for.
 */
#ifndef DETENTE_H
#define DETENTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define DT_API __attribute__((visibility("default")))
#else
#define DT_API
#endif

/* What became of a call; the command line's exit statuses have the same numbers. */
typedef enum dt_status {
    DT_OK = 0,      /* done */
    DT_NO = 1,      /* done, and the answer is no: an expectation fails, a node has no solution */
    DT_INVALID = 2, /* the model, or what was asked of it, is wrong; a diagnostic says where */
    DT_LIMIT = 3,   /* a limit was hit: nodes, memory */
    DT_FILE = 4,    /* a file could not be read or written */
} dt_status;

DT_API const char *dt_version(void);

/* How all ties are judged: 1 if `a` is better than `b` where more is better, -1 if it is worse, 0 if
 * they are tied, that is differ by no more than rounding: by 1e-9 of the larger of the two, as much as
 * solutions are good to, or by 1e-12 of `size`, the largest absolute number of those that they stand
 * among or are sums of, which is what sums leave that cancel. Nothing else has a scale: numbers times
 * any factor are judged alike. NaN is worse than any number and tied with itself. */
DT_API int dt_better(double a, double b, double size);

/* Spearman's correlation of the rankings of the same items by `a` [count] and by `b` [count], from -1 to 1. Tied
 * are numbers that are no further apart than `same`, or tied as dt_better says; items of which a number is NaN
 * are left out. NaN if one of the two has no order: fewer than two items, or all of them tied.
 * O(count²), for few items. */
DT_API double dt_rank_correlation(const double *a, const double *b, size_t count, double same);

/* ---- diagnostics, limits, memory ------------------------------------------------------------ */

typedef enum dt_severity { DT_ERROR, DT_WARNING } dt_severity;

/* One thing to tell the user. Valid only during the call that delivers it. */
typedef struct dt_diagnostic {
    dt_severity severity;
    const char *code;    /* stable name of the kind of diagnostic, such as "unknown-name" */
    const char *file;    /* name given with the text; "" if it has no place in a text */
    int line, column;    /* from 1, the column in characters; 0 if it has no place */
    int length;          /* characters to underline, at least 1 */
    const char *source;  /* the line of text, without its newline; "" if none */
    const char *message; /* a sentence without a full stop */
    const char *hint;    /* what to do about it ("did you mean 'tension'?"), or "" */
    const char *state;   /* the state it happened in and the way there, lines of text, or "" */
} dt_diagnostic;

/* Memory from elsewhere: works as realloc does; with size 0 it frees and returns NULL. */
typedef struct dt_allocator {
    void *(*resize)(void *context, void *block, size_t size);
    void *context;
} dt_allocator;

/* A stationary equilibrium of a game with lookahead forever, at the numbers at which it was found: see
 * detente_equilibria.h. */
typedef struct dt_selected {
    const double *parameters; /* [parameters], the policy's settings among them */
    const double
        *strategy; /* [dt_game_options]; NULL: none, but the limit of ever longer lookaheads */
} dt_selected;

/* How to work; zeroed means the defaults. */
typedef struct dt_options {
    void (*report)(void *context, const dt_diagnostic *diagnostic); /* NULL: nobody listens */
    void *report_context;
    size_t max_memory;  /* bytes for each handle; 0: no limit */
    uint64_t max_nodes; /* of one game; 0: no limit */
    dt_allocator allocator;
    /* Called now and then in long work with a part done in 0..1 and what is being done; a false
     * result ends the work with DT_LIMIT. NULL: never called. */
    bool (*progress)(void *context, const char *activity, double done);
    void *progress_context;
    /* Threads that one world is solved with, where a game is large enough for them to pay; 0 and 1:
     * the calling one alone. The numbers don't depend on it. */
    int jobs;
    /* How the players play otherwise than the model says. Solving: everybody's rationality 0, with average
     * values, so that what holds then says nothing about strategy; or times a number, 0 meaning 1.
     * Exploring: another lookahead than the model's, -1 for ever. Searches for other equilibria take no
     * notice. */
    bool chance_alone;
    double rationality_scale;
    bool other_lookahead;
    int lookahead;
    /* How fine the grid is on which beliefs about private variables are kept: even, from 2 to 256; 0:
     * as the model's `beliefs` line says, and without one 32 for a variable of two values, 16 for more.
     * Reading a model and exploring end with DT_LIMIT if all variables' grids together have more than
     * 4096 points; the diagnostic names the largest number that fits. */
    int beliefs;
    /* Solving: on the grid of half that fineness, to see how far results are from those of the whole. */
    bool half_beliefs;
    /* Solving, where something is private: strategies past the horizon are left behind once the periods before
     * them are worked out, which takes a part of the memory with a long lookahead. dt_verify, dt_export and
     * dt_explain, which read them all, then answer DT_INVALID. */
    bool horizon_alone;
    /* Solving, for each policy of the model: the solution is this equilibrium, followed along the straight
     * segment from its numbers to those asked for. If it folds back on the way the world isn't solved. NULL: the
     * limit, under every policy. Not with rationality_scale; chance_alone takes no notice. */
    const dt_selected *selected;
} dt_options;

/* Receives text piece by piece; returns false if it can't take more (the call ends DT_FILE). */
typedef bool dt_write(void *context, const char *text, size_t length);

/* Every code that a diagnostic can carry, in a fixed order; NULL past the last. */
DT_API const char *dt_diagnostic_code(size_t index);

/* The limits of a model, in a fixed order: what is counted, such as "actors", and in *most how many there may
 * be, 64. NULL past the last. */
DT_API const char *dt_limit_text(size_t index, int *most);

/* The character at the start of text[0..length), length > 0: the columns that it takes on a terminal (0, 1
 * or 2), its bytes and its code. -1 if it must not be shown: broken UTF-8 (one byte of it), a control
 * character (line ends and tabs too), or one that turns the direction in which a text is read. */
DT_API int dt_character(const char *text, size_t length, size_t *bytes, uint32_t *code);

/* Of `names`, the one that `name` is likely a slip of, by edit distance; NULL if none is near. */
DT_API const char *dt_suggest(const char *name, const char *const *names, size_t count);

/* ---- the model ------------------------------------------------------------------------------- */

typedef struct dt_model dt_model;

/* Parses and checks a text. All errors are reported in one go, at most 20; then the result is
 * DT_INVALID and *model NULL. `name` stands in diagnostics; the text is copied. */
DT_API dt_status dt_model_parse(const char *name, const char *text, size_t length,
                                const dt_options *options, dt_model **model);
/* The same for a file; DT_FILE (with a diagnostic) if it can't be read. */
DT_API dt_status dt_model_read(const char *path, const dt_options *options, dt_model **model);
DT_API void dt_model_free(dt_model *model);

/* Writes the text in the one canonical layout, comments kept. Needs valid syntax, nothing more. */
DT_API dt_status dt_format(const char *name, const char *text, size_t length,
                           const dt_options *options, dt_write *write, void *context);

/* What a model consists of, in the order of declaration. */
typedef enum dt_kind {
    DT_ACTORS,
    DT_PARAMETERS,
    DT_SOURCES,
    DT_STATES, /* state variables */
    DT_STAGES,
    DT_OUTCOMES,
    DT_POLICIES, /* at least one: a model without policies has the policy "default" */
    DT_EXPECTATIONS,
    DT_TERMS,  /* payoff terms and labelled payments */
    DT_LEVERS, /* dimensions of policy */
    DT_KINDS
} dt_kind;

DT_API const char *dt_model_name(const dt_model *model);
DT_API const char *dt_model_description(const dt_model *model);
/* What the model is asked, as its `question` line says it, or "". */
DT_API const char *dt_model_question(const dt_model *model);
DT_API int dt_model_horizon(const dt_model *model);
DT_API int dt_model_lookahead(const dt_model *model); /* -1: forever */
DT_API size_t dt_model_ends(const dt_model *model);   /* `end` declarations */

/* Bytes that the label of any period fits into. */
enum { DT_LABEL_SIZE = 24 };

/* The date of a period (from 1) where the model counts them from one, `period quarter from 2017Q3`:
 * that is the label of period 1, "2018Q1" of period 3. "" where it names no date. Written into
 * `buffer`, at most size-1 bytes of it, which is returned. */
DT_API const char *dt_model_period_label(const dt_model *model, int period, char *buffer,
                                         size_t size);
/* The period that a text names: by its number, or by its date in the form of the model's own.
 * DT_INVALID, *period 0, if it names none; a diagnostic says which form is wanted. */
DT_API dt_status dt_model_period_of(const dt_model *model, const char *text,
                                    const dt_options *options, int *period);

DT_API size_t dt_model_count(const dt_model *model, dt_kind kind);
/* The name of an item; an expectation's is its text, a term's its name without the actor. */
DT_API const char *dt_model_item(const dt_model *model, dt_kind kind, size_t index);
/* Its description, or "". */
DT_API const char *dt_model_item_description(const dt_model *model, dt_kind kind, size_t index);
/* The index of the item of that name, or -1. */
DT_API int dt_model_find(const dt_model *model, dt_kind kind, const char *name);
/* The unit that an actor's payoffs are counted in, as its `unit` says it, or "". */
DT_API const char *dt_model_unit(const dt_model *model, size_t actor);
/* Whose payoff a term belongs to: an actor's or a role's name. */
DT_API const char *dt_model_term_owner(const dt_model *model, size_t term);

typedef enum dt_uncertainty { DT_FIXED, DT_DEEP, DT_RISK } dt_uncertainty;

typedef struct dt_parameter {
    const char *name, *description;
    double value; /* as declared */
    dt_uncertainty uncertainty;
    double low, high;         /* the declared range, or the ends of the list, or ∓INFINITY */
    const char *distribution; /* as written, "" if none: "beta(11, 8)" */
    const char *source;       /* name of the source cited, "judgement", or "" if neither */
    size_t values;            /* of the list that it is declared over, `in {1, 2, 4}`; 0: none */
    const double *list;       /* [values] ascending */
} dt_parameter;

DT_API dt_parameter dt_model_parameter(const dt_model *model, size_t index);

/* The values as declared: `values` has room for dt_model_count(model, DT_PARAMETERS). */
DT_API void dt_model_nominal(const dt_model *model, double *values);

/* Warns of numbers given for parameters in place of the declared ones, `given` [parameters] saying
 * which of `values` [parameters]: those outside the declared range or what the distribution can give,
 * and those that do nothing under some of the `policy` [policies], which set the parameter. */
DT_API dt_status dt_model_warn_given(const dt_model *model, const double *values, const bool *given,
                                     const size_t *policy, size_t policies,
                                     const dt_options *options);

/* +1 maximise, -1 minimise, 0 no direction. */
DT_API int dt_model_outcome_direction(const dt_model *model, size_t outcome);

/* Whether an outcome is among those to be shown first: the ones marked `headline`, or, if none is,
 * the first six. */
DT_API bool dt_model_headline(const dt_model *model, size_t outcome);
/* The title of the `group` that an outcome or a parameter stands in; "" if in none, and for
 * everything else. Those of one group need not follow each other. */
DT_API const char *dt_model_group(const dt_model *model, dt_kind kind, size_t index);

/* The panels of the page, "answer", "compare", …, in its order; NULL past the last. */
DT_API const char *dt_page_panel(size_t index);

/* A step of the tour, the guided way through the page that a model may declare. */
typedef struct dt_tour_step {
    const char *text;        /* the sentence */
    const char *panel;       /* the panel to be opened; "": the one that is open */
    int outcome;             /* the outcome to look at; -1: none is said */
    size_t policies;         /* to be shown; 0: those that are */
    const size_t *policy;    /* [policies] */
    size_t sets;             /* numbers that are set, all others being as declared */
    const size_t *parameter; /* [sets] each once */
    const double *value;     /* [sets] */
} dt_tour_step;

/* The title of the tour, "" if there is none; how many steps it has, 0 without a tour; and each of them, all
 * empty if there is no such step. */
DT_API const char *dt_model_tour(const dt_model *model);
DT_API size_t dt_model_steps(const dt_model *model);
DT_API dt_tour_step dt_model_step(const dt_model *model, size_t index);

/* ---- private information ---------------------------------------------------------------------- */

/* The actor to whom a state variable is private; -1: everybody sees it. */
DT_API int dt_model_owner(const dt_model *model, size_t variable);
/* How many values a state variable has; and each of them as it is written, by its rank from 0: "stall",
 * "yes", "3". A number is written into `buffer`, at most size-1 bytes of it; "" if there is none. */
DT_API size_t dt_model_values(const dt_model *model, size_t variable);
DT_API const char *dt_model_value(const dt_model *model, size_t variable, size_t rank, char *buffer,
                                  size_t size);
/* Whether nobody but its mover sees what is chosen in a stage; and the private variable that the
 * stage's probabilities and assignments involve, or -1. */
DT_API bool dt_model_hidden(const dt_model *model, size_t stage);
DT_API int dt_model_secret(const dt_model *model, size_t stage);
/* The fineness N of the grid on which beliefs about a private variable are kept, as the options or the
 * model say; 0 of what is public. And the points of all grids together, 1 where nothing is private. */
DT_API int dt_model_fineness(const dt_model *model, size_t variable, const dt_options *options);
DT_API uint64_t dt_model_beliefs(const dt_model *model, const dt_options *options);

/* ---- levers and the cells of their design ----------------------------------------------------- */

/* The settings of a lever: how many, name and description ("" if there is none), and the index of the
 * one of that name, or -1. */
DT_API size_t dt_model_settings(const dt_model *model, size_t lever);
DT_API const char *dt_model_setting(const dt_model *model, size_t lever, size_t setting);
DT_API const char *dt_model_setting_description(const dt_model *model, size_t lever,
                                                size_t setting);
DT_API int dt_model_find_setting(const dt_model *model, size_t lever, const char *name);
/* Which setting of a lever is in force under a policy. */
DT_API size_t dt_model_policy_setting(const dt_model *model, size_t policy, size_t lever);

/* A change that a policy makes of its own, that is not by a setting: the `change`th of its lines. */
typedef struct dt_own_change {
    size_t policy, change;
} dt_own_change;

/* How many changes a policy makes of its own. */
DT_API size_t dt_model_changes(const dt_model *model, size_t policy);
/* What a change is about, "set c_offer", "role envoy", "forbid envoy.grand", "start deal", and the
 * whole line as it is written; "" if there is none. */
DT_API const char *dt_model_change(const dt_model *model, dt_own_change change);
DT_API const char *dt_model_change_text(const dt_model *model, dt_own_change change);
/* Whether two changes do the same: so policies share what each of them writes. Of a forbid or force the conditions
 * hold in the same situations, however they are written. */
DT_API bool dt_model_same_change(const dt_model *model, dt_own_change a, dt_own_change b);

/* A cell of the crossed design of levers: for each lever the setting in force, and any of the changes
 * that policies make of their own, also of several policies, also of none. A policy is the cell of its
 * settings with all its own changes. Belongs to the caller. */
typedef struct dt_lever_cell {
    const size_t *setting; /* [dt_model_count(model, DT_LEVERS)] */
    size_t changes;
    const dt_own_change *change; /* [changes] each once */
} dt_lever_cell;

/* ---- worlds ---------------------------------------------------------------------------------- */

/* What drawing the worlds of a model needs, prepared once. Needs the model as long as it lives. */
typedef struct dt_draws dt_draws;

/* DT_INVALID, with a diagnostic for each, if a parameter can't be drawn: its distribution has a
 * shape outside 0.001..100000, or gives less than 1e-290 of itself within the declared range. */
DT_API dt_status dt_draws_prepare(const dt_model *model, const dt_options *options,
                                  dt_draws **draws);
DT_API void dt_draws_free(dt_draws *draws);

/* World `world` (from 0) of seed `seed`: a number for each parameter, in order of declaration, before
 * settings of policies. It depends on the model, the seed and the world's number alone, whatever
 * else is drawn, in whatever order and from whatever thread. Fixed parameters keep their declared
 * value; deep ones are spread evenly over their range (a share of the worlds is then a share of a
 * design, not a probability); risks follow their distributions, truncated to their ranges, with the
 * declared rank correlations. Every number is finite and in the declared range. A parameter's numbers
 * are tied to its name: declaring others changes them only through correlations. */
DT_API void dt_draws_world(const dt_draws *draws, uint64_t seed, uint64_t world, double *values);

/* ---- the game graph ------------------------------------------------------------------------- */

typedef struct dt_game dt_game;

/* Explores what can be reached under a policy, whatever the parameters. An error found on the way
 * (an assignment out of its domain, a mover without an action) is reported with its state:
 * DT_INVALID. Passing max_nodes or max_memory: DT_LIMIT, with a diagnostic. */
DT_API dt_status dt_game_explore(const dt_model *model, size_t policy, const dt_options *options,
                                 dt_game **game);
/* The same if play is followed from its start alone, and in these worlds alone: `parameters`
 * [worlds][parameters], before the policy's settings. A private variable whose value is certain as play begins, by
 * the policy's `start` or by its prior in all of them, and which nothing changes under the policy, is known to
 * everybody throughout: it is a constant of this game and costs nothing. Without worlds a prior counts only if it
 * depends on no parameter. Solving the game in a world in which the value isn't certain is an error of that world
 * ("world-known"). What is found is what dt_game_explore's game has, as long as everybody goes on believing what
 * is so; but nothing else can be believed of the variable here. */
DT_API dt_status dt_game_explore_known(const dt_model *model, size_t policy,
                                       const double *parameters, size_t worlds,
                                       const dt_options *options, dt_game **game);
/* The same in one world, but the private variables that `believing` names stay secrets, on the whole grid, whatever
 * is certain: so it can be asked what would be done if something else were believed of them. `believing` is a list of
 * assignments as dt_explain reads them ("aim=bargain:0.7, will=press:0.5"), of which the names alone count here. */
DT_API dt_status dt_game_explore_believing(const dt_model *model, size_t policy,
                                           const double *parameters, const char *believing,
                                           const dt_options *options, dt_game **game);
/* The same for all worlds that can be drawn or chosen from the declared ranges. `parameters` [parameters] has the
 * numbers of those that are fixed or `held` [parameters] (NULL: none is); the others may have any number of their
 * range. A prior is certain if it is so by the former alone. */
DT_API dt_status dt_game_explore_ranges(const dt_model *model, size_t policy,
                                        const double *parameters, const bool *held,
                                        const dt_options *options, dt_game **game);
/* Whether what a game takes for known is so in these worlds as well, of which there may be more than are held
 * at once: DT_OK or DT_NO. */
DT_API dt_status dt_game_check_known(const dt_game *game, const double *parameters, size_t worlds,
                                     const dt_options *options);
/* dt_game_explore for a cell of the levers, which may be that of no policy: what is in force together must be
 * without contradiction ("settings-clash", "teams-clash"), and no mover without an action. The game is
 * as good as any other, but that it belongs to no policy: it can't stand for one in a list of games
 * "one per policy", and dt_solution_prizes refuses it. `cell` isn't needed after. */
DT_API dt_status dt_game_explore_cell(const dt_model *model, const dt_lever_cell *cell,
                                      const dt_options *options, dt_game **game);
DT_API void dt_game_free(dt_game *game);
/* How many private variables are secrets in it: those whose value isn't known to everybody throughout. */
DT_API size_t dt_game_secrets(const dt_game *game);
/* What a game is of: a policy's name, or a cell, "lead=seoul, drills=off, set c_offer = 0.2". */
DT_API const char *dt_game_name(const dt_game *game);

typedef struct dt_counts {
    uint64_t states;       /* distinct states at the beginning of a period */
    uint64_t nodes;        /* distinct (stage, state, live choices) */
    uint64_t chance;       /* nodes where nobody moves */
    uint64_t sole;         /* nodes with one mover, or one team */
    uint64_t simultaneous; /* nodes where several move at once */
    uint64_t branches;
    uint64_t coefficients; /* distinct expressions in the parameters */
    uint64_t bytes;        /* held by the graph */
} dt_counts;

DT_API dt_counts dt_game_counts(const dt_game *game);

/* Applies the `set` lines in force, of the policy and of its settings, to parameter values, in place. */
DT_API void dt_game_settings(const dt_game *game, double *values);

/* Warns of what no game among `games` (one per policy, all of one model) ever reaches: actions
 * never enabled, stages never reached, values of state variables that never occur. */
DT_API dt_status dt_games_warn(dt_game *const *games, size_t count, const dt_options *options);

/* ---- over the declared ranges ---------------------------------------------------------------- */

/* What the declared ranges and distributions allow of the numbers that can be wrong in a world:
 * probabilities and their sums, discounts, rationalities, payments and arguments of outcomes, with
 * every logarithm, root and division in them. */
typedef struct dt_safety {
    uint64_t numbers; /* of all games together, each distinct one of a game once */
    uint64_t proved;  /* right in every world, by interval bounds or by corners of a polynomial */
    uint64_t found;   /* wrong in a world that was found */
    uint64_t open;    /* neither proved nor found wrong */
    uint64_t drawn;   /* worlds drawn to look for such; 0 if all is proved */
    uint64_t lost;    /* of these, those in which some number is wrong: they could not be solved */
} dt_safety;

/* Judges `games` (of one model) over the declared ranges: bounds first, then a search over corners,
 * centre and drawn worlds. Only what is found wrong is told, a warning with the numbers for each place.
 * Parameters that are `held` [parameters] stay at `parameters` [parameters], those that a policy sets
 * at what it sets. DT_INVALID as dt_draws_prepare. */
DT_API dt_status dt_games_check_ranges(dt_game *const *games, size_t count,
                                       const double *parameters, const bool *held,
                                       const dt_options *options, dt_safety *safety);

/* Counts the worlds whose numbers are wrong under some of `games` (of one model), without solving
 * any: dt_ensemble_run would find them DT_INVALID. `parameters` as there. If there are such, one
 * warning says how many, and why most of them. Quick: a world takes some microseconds at most. */
DT_API dt_status dt_games_count_lost(dt_game *const *games, size_t count, const double *parameters,
                                     size_t worlds, const dt_options *options, size_t *lost);

/* ---- strategies ------------------------------------------------------------------------------ */

typedef struct dt_solution dt_solution;

/* What a mover's value is: the average of its actions' values, or the surplus of dynamic discrete
 * choice, in which the taste shock is enjoyed. */
typedef enum dt_values { DT_VALUES_AVERAGE, DT_VALUES_SURPLUS } dt_values;

/* Solves the game for one world: the logit Markov perfect equilibrium on the stagewise principal
 * branch. `parameters`: a number for each parameter, the policy's settings included (see
 * dt_game_settings). DT_INVALID, with the state, if a probability is outside 0..1 or a number not
 * finite. DT_NO if what was found isn't solved (dt_solution_solved): it is made all the same, so that it
 * can be looked into, but none of its numbers is a result. Strategies that don't all fit into max_memory
 * are made again when something asks for them, with the same bits; so a solution is used by one thread
 * at a time. DT_LIMIT if not even that fits. */
DT_API dt_status dt_solve(const dt_game *game, const double *parameters, dt_values values,
                          const dt_options *options, dt_solution **solution);
DT_API void dt_solution_free(dt_solution *solution);

/* Whether this is a solution: the residual is at most 1e-8 at every node, the branch of every node
 * was followed to its end, and play forever has settled. Whoever shows a number of a solution asks for
 * this first. */
DT_API bool dt_solution_solved(const dt_solution *solution);
/* Why it isn't, a sentence without a full stop; "" if it is. */
DT_API const char *dt_solution_reason(const dt_solution *solution);
/* What to do about it ("try a lower rationality ..."), likewise. */
DT_API const char *dt_solution_cure(const dt_solution *solution);

typedef struct dt_certificate {
    double residual; /* max |strategy - softmax(rationality * Q)| over reachable nodes */
    /* what rounding can do to a probability: rationality times the rounding of the largest Q, without
     * payoffs that are the same whatever happens; above 1e-6 nothing is solved */
    double rounding;
    const double *gap;   /* [actor] what its best response (a member of a team: the team's) gains */
    const double *value; /* [actor] at the start; of an owner of a private variable by its prior */
    /* With private variables: how far, at most, the share of a type of those who stand where something
     * is believed is from what is believed of it; above 1e-9 nothing is solved. Else 0. */
    double calibration;
} dt_certificate;

/* Joint points of the grids of beliefs about private variables, on which the solution stands: 1 if all are
 * known (dt_game_explore_known), 0 without any. */
DT_API size_t dt_solution_points(const dt_solution *solution);

/* The solver's own certificate. */
DT_API dt_certificate dt_solution_certificate(const dt_solution *solution);
/* The same numbers by code that shares nothing with the solver. Owned by the solution. */
DT_API dt_status dt_verify(dt_solution *solution, const dt_options *options,
                           dt_certificate *certificate);

typedef enum dt_confirmation {
    DT_CONFIRMED,
    DT_DISAGREES,       /* the two differ by more than 1e-9 somewhere */
    DT_MISSES_EQUATIONS /* they agree that the residual is above 1e-8, or the calibration above 1e-9 */
} dt_confirmation;

/* Whether the verifier's certificate confirms the solver's. *difference: the largest of their residuals,
 * calibrations, gaps and values, relative to numbers above 1; infinite where a number is none. */
DT_API dt_confirmation dt_certificate_confirm(const dt_model *model, const dt_certificate *solver,
                                              const dt_certificate *verifier, double *difference);

/* Nodes whose branch could not be followed to its end; the first few are named. */
DT_API uint64_t dt_solution_failures(const dt_solution *solution);
/* The place and reason of failure `index`, or NULL past the last that is named. */
DT_API const char *dt_solution_failure(const dt_solution *solution, size_t index);
/* Nodes whose branch crossed a simple bifurcation. */
DT_API uint64_t dt_solution_crossed(const dt_solution *solution);
/* Sweeps made for play forever; 0 with a finite horizon. */
DT_API uint64_t dt_solution_sweeps(const dt_solution *solution);
/* How far values of play forever may be from the fixed point, relative to the largest above 1: max |ΔV|
 * δ / (1 - δ) of the last sweep, no less than its rounding. At most 1e-12 unless a discount is above .999;
 * 0 with a finite horizon. */
DT_API double dt_solution_bound(const dt_solution *solution);
/* False if play forever hadn't settled after the last sweep; true with a finite horizon. */
DT_API bool dt_solution_settled(const dt_solution *solution);

/* `outcomes` has room for dt_model_count(model, DT_OUTCOMES) numbers; an outcome without one is NaN.
 * DT_NO: the solution isn't solved, or an outcome is more than a number can hold, which a diagnostic
 * tells; DT_INVALID, with a diagnostic: an argument isn't a finite number in a state that play reaches. */
DT_API dt_status dt_solution_outcomes(const dt_solution *solution, const dt_options *options,
                                      double *outcomes);

/* The outcomes if everybody tossed coins, which is what dt_solve finds with options->chance_alone, but for
 * rounding: nothing has to be solved for them, unless there are private variables. `parameters` as dt_solve has
 * them, `outcomes` as dt_solution_outcomes; one that isn't a number is NaN. DT_INVALID, with the state, if a
 * number of the world is wrong in a period of the horizon. O(horizon × branches). */
DT_API dt_status dt_game_outcomes_by_chance(const dt_game *game, const double *parameters,
                                            const dt_options *options, double *outcomes);

/* Both: the outcomes of a solution, and those by chance alone of its game in its world, at little more than the
 * cost of the former. `chance` has what dt_game_outcomes_by_chance finds. */
DT_API dt_status dt_solution_outcomes_and_chance(const dt_solution *solution,
                                                 const dt_options *options, double *outcomes,
                                                 double *chance);

/* An end that is a relief to an actor: after it nothing is paid, and what the actor escapes so is a cost
 * larger than what it pays, or is paid, for the end. */
typedef struct dt_prize {
    size_t policy, end, actor; /* in the order of declaration */
    double paid;   /* in a period that ends so, more than in one from the same state that doesn't */
    double future; /* what follows a period that doesn't, to this actor; -future > |paid| */
} dt_prize;

/* Finds such ends: `prize` has room for dt_model_ends(model) for each actor, *count says how many there
 * are. Averages over the periods of the horizon that end so but need not have, exact under the
 * strategies found. None if the model has no end, or isn't solved. O(periods × branches × ends). */
DT_API dt_status dt_solution_prizes(const dt_solution *solution, const dt_options *options,
                                    dt_prize *prize, size_t *count);
/* Warns of `prize` [count], found under any policies: once for each end and actor, at its largest. */
DT_API dt_status dt_prizes_warn(const dt_model *model, const dt_prize *prize, size_t count,
                                const dt_options *options);

/* What an actor's play is worth at the start if its private variable has the value of this rank; NAN if it
 * owns none, or can't have that value. */
DT_API double dt_solution_type_value(const dt_solution *solution, size_t actor, size_t rank);

/* Outcomes [outcomes], in expectation over play in which an actor's private variable has the value of this rank at
 * the start; NAN if it owns none, or can't have that value, or if an argument isn't a finite number there.
 * Averaged by the prior they are dt_solution_outcomes. DT_NO and NAN if nothing is solved. O(periods × branches ×
 * points × types). */
DT_API dt_status dt_solution_type_outcomes(const dt_solution *solution, size_t actor, size_t rank,
                                           const dt_options *options, double *outcomes);

/* How much a stage gives away of a private variable. */
typedef struct dt_leak {
    size_t stage,
        variable; /* in the order of declaration, the variable among the state variables */
    double
        move; /* how far the others' belief moves each time the stage is played, on average over the
                    * horizon: half of the sum of |differences| over its values, from what would be believed
                    * if nothing of the stage were seen */
    double visits; /* how often it is played within the horizon, on average */
} dt_leak;

/* Finds the stages that give something away, the largest `move` first: `leak` has room for one for each stage
 * and actor, *count says how many there are. None if nothing is private, or the solution isn't solved. O(a
 * pass over the exact chain). */
DT_API dt_status dt_solution_leaks(const dt_solution *solution, const dt_options *options,
                                   dt_leak *leak, size_t *count);

/* ---- many worlds ----------------------------------------------------------------------------- */

typedef struct dt_ensemble dt_ensemble;

/* Which code solves them. All give the same bits; AUTO takes the fastest that runs here, and a kernel
 * is refused (DT_INVALID) where the processor or the build hasn't got it. */
typedef enum dt_kernel {
    DT_KERNEL_AUTO,
    DT_KERNEL_PLAIN,
    DT_KERNEL_AVX2,
    DT_KERNEL_AVX512, /* with its parts F, DQ and VL */
} dt_kernel;

/* What is worked out; less is faster. */
typedef enum dt_wanted {
    DT_WANT_ALL,      /* values, outcomes and gaps */
    DT_WANT_OUTCOMES, /* values and outcomes */
    DT_WANT_VALUES,   /* values alone */
} dt_wanted;

/* Zeroed means the defaults. */
typedef struct dt_ensemble_options {
    int jobs; /* threads; 0: one for each processor. Fewer if max_memory asks for it */
    dt_kernel kernel;
    dt_wanted wanted;
} dt_ensemble_options;

/* Solves a game for many worlds, several at a time in the lanes of vector registers.
 * `parameters` [worlds][dt_model_count(model, DT_PARAMETERS)]: the draws; the policy's settings are
 * applied to them by this call. A world that is wrong or can't be solved fails by itself, and
 * doesn't touch the numbers of others: these depend, to the last bit, on their own parameters alone,
 * not on jobs, kernel, or what stands beside them, and are those of dt_solve.
 *
 * The handle holds results, less than 200 + 8 (outcomes + 2 actors) bytes for each world. While it
 * works every thread needs room for eight worlds, 64 bytes for each number: of places that are not
 * worth the same (nodes and periods' ends) one for each actor, and one more each for gaps; of all places
 * one for each outcome `ever` or `first` and one besides; the payments; twice the probabilities of the
 * actions at all nodes that are not worth the same. With outcomes these are wanted once for each period
 * of the horizon: if max_memory doesn't allow that, they are worked out twice, with the same results.
 * Long lists of worlds may be handed over piece by piece.
 *
 * DT_INVALID, with a diagnostic, if no world could be solved because the call is wrong: surplus
 * values with a team, a kernel that doesn't run here. DT_LIMIT if memory doesn't suffice for one
 * thread or options->progress ended it. Else DT_OK, whatever became of the worlds. */
DT_API dt_status dt_ensemble_run(const dt_game *game, const double *parameters, size_t worlds,
                                 dt_values values, const dt_ensemble_options *how,
                                 const dt_options *options, dt_ensemble **ensemble);
DT_API void dt_ensemble_free(dt_ensemble *ensemble);

/* What became of one world. */
typedef struct dt_world_result {
    /* DT_OK; DT_NO if it isn't solved, as dt_solution_solved judges, the numbers being those of the
     * best that was found; DT_INVALID, the numbers NaN: the world is wrong */
    dt_status status;
    /* "" if DT_OK; of a wrong world the code of a diagnostic; else "not-solved" or "not-settled" */
    const char *code;
    uint64_t failures; /* nodes whose branch ended early, one for each node and period */
    uint64_t crossed;  /* nodes whose branch crossed a bifurcation */
    uint64_t sweeps;   /* with lookahead forever; 0 otherwise */
    /* max |strategy - softmax(rationality * Q)| where several move at once. Where one moves alone
     * its strategy is the softmax but for rounding. With lookahead forever over all nodes. */
    double residual;
    double rounding;       /* as dt_certificate has it */
    const double *outcome; /* [outcomes]; NULL if not wanted */
    const double *value;   /* [actors] at the start */
    const double *gap;     /* [actors]; NULL if not wanted */
} dt_world_result;

DT_API size_t dt_ensemble_worlds(const dt_ensemble *ensemble);
DT_API dt_world_result dt_ensemble_world(const dt_ensemble *ensemble, size_t world);

/* Why a world's status isn't DT_OK, with the place and the period, as a sentence of at most
 * room-1 bytes; "" if it is. DT_LIMIT if there is no memory to put it together. */
DT_API dt_status dt_ensemble_reason(const dt_ensemble *ensemble, size_t world, char *text,
                                    size_t room);

/* ---- expectations ---------------------------------------------------------------------------- */

typedef struct dt_expectation {
    const char *text;   /* as written in the model */
    const char *policy; /* under which it was looked at; "" if each outcome in it names its own */
    bool holds;
    const char *found; /* the numbers compared: "war[sequenced] = 0.031, war[as_is] = 0.094" */
} dt_expectation;

/* Runs every `expect` line under each policy that it speaks of, in order, and hands each result to
 * `each`. `parameters`: the world, before policy settings. `games`: one per policy, in order. Where other private
 * variables are certain than one of them takes for known, as an expectation's numbers can bring about, a game for
 * that is explored. DT_NO if one fails. */
DT_API dt_status dt_expectations_run(const dt_model *model, dt_game *const *games,
                                     const double *parameters, dt_values values,
                                     const dt_options *options,
                                     void (*each)(void *context, const dt_expectation *result),
                                     void *context);

/* ---- exports --------------------------------------------------------------------------------- */

typedef enum dt_export_format { DT_EXPORT_JSON, DT_EXPORT_DOT, DT_EXPORT_EFG } dt_export_format;

/* Writes the graph with the strategies (json), a drawing of a small graph (dot), or the unfolded
 * tree as a Gambit game (efg), with private variables the tree alone: types are drawn by chance, and information
 * sets say what is known. Of a solution that isn't solved it writes the game and the reason, no
 * number of the solution. DT_LIMIT, with a diagnostic, if it would be too large to be of use. */
DT_API dt_status dt_export(const dt_solution *solution, dt_export_format format,
                           const dt_options *options, dt_write *write, void *context);

#ifdef __cplusplus
}
#endif
#endif
