/*
 * What long work keeps in a file, so that it is taken up again if it was ended. The first line says which command's work
 * it is; those up to an empty one, what the numbers are of, a fact a line: the model, the seed, and all else that they
 * depend on. Every other line is a piece of work: its name, how many numbers it found, the bits of each in
 * hexadecimal, and the FNV-1a hash of all that. A line that doesn't end in its hash was cut short, or mixed with that of
 * another process, and counts for nothing: its piece is done once more.
 *
 * Invariant: what is taken from the file is what the work would find, so that no answer depends on how often it was ended.
 */
#include "base/kept.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/diagnostic.h"
#include "base/file.h"
#include "base/hash.h"

_Static_assert(sizeof(double) == sizeof(uint64_t), "a number's bits");

enum { MOST_BYTES = 1 << 30, FORMAT = 2, SEAL = 19 /* " =", 16 digits, and the end of the line */ };

/* ---- what is said of it -------------------------------------------------------------------------- */

typedef struct complaint {
    const dt_kept *kept;
    dt_code code;
    const char *why;
} complaint;

static dt_status tell(dt_arena *arena, void *argument)
{
    const complaint *c = argument;
    static const char hint[] =
        "another -o makes a new file; the same command as before goes on with this one";
    dt_diagnostics *diagnostics = dt_diagnostics_new(arena, c->kept->options, NULL);
    dt_complain_more(diagnostics, c->code, (dt_place){0, 0}, c->code == DT_NOT_KEPT ? hint : NULL,
                     NULL, c->kept->path, c->why);
    dt_diagnostics_flush(diagnostics);
    return c->code == DT_KEPT_FILE ? DT_FILE : DT_INVALID;
}

static dt_status refuse(const dt_kept *kept, dt_code code, const char *why)
{
    return dt_job(kept->options, tell, &(complaint){kept, code, why});
}

static dt_status refuse_errno(const dt_kept *kept, int error)
{
    char reason[200];
    return refuse(kept, DT_KEPT_FILE, dt_file_reason(error, reason, sizeof reason));
}

/* ---- the opening --------------------------------------------------------------------------------- */

static const char *opening(dt_arena *arena, const dt_kept *kept, const dt_kept_fact *fact,
                           size_t facts)
{
    dt_text text = {.arena = arena};
    dt_text_print(&text, "detente %s %d\n", kept->work, FORMAT);
    for (size_t i = 0; i < facts; i++) {
        assert(!strchr(fact[i].meaning, '\n') && !strchr(fact[i].value, '\n'));
        dt_text_print(&text, "%s: %s\n", fact[i].meaning, fact[i].value);
    }
    dt_text_print(&text, "\n");
    return dt_text_get(&text);
}

/* What a line of the opening says of a fact; NULL if it is about something else. */
static const char *said_of(dt_slice line, const dt_kept_fact *fact)
{
    const size_t length = strlen(fact->meaning);
    const bool is = line.length >= length + 2 && memcmp(line.at, fact->meaning, length) == 0 &&
                    memcmp(line.at + length, ": ", 2) == 0;
    return is ? line.at + length + 2 : NULL;
}

/* Tells in what the opening of another file differs: in hashes only where it says nothing else, and of another version
 * nothing further. */
static dt_status tell_difference(dt_arena *arena, const dt_kept *kept, const dt_file *file,
                                 const dt_kept_fact *fact, size_t facts)
{
    const char *end = file->text + file->length, *at = memchr(file->text, '\n', file->length);
    const char *sign = NULL;
    bool told = false;
    for (size_t i = 0; i < facts && at && !(i == 1 && told); i++) {
        const char *start = at + 1;
        at = start < end ? memchr(start, '\n', (size_t)(end - start)) : NULL;
        const char *there = at ? said_of((dt_slice){start, (size_t)(at - start)}, &fact[i]) : NULL;
        if (!there)
            return refuse(kept, DT_NOT_KEPT, "its first lines aren't whole");
        if (dt_slice_is((dt_slice){there, (size_t)(at - there)}, fact[i].value))
            continue;
        dt_text text = {.arena = arena};
        dt_text_print(&text, fact[i].sign ? "its %s differs" : "its %s is '%.*s', not '%s'",
                      fact[i].meaning, (int)(at - there), there, fact[i].value);
        if (fact[i].sign && !sign)
            sign = dt_text_get(&text);
        else if (!fact[i].sign)
            refuse(kept, DT_NOT_KEPT, dt_text_get(&text));
        told |= !fact[i].sign;
    }
    if (told)
        return DT_INVALID;
    return refuse(kept, DT_NOT_KEPT, sign ? sign : "its first lines aren't whole");
}

