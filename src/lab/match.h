/*
 * A match as JSON, for who plays it on the page.
 */
#ifndef DT_LAB_MATCH_H
#define DT_LAB_MATCH_H

#include "base/arena.h"
#include "base/json.h"
#include "detente_play.h"

/*
 * All of a match so far, as web/engine/answers.ts has it: its code and seed, the sides held, what is so now and what is
 * believed, the events, the turn (null if play is over), the moves, the outcomes (null each until then), and the
 * history as a file. DT_LIMIT, told, if memory ran out.
 */
dt_status dt_write_match(dt_writer *out, const dt_match *match, const dt_model *model,
                         const bool *held, const dt_options *options, dt_arena *scratch);

#endif
