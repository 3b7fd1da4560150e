/*
 * What the files of the page's engine share: what is held of a model, and how a call begins, reads the buffer and answers
 * (engine.c says what an answer is). A call begins once, which forgets the answer before; what it takes from the arena
 * `answering` goes with it.
 */
#ifndef DT_WEB_ENGINE_H
#define DT_WEB_ENGINE_H

#include "base/text.h"
#include "base/writer.h"
#include "game/known.h"
#include "lab/walk.h"
#include "solve/solve.h"

#define EXPORT(name) __attribute__((export_name(#name), visibility("default"))) name

static const double PAGE_ROOM = 5e8; /* bytes, to contrast two solutions, or to follow play */

_Noreturn void dt_page_fail(const char *reason)
    __attribute__((import_module("page"), import_name("fail")));

/* What is held of a policy while another is at hand. */
typedef struct page_seat {
    dt_game *game;
    dt_solution *solution;
    dt_arena *walking;
    dt_walk *walk;
} page_seat;

/* What can be held beside these, to be compared. */
enum { PAGE_SIDES = 3 };
typedef struct page_side {
    size_t policy;
    dt_game *game;
    dt_solution *solution;
} page_side;

extern struct page_engine {
    char *buffer; /* what the page hands over */
    size_t room;
    dt_arena *answering; /* of the answer that was given last */
    dt_text answer;
    dt_text diagnostics; /* objects, with commas between them */
    dt_model *model;
    size_t policy; /* the one at hand */
    dt_game *game;
    dt_solution *solution;
    dt_arena *walking;
    dt_walk *walk;   /* NULL until it is needed */
    page_seat *seat; /* [policies]; empty at the one at hand */
    page_side side[PAGE_SIDES];
} engine;

extern const dt_options page_options;

/* The answer before is forgotten. */
void page_begin(void);

/* An answer with its status and diagnostics, open for more. */
dt_writer page_open(dt_status status);
const char *page_close(dt_writer *out);

/* One that has nothing else. */
const char *page_plain(dt_status status);

/* Doubles from the buffer. */
double *page_numbers(size_t count);

/* Whether play can be followed with so many masses: where variables are private, each point and type has
 * its own. Told if not. */
bool page_can_follow(size_t masses);

/* Whether a game serves for the world in the buffer, a double for each parameter before the policy's settings: what is
 * certain there it takes for known, and nothing else. DT_NO if not, or if there is no game. */
dt_status page_serves(const dt_game *game);

/* Explores a policy for that world: what is certain there is known to everybody, and costs nothing. */
dt_status page_explore(size_t policy, dt_game **game);

void page_drop_side(page_side *s);

#endif
