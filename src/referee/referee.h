/*
 * What the files of the referee share: the plays that everything rests on, solved side by side (plays.c),
 * and the list of objections. A play is a policy with the numbers that an expectation lays over the world; the
 * first ones are the policies with none. It is solved in several variants: as the model is, by chance alone,
 * more precise, and with other lookaheads.
 */
#ifndef DT_REFEREE_REFEREE_H
#define DT_REFEREE_REFEREE_H

#include "base/kept.h"
#include "detente_referee.h"
#include "referee/threshold.h"
#include "robust/said.h"
#include "solve/solve.h"

enum { DT_REFEREE_LOOKAHEADS = 3, DT_MOST_REFEREE_WORLDS = 100000 };

/* The variants that plays are solved in. */
typedef enum dt_variant {
    DT_VARIANT_NOMINAL,
    DT_VARIANT_CHANCE,
    DT_VARIANT_LOOKAHEAD, /* and those after it */
    DT_VARIANTS = DT_VARIANT_LOOKAHEAD + DT_REFEREE_LOOKAHEADS,
    DT_VARIANT_PRECISE = DT_VARIANTS /* of which what is taken counts alone */
} dt_variant;

typedef struct dt_referee_play {
    int policy;
    const dt_expect *with; /* whose numbers are laid over the world; NULL: none */
} dt_referee_play;

/* How often the actions of a stage's movers are taken where the mover has a choice. */
typedef struct dt_taken {
    double *made;    /* [movers of all stages] */
    double *entropy; /* [movers of all stages] sum over choices */
    double *action;  /* [actions of all stages] */
} dt_taken;

/* Two policies that an expectation compares. */
typedef struct dt_referee_bundle {
    size_t from, to;
    size_t ingredients;      /* one more than levers can take: so many, or more */
    const char *const *name; /* [ingredients]; NULL: more */
    int compared;            /* the outcome by which they are, or DT_NONE */
    size_t cells;            /* to be solved; 0: one ingredient, or too many */
    double *outcome;         /* [declared][cells] */
    double *mechanical;      /* [declared] */
    double *spare;           /* [declared + 1] work space */
} dt_referee_bundle;

typedef struct dt_refereeing {
    const dt_model *model;
    const dt_referee_how *how;
    const dt_options *options;
    dt_arena *arena; /* of the answer, and of the work */
    double *world;   /* [params] nominal, before settings */
    bool *held;      /* [params] */
    const char *name;
    size_t policies, declared, outcomes; /* outcomes: those of expectations, too */
    dt_list(dt_referee_play) play;
    dt_list(dt_referee_bundle) bundle;
    size_t lookaheads, worlds, varied;
    int lookahead[DT_REFEREE_LOOKAHEADS];
    size_t *vary;        /* [varied] */
    double *low, *high;  /* [params] ends of the ranges that numbers are moved through */
    double *drawn_world; /* [worlds][params] */

    double *number[DT_VARIANTS]; /* [plays][outcomes] */
    double *drawn;               /* [plays][outcomes][worlds] */
    double *moved;               /* [policies][varied][2][declared] */
    dt_taken *taken, *precise;   /* [policies] */
    double *prize;               /* [policies][ends][actors] what follows an end if it is a prize */
    double *others;              /* [policies][dt_others_width] */
    double *unpaid;              /* [policies][terms] share of what it gives that nobody pays */
    size_t *first_mover;         /* [stages+1] */
    size_t *first_action;        /* [stages+1] */
    size_t solved;
    dt_kept *kept;

    dt_list(dt_objection) objection;
    dt_refereed *answer;
} dt_refereeing;

/* The number of a declared outcome under a policy in a variant. */
static inline double dt_referee_number(const dt_refereeing *r, size_t variant, size_t policy,
                                       size_t outcome)
{
    return r->number[variant][policy * r->outcomes + outcome];
}

/* The policy that is best by an outcome with a direction, `number` [policies] with a step between them; the first of those that
 * are tied; `policies` if there is none. */
size_t dt_referee_best(const dt_refereeing *r, const double *number, size_t step, size_t outcome);

/* Adds an objection; `text` and `command` are of r->arena. */
void dt_object(dt_refereeing *r, const char *kind, dt_gravity gravity, double number,
               const dt_text *text, const char *command);

/* A text of r->arena, such as a command. */
const char *dt_referee_print(const dt_refereeing *r, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The policies without a number in a variant. */
dt_name_list dt_referee_unsolved(const dt_refereeing *r, size_t variant);

/* plan.c: what there is to solve and what it costs; then room for it, and the worlds drawn. */
void dt_referee_plan(dt_refereeing *r);
size_t dt_referee_solves(const dt_refereeing *r);
size_t dt_referee_starts(const dt_refereeing *r); /* of them, of searches for other equilibria */
bool dt_referee_is_given(const dt_refereeing *r, size_t play);
void dt_referee_room(dt_refereeing *r);
dt_status dt_referee_worlds(dt_refereeing *r);

/* plays.c: all of it solved. */
dt_status dt_referee_solve(dt_refereeing *r);

/* bundles.c: which pairs of policies there are to be taken apart; and one of them. */
void dt_referee_plan_bundles(dt_refereeing *r);
dt_status dt_referee_solve_bundle(const dt_refereeing *r, dt_referee_bundle *bundle,
                                  const dt_options *options);

/* others.c: the equilibria of a game played forever, into a row of so many numbers; `space` [declared]. */
size_t dt_others_width(const dt_refereeing *r);
dt_status dt_others_find(const dt_refereeing *r, const dt_game *game, const double *world,
                         const dt_options *options, double *row, double *space);

/* unpaid.c: what each term gives that nobody pays, of what it gives; NaN of those that give nothing, or
 * whose actor counts in a unit of its own. */
dt_status dt_unpaid_add(const dt_refereeing *r, const dt_solution *solution,
                        const dt_options *options, double *unpaid);

/* taken.c: nothing taken yet; and what is done over the horizon under a solution added. */
dt_taken dt_taken_new(const dt_refereeing *r);
dt_status dt_taken_add(const dt_refereeing *r, const dt_solution *solution,
                       const dt_options *options, dt_taken *taken);

/* expect.c: r->answer's expectations. */
void dt_referee_expect(dt_refereeing *r);

/* One family of objections each. */
void dt_object_unsolved(dt_refereeing *r);
void dt_object_chance(dt_refereeing *r);
void dt_object_noise(dt_refereeing *r);
void dt_object_horizon(dt_refereeing *r);
void dt_object_numbers(dt_refereeing *r);
void dt_object_easy(dt_refereeing *r);
void dt_object_worlds(dt_refereeing *r);
void dt_object_bundles(dt_refereeing *r);
void dt_object_others(dt_refereeing *r);
void dt_object_unpaid(dt_refereeing *r);
dt_status dt_object_rules(dt_refereeing *r);

#endif
