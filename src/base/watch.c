/*
 * Watches: counters that several threads read and write. What is told depends on which thread was done first,
 * and nothing else does.
 */
#include "base/watch.h"

static bool go_on(void *watch, double done)
{
    dt_watch *own = watch;
    (void)done;
    return !__atomic_load_n(&own->stopped, __ATOMIC_RELAXED);
}

static bool go_on_and_tell(void *watch, double done)
{
    dt_watch *own = watch;
    const dt_options *options = own->options;
    const double parts = (double)__atomic_load_n(&own->done, __ATOMIC_RELAXED);
    if (options->progress &&
        !options->progress(options->progress_context, own->activity, parts / (double)own->parts))
        __atomic_store_n(&own->stopped, true, __ATOMIC_RELAXED);
    return go_on(watch, done);
}

dt_watcher *dt_watch_by(int worker)
{
    return worker == 0 ? go_on_and_tell : go_on;
}

void dt_watch_part(dt_watch *watch)
{
    __atomic_fetch_add(&watch->done, 1, __ATOMIC_RELAXED);
}
