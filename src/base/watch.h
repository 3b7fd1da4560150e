/*
 * A watch over work that threads share in parts: how many are done, and whether all is to be left off. Only the
 * thread that made the call tells of progress, so that what is told to needn't be made for threads.
 */
#ifndef DT_BASE_WATCH_H
#define DT_BASE_WATCH_H

#include "base/diagnostic.h"

typedef struct dt_watch {
    const dt_options *options;
    const char *activity;
    size_t parts, done;
    bool stopped;
} dt_watch;

/* Whether to go on; `watch` is a dt_watch, `done` what is done of a part, which counts for nothing. Called by
 * the worker of this number now and then, of whom worker 0 tells of progress. */
typedef bool dt_watcher(void *watch, double done);
dt_watcher *dt_watch_by(int worker);

/* One more part is done. */
void dt_watch_part(dt_watch *watch);

#endif
