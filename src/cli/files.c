/*
 * Files. What is read is read whole. What is written appears under its final name only once it is
 * complete: until then it stands beside it, so that a failure leaves neither half a file nor a
 * spoiled old one, which goes when the new one is on the disk. Devices and pipes can't be replaced and are written in
 * place.
 */
#include "cli.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* More text than this is no model; the library says so, and a pipe without end is left. */
enum { MOST_TEXT = 64 << 20 };

dt_status cli_read(const char *path, char **text, size_t *length)
{
    bool standard = strcmp(path, "-") == 0;
    FILE *stream = standard ? stdin : fopen(path, "rb");
    if (!stream) {
        cli_error(NULL, "can't read '%s': %s", path, strerror(errno));
        return DT_FILE;
    }
    enum { PIECE = 1 << 16 };
    size_t count = 0, got = PIECE;
    char *bytes = NULL;
    for (size_t piece = 0; got == PIECE && count < MOST_TEXT; piece++) {
        bytes = cli_grow(bytes, piece, PIECE);
        got = fread(bytes + count, 1, PIECE, stream);
        count += got;
    }
    int failed = ferror(stream) ? errno : 0;
    if (!standard)
        fclose(stream);
    if (failed) {
        cli_error(NULL, "can't read '%s': %s", path, strerror(failed));
        return DT_FILE;
    }
    *text = bytes;
    *length = count;
    return DT_OK;
}

static dt_status cant_write(const cli_output *output, int reason)
{
    cli_error(NULL, "can't write '%s': %s", output->path ? output->path : "standard output",
              strerror(reason));
    return DT_FILE;
}

dt_status cli_output_check(const char *path)
{
    struct stat about;
    const cli_output output = {.path = path};
    const bool there = stat(path, &about) == 0;
    const char *slash = strrchr(path, '/');
    const char *folder = slash ? cli_print("%.*s", (int)(slash - path + 1), path) : ".";
    if (there && S_ISDIR(about.st_mode))
        return cant_write(&output, EISDIR);
    if (there && access(path, W_OK) != 0)
        return cant_write(&output, errno);
    if (!there && access(folder, W_OK | X_OK) != 0)
        return cant_write(&output, errno);
    return DT_OK;
}

dt_status cli_output_open(cli_output *output, const char *path)
{
    *output = (cli_output){.path = path, .stream = stdout};
    if (!path)
        return DT_OK;
    struct stat about;
    bool there = stat(path, &about) == 0;
    if (there && !S_ISREG(about.st_mode)) {
        output->stream = fopen(path, "w");
        return output->stream ? DT_OK : cant_write(output, errno);
    }
    if (there && access(path, W_OK) != 0) /* a rename wouldn't ask */
        return cant_write(output, errno);
    char *real = there ? realpath(path, NULL) : NULL; /* through a symbolic link, to the file */
    output->final = cli_print("%s", real ? real : path);
    output->replaces = there;
    free(real);
    output->partial = cli_print("%s.XXXXXX", output->final);
    int file = mkstemp(output->partial);
    if (file < 0)
        return cant_write(output, errno);
    mode_t mask = umask(0);
    umask(mask);
    /* set-user-ID goes with its owner or not at all */
    const bool owned = there && fchown(file, about.st_uid, about.st_gid) == 0;
    fchmod(file, !there ? 0666 & ~mask : about.st_mode & (owned ? 07777 : 0777));
    output->stream = fdopen(file, "w");
    return output->stream ? DT_OK : cant_write(output, errno);
}

bool cli_output_write(void *context, const char *text, size_t length)
{
    cli_output *output = context;
    assert(output->stream);
    if (fwrite(text, 1, length, output->stream) == length)
        return true;
    output->failed = errno;
    return false;
}

dt_status cli_output_close(cli_output *output, bool keep)
{
    assert(output->stream && (output->partial == NULL) == (output->final == NULL));
    int failed = output->failed;
    if (!failed && ferror(output->stream))
        failed = EIO; /* printed to without asking */
    /* on the disk before the old file goes */
    if (output->replaces && keep && !failed &&
        (fflush(output->stream) != 0 || fsync(fileno(output->stream)) != 0))
        failed = errno;
    const int end = output->path ? fclose(output->stream) : fflush(output->stream);
    if (end && !failed)
        failed = errno;
    if (output->partial) {
        if (keep && !failed && rename(output->partial, output->final) != 0)
            failed = errno;
        if (!keep || failed)
            unlink(output->partial);
    }
    return failed ? cant_write(output, failed) : DT_OK;
}
