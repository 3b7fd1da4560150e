/*
 * What a fit keeps in its file while it draws: what was asked, and the particles at the last temperature.
 */
#ifndef DT_FIT_KEEP_H
#define DT_FIT_KEEP_H

#include "fit/tempering.h"
#include "study/database.h"
#include "study/design.h"

typedef struct dt_keep {
    dt_database database;
    bool found;           /* particles were in the file: they are in the swarm now */
    unsigned char *value; /* room for them as they stand there */
} dt_keep;

/* Opens the file, which is created if it isn't there, and makes sure that it holds the fit that `plan` (of
 * design POSTERIOR) asks for; if there are particles in it they are put into the swarm. To be closed
 * whatever the status. DT_FILE: not such a file, damaged, in use or not writable; DT_INVALID: another fit,
 * the difference told. Needs the arena until it is closed. */
dt_status dt_keep_open(dt_arena *arena, const char *path, const dt_plan *plan,
                       const dt_options *options, dt_swarm *swarm, dt_keep *keep);
/* Replaces what the file has by the swarm as it is now, for good. */
dt_status dt_keep_swarm(dt_keep *keep, const dt_swarm *swarm);
void dt_keep_close(dt_keep *keep);

#endif
