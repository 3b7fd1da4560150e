/*
 * What `design` found, for those that print it.
 */
#ifndef DT_CLI_DESIGN_H
#define DT_CLI_DESIGN_H

#include "cli.h"
#include "detente_design.h"

/* Cells of a front that are shown and named. */
enum { CLI_DESIGN_SHOWN = 20 };

/* A cell of a front. */
typedef struct cli_named_cell {
    size_t cell;
    size_t policy; /* the model's own that is the same game, or SIZE_MAX */
    const char *name;
    dt_discovery *where; /* in which worlds it is best; NULL if it isn't judged over worlds */
} cli_named_cell;

/* What a table shows: a front, then the model's own policies that aren't on it. */
typedef struct cli_design_table {
    size_t rows, on_front;
    size_t *cell;       /* [rows] */
    const char **label; /* [rows] */
    bool *
        by_chance; /* [objectives] in the nominal world the rows rank by it so by chance alone, too */
} cli_design_table;

typedef struct cli_design {
    const cli_session *session;
    dt_lever_design_how how;
    dt_objective *objective; /* [how.objectives] */
    dt_lever_design *design;
    size_t front[2]; /* cells of it, nominal and robust */
    cli_named_cell *named;
    size_t names;
    cli_design_table table[2]; /* nominal and robust */
} cli_design;

/* A cell as a policy of the language; `between` stands before each of its lines: "; " or "\n  ". */
const char *cli_design_line(const cli_design *design, size_t cell, const char *name,
                            const char *between);
/* The model's own policy, of those that are cells of the design, with fewest settings other than a cell's. */
size_t cli_design_nearest(const cli_design *design, size_t cell);

/* Chooses the rows of both tables, of cells that are named, and judges what holds by chance alone. */
dt_status cli_design_tables(cli_design *design);

/* The outcomes of objectives, then of requirements, each once, and which way is better (0: neither); returns how many. */
size_t cli_design_outcomes(const cli_design *design, size_t **outcome, int **direction);
/* "minimise war, maximise deals; require cohesion >= 1.5". */
const char *cli_design_question(const cli_design *design);

void cli_design_print(const cli_design *design);
/* As --csv, --markdown or --latex asks for it: design_sheet.c. */
dt_status cli_design_print_sheets(const cli_design *design);
dt_status cli_design_print_json(const cli_design *design);

#endif