/* ---- the pieces ---------------------------------------------------------------------------------- */

/* The name of a piece, up to its colon. */
static dt_slice name_of(dt_slice line)
{
    const char *colon = memchr(line.at, ':', line.length);
    return (dt_slice){line.at, colon ? (size_t)(colon - line.at) : line.length};
}

static int by_name(const void *x, const void *y)
{
    const dt_slice a = name_of(*(const dt_slice *)x), b = name_of(*(const dt_slice *)y);
    const int order = memcmp(a.at, b.at, a.length < b.length ? a.length : b.length);
    return order ? order : (a.length > b.length) - (a.length < b.length);
}

/* Whether a line ends in the hash of what stands before. */
static bool sealed(dt_slice line)
{
    char seal[SEAL + 1];
    if (line.length < SEAL - 1)
        return false;
    const size_t length = line.length - (SEAL - 1);
    snprintf(seal, sizeof seal, " =%016" PRIx64 "\n", dt_hash_bytes(line.at, length));
    return memcmp(line.at + length, seal, SEAL - 1) == 0;
}

/* The lines of a text that are whole. */
static void index_lines(dt_arena *arena, dt_kept *kept, const char *text, size_t length)
{
    const char *end = text + length;
    while (text < end) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        const dt_slice line = {text, (size_t)((stop ? stop : end) - text)};
        if (stop && sealed(line))
            dt_push(arena, &kept->line, line);
        text = stop ? stop + 1 : end;
    }
    if (kept->line.count > 0)
        qsort(kept->line.at, kept->line.count, sizeof *kept->line.at, by_name);
}

/* ---- the file ------------------------------------------------------------------------------------ */

/* Whether what a file begins with, however long it is, may be our first line or a part of it. */
static bool begins_well(const char *path, const char *first)
{
    const size_t length = strcspn(first, "\n") + 1;
    FILE *stream = fopen(path, "rb");
    bool well = true;
    for (size_t i = 0; stream && well && i < length; i++) {
        const int c = getc(stream);
        if (c == EOF)
            break;
        well = c == first[i];
    }
    if (stream)
        fclose(stream);
    return well; /* if it can't be read, reading it says why */
}

/* What is there: *length of its bytes are the opening `first`, or a part of it; *cut: the last line isn't whole. */
static dt_status read_lines(dt_arena *arena, dt_kept *kept, const char *first,
                            const dt_kept_fact *fact, size_t facts, size_t *length, bool *cut)
{
    dt_file file;
    const size_t all = strlen(first);
    *length = 0;
    *cut = false;
    if (!begins_well(kept->path, first)) {
        dt_text text = {.arena = arena};
        dt_text_print(&text, "it isn't what 'detente %s -o' writes", kept->work);
        return refuse(kept, DT_NOT_KEPT, dt_text_get(&text));
    }
    const dt_status status = dt_file_read(arena, kept->path, MOST_BYTES, &file);
    if (status != DT_OK && status != DT_FILE)
        return status;
    if (status == DT_FILE)
        return file.error == ENOENT ? DT_OK : refuse_errno(kept, file.error);
    if (!file.text && file.length > MOST_BYTES)
        return refuse(kept, DT_KEPT_FILE, "it has more than 1 GiB");
    *length = file.length < all ? file.length : all;
    if (*length == 0)
        return DT_OK;
    if (memcmp(file.text, first, *length) != 0)
        return tell_difference(arena, kept, &file, fact, facts);
    *cut = *length == all && file.text[file.length - 1] != '\n';
    index_lines(arena, kept, file.text + *length, file.length - *length);
    return DT_OK;
}

