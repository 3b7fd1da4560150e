/*
 * What a referee keeps in a file, so that work that was ended is taken up again. A line is a piece of work: its
 * name, how many numbers it found, the bits of each in hexadecimal, and a full stop. The first line says
 * what the numbers are of: a hash of the model's text, the world, and all else that is asked. A piece is
 * one write, so that threads don't mix theirs; a line without its full stop was cut short and counts for nothing.
 *
 * Invariant: what is taken from the file is what the work would find, so that no answer depends on how often it was ended.
 */
#include "referee/kept.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/diagnostic.h"
#include "base/file.h"

_Static_assert(sizeof(double) == sizeof(uint64_t), "a number's bits");

static const char OPENING[] = "detente referee 1 ";
enum { MOST_BYTES = 1 << 28 };

typedef struct complaint {
    const dt_options *options;
    dt_code code;
    const char *path, *why;
} complaint;

static dt_status tell(dt_arena *arena, void *argument)
{
    const complaint *c = argument;
    dt_diagnostics *diagnostics = dt_diagnostics_new(arena, c->options, NULL);
    dt_complain(diagnostics, c->code, (dt_place){0, 0}, c->path, c->why);
    dt_diagnostics_flush(diagnostics);
    return c->code == DT_KEPT_FILE ? DT_FILE : DT_INVALID;
}

static dt_status refuse(const dt_kept *kept, dt_code code, const char *why)
{
    return dt_job(kept->options, tell, &(complaint){kept->options, code, kept->path, why});
}

/* The lines of a text that are whole, but for the first. */
static void index_lines(dt_arena *arena, dt_kept *kept, const char *text, size_t length)
{
    const char *end = text + length;
    while (text < end) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        if (!stop)
            break;
        if (stop - text > 2 && stop[-1] == '.' && stop[-2] == ' ')
            dt_push(arena, &kept->line, ((dt_slice){text, (size_t)(stop - text)}));
        text = stop + 1;
    }
}

static dt_status read_lines(dt_arena *arena, dt_kept *kept, const char *first)
{
    dt_file file;
    const dt_status status = dt_file_read(arena, kept->path, MOST_BYTES, &file);
    if (status != DT_OK)
        return file.error == ENOENT ? DT_OK : refuse(kept, DT_KEPT_FILE, strerror(file.error));
    if (file.length == 0)
        return DT_OK;
    const size_t length = strlen(first);
    if (!file.text || file.length < strlen(OPENING) ||
        memcmp(file.text, OPENING, strlen(OPENING)) != 0)
        return refuse(kept, DT_NOT_KEPT, "it isn't what 'detente referee -o' writes");
    if (file.length < length || memcmp(file.text, first, length) != 0)
        return refuse(kept, DT_NOT_KEPT,
                      "it is of another model, world or question; remove it, or name another");
    kept->begun = true;
    kept->cut = file.text[file.length - 1] != '\n';
    index_lines(arena, kept, file.text + length, file.length - length);
    return DT_OK;
}

dt_status dt_kept_open(dt_arena *arena, dt_kept *kept, const char *path, uint64_t question,
                       const dt_options *options)
{
    dt_text first = {.arena = arena};
    *kept = (dt_kept){.path = path, .options = options};
    if (!path)
        return DT_OK;
    dt_text_print(&first, "%s%016" PRIx64 "\n", OPENING, question);
    const dt_status status = read_lines(arena, kept, dt_text_get(&first));
    if (status != DT_OK)
        return status;
    kept->stream = fopen(path, "a");
    if (!kept->stream)
        return refuse(kept, DT_KEPT_FILE, strerror(errno));
    if (!kept->begun)
        fputs(dt_text_get(&first), kept->stream);
    if (kept->cut)
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
    return strncmp(end, " .", 2) == 0;
}

bool dt_kept_take(const dt_kept *kept, const char *name, const dt_part *part, size_t parts)
{
    const size_t length = strlen(name);
    for (size_t i = 0; i < kept->line.count; i++) {
        const dt_slice *line = &kept->line.at[i];
        if (line->length > length && line->at[length] == ':' &&
            memcmp(line->at, name, length) == 0 &&
            read_numbers(line->at + length + 1, part, parts, false))
            return read_numbers(line->at + length + 1, part, parts, true);
    }
    return false;
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
    dt_text_print(&line, " .\n");
    if (fwrite(dt_text_get(&line), 1, line.bytes.count, k->kept->stream) != line.bytes.count ||
        fflush(k->kept->stream) != 0)
        k->kept->failed = true;
    return DT_OK;
}

dt_status dt_kept_add(dt_kept *kept, const char *name, const dt_part *part, size_t parts)
{
    assert(name && !strchr(name, ':'));
    return kept->stream ? dt_job(NULL, keep, &(keeping){kept, name, part, parts}) : DT_OK;
}

dt_status dt_kept_close(dt_kept *kept, dt_status status)
{
    if (!kept->stream)
        return status;
    const bool failed = (fclose(kept->stream) != 0) | kept->failed;
    kept->stream = NULL;
    return failed && status <= DT_NO ? refuse(kept, DT_KEPT_FILE, "it can't be written") : status;
}
