/*
 * Many machines: one process, rank 0, keeps the file and hands out units of work, each to whoever is
 * idle; the others make the worlds of their units, solve them and send the records back. Units are
 * small and asked for one by one, which balances the load whatever a world takes. Nothing but units
 * and records travels: every rank has the model and the plan from the same command line.
 *
 * A fit asks for likelihoods instead, many at a time, and each rank finds a share of them, in whole groups of worlds; what
 * it is asked for comes from rank 0, so that no two ranks need agree on anything that they worked out.
 *
 * MPI is used only if mpirun started the program; without it, and in builds without MPI, this file says
 * that there is nobody else. A rank that dies ends all of them, which is how mpirun has it; the file
 * bears that (store.c).
 */
#include "study/cluster.h"

#include <assert.h>
#include <stdlib.h>
#include <time.h>

#include "base/lane.h"
#include "detente_study.h"

/* Whether mpirun, or a resource manager in its place, started this process among others. */
static bool is_launched(void)
{
    /* Open MPI's mpirun; others by PMI; Slurm's srun by PMIx */
    const char *const size[] = {getenv("OMPI_COMM_WORLD_SIZE"), getenv("PMI_SIZE"),
                                getenv("PMIX_RANK") ? getenv("SLURM_STEP_NUM_TASKS") : NULL};
    for (size_t i = 0; i < sizeof size / sizeof *size; i++) {
        if (size[i] && atoi(size[i]) > 1)
            return true;
    }
    return false;
}

#ifdef DT_MPI
#include <mpi.h>

enum { UNIT = 1, ANSWER, RECORDS };

/* MPI itself is one for the process, and so is this. */
static struct {
    bool joined;
    bool parted; /* all ranks have come to the end of their work */
    int rank, ranks;
} here = {.ranks = 1};

typedef struct answer {
    dt_unit unit;
    int64_t status, bytes;
} answer;

dt_status dt_cluster_join(const dt_options *options, int *rank, int *ranks)
{
    (void)options;
    if (!here.joined && is_launched()) {
        int level;
        MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &level);
        MPI_Comm_rank(MPI_COMM_WORLD, &here.rank);
        MPI_Comm_size(MPI_COMM_WORLD, &here.ranks);
        here.joined = true;
    }
    *rank = here.rank;
    *ranks = here.ranks;
    assert(here.rank >= 0 && here.rank < here.ranks);
    return DT_OK;
}

void dt_cluster_leave(dt_status status)
{
    if (!here.joined)
        return;
    if (here.parted)
        MPI_Finalize();
    else /* the others wait for what will not come */
        MPI_Abort(MPI_COMM_WORLD, status);
    here.joined = false;
}

int dt_cluster_workers(void)
{
    return here.ranks - 1;
}

bool dt_cluster_is_worker(void)
{
    return here.rank > 0;
}

int dt_cluster_agree(int number)
{
    if (here.joined)
        MPI_Bcast(&number, 1, MPI_INT, 0, MPI_COMM_WORLD);
    return number;
}

void dt_cluster_meet(void)
{
    here.parted = false;
}

void dt_cluster_part(void)
{
    here.parted = true;
}

/* MPI's own waiting would keep a processor busy. */
static void rest(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
}

/* ---- rank 0 ----------------------------------------------------------------------------------- */

/* Hands the worker its next unit, or one without worlds if there is none. False then. */
static bool hand_out(const dt_director *director, int worker)
{
    dt_unit unit = {0};
    const bool more = director->next(director->context, &unit);
    assert(worker >= 1 && worker < here.ranks && (unit.count > 0) == more);
    MPI_Send(&unit, sizeof unit, MPI_BYTE, worker, UNIT, MPI_COMM_WORLD);
    return more;
}

