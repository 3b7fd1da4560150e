/*
 * The tables of naming.h, read: the word of a mark, and of a naming how it is put, what it declares, and among
 * which kinds of names it is looked up. Invariant: whatever isn't looked up is something by itself, and so is
 * nothing both.
 */
#include "lang/naming.h"

#include <assert.h>
#include <stddef.h>

static const char *const words[] = {
#define X(id, word) word,
    DT_MARKS(X)
#undef X
};

static const struct {
    const char *shown;
    dt_mark declares;
    unsigned among;
} namings[] = {
#define X(id, shown, declares, among) {shown, DT_MARK_##declares, among},
    DT_NAMINGS(X)
#undef X
};

const char *dt_mark_word(dt_mark mark)
{
    assert(mark < DT_MARK_COUNT);
    return words[mark];
}

const char *dt_naming_shown(dt_naming naming)
{
    assert(naming < DT_NAMING_COUNT);
    return namings[naming].shown;
}

dt_mark dt_naming_declares(dt_naming naming)
{
    assert(naming < DT_NAMING_COUNT);
    assert(namings[naming].declares == DT_MARK_NOTHING || namings[naming].among == 0);
    return namings[naming].declares;
}

unsigned dt_naming_among(dt_naming naming)
{
    assert(naming < DT_NAMING_COUNT);
    return namings[naming].among;
}
