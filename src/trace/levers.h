/*
 * Two policies and what lies between them, for those who solve it and those who keep what is solved.
 */
#ifndef DT_TRACE_LEVERS_H
#define DT_TRACE_LEVERS_H

#include "base/kept.h"
#include "detente_levers.h"
#include "model/model.h"
#include "trace/mechanical.h"

/* What one ingredient is on each side. */
typedef struct dt_ingredient {
    const char *name;
    int lever;             /* or DT_NONE: a change of a policy's own */
    bool has[2];           /* whether there is a change on that side */
    dt_own_change side[2]; /* it */
    const char *text[2];
} dt_ingredient;

/* What dt_levers_solve was asked. */
typedef struct dt_levers_asked {
    const double *parameters; /* [worlds][parameters] */
    size_t worlds;
    dt_values values;
    const dt_options *options;
} dt_levers_asked;

/* How what is solved is kept, by dt_levers_keep: so that those who keep nothing, as the page, need no files. */
typedef struct dt_levers_keeper {
    dt_status (*open)(dt_arena *arena, dt_levers *levers, const dt_levers_asked *asked);
    bool (*take)(const dt_kept *kept, const char *name, const dt_part *part, size_t parts);
    dt_status (*add)(dt_kept *kept, const char *name, const dt_part *part, size_t parts);
    dt_status (*close)(dt_kept *kept, dt_status status);
} dt_levers_keeper;

struct dt_levers {
    dt_arena *arena;
    const dt_model *model;
    size_t policy[2];
    dt_list(dt_ingredient) ingredient;
    dt_list(dt_own_change) shared;  /* changes of their own that both make */
    size_t *setting;                /* [levers] work space of cell_of */
    dt_own_change *change;          /* [changes of both] likewise */
    dt_mechanical *mechanical;      /* made when first needed */
    dt_game *end[2];                /* the games of both policies, which it needs */
    const dt_levers_keeper *keeper; /* NULL: nothing is kept */
    const char *path, *drawn;       /* of the file, and what its worlds are */
    dt_kept kept;                   /* open while something is solved */
};

#endif