/* Takes in an answer, if there is one: sets *worker, else it is 0. */
static dt_status collect(const dt_director *director, int *worker)
{
    int there;
    MPI_Status message;
    *worker = 0;
    MPI_Iprobe(MPI_ANY_SOURCE, ANSWER, MPI_COMM_WORLD, &there, &message);
    if (!there)
        return DT_OK;
    answer found;
    *worker = message.MPI_SOURCE;
    MPI_Recv(&found, sizeof found, MPI_BYTE, *worker, ANSWER, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    if (found.status != DT_OK)
        return (dt_status)found.status;
    assert(found.bytes >= 0 && (size_t)found.bytes <= director->bytes);
    MPI_Recv(director->records, (int)found.bytes, MPI_BYTE, *worker, RECORDS, MPI_COMM_WORLD,
             MPI_STATUS_IGNORE);
    director->done(director->context, &found.unit, director->records);
    return DT_OK;
}

dt_status dt_cluster_direct(const dt_director *director)
{
    int busy = 0;
    for (int worker = 1; worker < here.ranks; worker++)
        busy += hand_out(director, worker);
    while (busy > 0) {
        int worker;
        const dt_status status = collect(director, &worker);
        if (status != DT_OK)
            return status;
        if (!director->go_on(director->context))
            return DT_LIMIT;
        if (worker) {
            busy -= !hand_out(director, worker);
        } else {
            director->wait(director->context);
            rest();
        }
    }
    return DT_OK;
}

/* ---- the others ------------------------------------------------------------------------------- */

static void no_pulse(void *context, double done)
{
    (void)context;
    (void)done;
}

dt_status dt_cluster_serve(dt_work *work, char *records, size_t bytes_of_record)
{
    for (;;) {
        dt_unit unit;
        int there = 0;
        while (MPI_Iprobe(0, UNIT, MPI_COMM_WORLD, &there, MPI_STATUS_IGNORE), !there)
            rest();
        MPI_Recv(&unit, sizeof unit, MPI_BYTE, 0, UNIT, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        if (unit.count == 0)
            return DT_OK;
        const dt_status status = dt_work_solve(work, &unit, records, no_pulse, NULL);
        const answer given = {unit, status, (int64_t)(unit.count * bytes_of_record)};
        assert(given.bytes <= INT32_MAX);
        MPI_Send(&given, sizeof given, MPI_BYTE, 0, ANSWER, MPI_COMM_WORLD);
        if (status != DT_OK)
            return status;
        MPI_Send(records, (int)given.bytes, MPI_BYTE, 0, RECORDS, MPI_COMM_WORLD);
    }
}

/* ---- all together ----------------------------------------------------------------------------- */

/* A header before the points; none are left: a status. */
typedef struct request {
    uint64_t count;
    int64_t status;
} request;

/* The first of a rank's points; that of the rank after the last is their number. */
static size_t share_of(int rank, size_t count)
{
    const size_t groups = (count + DT_WORLDS - 1) / DT_WORLDS,
                 first = groups * (size_t)rank / (size_t)here.ranks * DT_WORLDS;
    return first < count ? first : count;
}

/* This rank's part of the numbers, then everybody's, on rank 0. */
static dt_status find_share(const dt_question *question, size_t count, const double *point,
                            double *number)
{
    const size_t first = share_of(here.rank, count), next = share_of(here.rank + 1, count);
    int status = DT_OK, worst;
    if (next > first)
        status = (int)question->find(question->context, next - first,
                                     point + first * question->dimensions, number + first);
    MPI_Allreduce(&status, &worst, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
    for (int rank = 1; rank < here.ranks && worst == DT_OK; rank++) {
        const size_t from = share_of(rank, count), to = share_of(rank + 1, count);
        assert(to - from <= INT32_MAX);
        if (rank == here.rank)
            MPI_Send(number + from, (int)(to - from), MPI_DOUBLE, 0, RECORDS, MPI_COMM_WORLD);
        else if (here.rank == 0)
            MPI_Recv(number + from, (int)(to - from), MPI_DOUBLE, rank, RECORDS, MPI_COMM_WORLD,
                     MPI_STATUS_IGNORE);
    }
    return (dt_status)worst;
}

dt_status dt_cluster_ask(const dt_question *question, size_t count, const double *point,
                         double *number)
{
    request asked = {count, DT_OK};
    assert(here.rank == 0 && count > 0);
    MPI_Bcast(&asked, sizeof asked, MPI_BYTE, 0, MPI_COMM_WORLD);
    dt_cluster_tell((double *)(uintptr_t)point, count * question->dimensions); /* rank 0's own */
    return find_share(question, count, point, number);
}

dt_status dt_cluster_answer(const dt_question *question, dt_arena *arena)
{
    double *point = NULL, *number = NULL;
    size_t room = 0;
    for (;;) {
        request asked;
        MPI_Bcast(&asked, sizeof asked, MPI_BYTE, 0, MPI_COMM_WORLD);
        if (asked.count == 0)
            return (dt_status)asked.status;
        if (asked.count > room) {
            room = asked.count;
            point = dt_take(arena, room, question->dimensions * sizeof *point);
            number = dt_new(arena, double, room);
        }
        dt_cluster_tell(point, asked.count * question->dimensions);
        find_share(question, asked.count, point, number); /* rank 0 hears of it, and says so */
    }
}

void dt_cluster_dismiss(dt_status status)
{
    request asked = {0, status};
    MPI_Bcast(&asked, sizeof asked, MPI_BYTE, 0, MPI_COMM_WORLD);
}

void dt_cluster_tell(double *number, size_t count)
{
    enum { AT_ONCE = 1 << 20 };
    for (size_t from = 0; from < count && here.joined; from += AT_ONCE)
        MPI_Bcast(number + from, (int)(count - from < AT_ONCE ? count - from : AT_ONCE), MPI_DOUBLE,
                  0, MPI_COMM_WORLD);
}

#else

dt_status dt_cluster_join(const dt_options *options, int *rank, int *ranks)
{
    *rank = 0;
    *ranks = 1;
    if (!is_launched())
        return DT_OK;
    dt_report_limit(options, "mpirun started this program, which was built without MPI");
    return DT_INVALID;
}

void dt_cluster_leave(dt_status status)
{
    (void)status;
}

int dt_cluster_workers(void)
{
    return 0;
}

bool dt_cluster_is_worker(void)
{
    return false;
}

int dt_cluster_agree(int number)
{
    return number;
}

void dt_cluster_meet(void)
{
}

void dt_cluster_part(void)
{
}

dt_status dt_cluster_direct(const dt_director *director)
{
    (void)director;
    assert(!"there is nobody else");
    return DT_LIMIT;
}

dt_status dt_cluster_serve(dt_work *work, char *records, size_t bytes_of_record)
{
    (void)work;
    (void)records;
    (void)bytes_of_record;
    assert(!"there is nobody else");
    return DT_LIMIT;
}

dt_status dt_cluster_ask(const dt_question *question, size_t count, const double *point,
                         double *number)
{
    assert(!"there is nobody else");
    return question->find(question->context, count, point, number);
}

dt_status dt_cluster_answer(const dt_question *question, dt_arena *arena)
{
    (void)question;
    (void)arena;
    assert(!"there is nobody else");
    return DT_LIMIT;
}

void dt_cluster_dismiss(dt_status status)
{
    (void)status;
}

void dt_cluster_tell(double *number, size_t count)
{
    (void)number;
    (void)count;
}
#endif
