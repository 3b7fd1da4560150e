/*
 * Writing out. Once the receiver has refused a piece nothing more is sent to it.
 */
#include "base/writer.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

static void add(dt_writer *writer, const char *text, size_t length)
{
    while (length != 0) {
        assert(writer->held < sizeof writer->buffer);
        size_t room = sizeof writer->buffer - writer->held;
        size_t part = length < room ? length : room;
        memcpy(writer->buffer + writer->held, text, part);
        writer->held += part;
        text += part;
        length -= part;
        if (writer->held == sizeof writer->buffer)
            dt_writer_flush(writer);
    }
}

void dt_writer_flush(dt_writer *writer)
{
    if (writer->held != 0 && !writer->failed)
        writer->failed = !writer->write(writer->context, writer->buffer, writer->held);
    writer->held = 0;
}

void dt_writer_text(dt_writer *writer, const char *text)
{
    add(writer, text, strlen(text));
}

void dt_writer_print(dt_writer *writer, const char *format, ...)
{
    char buffer[256];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(buffer, sizeof buffer, format, arguments);
    va_end(arguments);
    assert(length >= 0 && (size_t)length < sizeof buffer);
    add(writer, buffer, (size_t)length);
}

void dt_writer_number(dt_writer *writer, double number)
{
    char buffer[32];
    dt_writer_text(writer, dt_print_number(buffer, number));
}
