/*
 * A writer: text on its way out through a dt_write, gathered into larger pieces.
 */
#ifndef DT_BASE_WRITER_H
#define DT_BASE_WRITER_H

#include "detente.h"

typedef struct dt_writer {
    dt_write *write;
    void *context;
    bool failed; /* a piece wasn't taken; whatever follows is dropped */
    bool spaced; /* JSON has blanks behind commas and colons */
    bool comma;  /* see json.c */
    size_t held;
    char buffer[8192];
} dt_writer;

void dt_writer_text(dt_writer *writer, const char *text);
/* At most 255 bytes; a text that may be longer goes through dt_writer_text. */
void dt_writer_print(dt_writer *writer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The shortest decimal that reads back as the same number; may have an exponent. */
void dt_writer_number(dt_writer *writer, double number);
/* Sends what is still held. */
void dt_writer_flush(dt_writer *writer);

#endif