dt_status dt_kept_open(dt_arena *arena, dt_kept *kept, const char *path, const char *work,
                       const dt_kept_fact *fact, size_t facts, const dt_options *options)
{
    size_t length;
    bool cut;
    *kept = (dt_kept){.path = path, .work = work, .options = options};
    if (!path)
        return DT_OK;
    const char *first = opening(arena, kept, fact, facts);
    const dt_status status = read_lines(arena, kept, first, fact, facts, &length, &cut);
    if (status != DT_OK)
        return status;
    const bool begun = length == strlen(first); /* else nothing was kept in it yet */
    kept->stream = fopen(path, begun ? "a" : "w");
    if (!kept->stream && !begun)
        return refuse_errno(kept, errno);
    if (!kept->stream) {
        kept->locked = errno;
        return DT_OK;
    }
    if (!begun)
        fputs(first, kept->stream);
    if (cut)
        fputc('\n', kept->stream);
    kept->failed = fflush(kept->stream) != 0;
    return DT_OK;
}

/* The numbers of a line, after its name; into the parts if they are to be `taken`. False if they aren't as many. */
static bool read_numbers(const char *at, const dt_part *part, size_t parts, bool taken)
{
    char *end;
    size_t count = 0;
    for (size_t i = 0; i < parts; i++)
        count += part[i].count;
    if (strtoull(at, &end, 10) != count)
        return false;
    for (size_t i = 0; i < parts; i++) {
        for (size_t k = 0; k < part[i].count; k++) {
            at = end;
            const uint64_t bits = strtoull(at, &end, 16);
            if (end == at)
                return false;
            if (taken)
                memcpy(&part[i].at[k], &bits, sizeof bits);
        }
    }
    return strncmp(end, " =", 2) == 0;
}

bool dt_kept_take(const dt_kept *kept, const char *name, const dt_part *part, size_t parts)
{
    const dt_slice wanted = dt_slice_of(name);
    const dt_slice *line = kept->line.count == 0 ? NULL
                                                 : bsearch(&wanted, kept->line.at, kept->line.count,
                                                           sizeof *kept->line.at, by_name);
    if (!line || wanted.length == line->length)
        return false;
    const char *numbers = line->at + wanted.length + 1;
    return read_numbers(numbers, part, parts, false) && read_numbers(numbers, part, parts, true);
}

/* What a piece's numbers make as a line. */
typedef struct keeping {
    dt_kept *kept;
    const char *name;
    const dt_part *part;
    size_t parts;
} keeping;

static dt_status keep(dt_arena *arena, void *argument)
{
    const keeping *k = argument;
    dt_text line = {.arena = arena};
    size_t count = 0;
    for (size_t i = 0; i < k->parts; i++)
        count += k->part[i].count;
    dt_text_print(&line, "%s: %zu", k->name, count);
    for (size_t i = 0; i < k->parts; i++) {
        for (size_t n = 0; n < k->part[i].count; n++) {
            uint64_t bits;
            memcpy(&bits, &k->part[i].at[n], sizeof bits);
            dt_text_print(&line, " %" PRIx64, bits);
        }
    }
    dt_text_print(&line, " =%016" PRIx64 "\n", dt_hash_bytes(dt_text_get(&line), line.bytes.count));
    if (fwrite(dt_text_get(&line), 1, line.bytes.count, k->kept->stream) != line.bytes.count ||
        fflush(k->kept->stream) != 0)
        k->kept->failed = true;
    return k->kept->failed ? DT_FILE : DT_OK;
}

dt_status dt_kept_add(dt_kept *kept, const char *name, const dt_part *part, size_t parts)
{
    assert(name && !strchr(name, ':') && !strchr(name, '\n'));
    if (kept->path && !kept->stream)
        kept->failed = true;
    if (!kept->stream)
        return kept->path ? DT_FILE : DT_OK;
    return dt_job(NULL, keep, &(keeping){kept, name, part, parts});
}

dt_status dt_kept_close(dt_kept *kept, dt_status status)
{
    const bool torn = kept->stream && fclose(kept->stream) != 0;
    kept->stream = NULL;
    if (!torn && !kept->failed)
        return status;
    if (kept->locked)
        return refuse_errno(kept, kept->locked);
    return refuse(kept, DT_KEPT_FILE, "it can't be written");
}
