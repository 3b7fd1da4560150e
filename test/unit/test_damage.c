/*
 * Studies that aren't what they should be: no studies, of another schema, damaged, altered by hand with or
 * without their digests, cut off; and every bit of a file, which either changes nothing when it is turned over or
 * has the file refused. (What the program says of it: test/study/damage.py.)
 */
#include "studies.h"

#include "study/digest.h"

/* Bytes of a file, from `from` on, replaced; or the file cut off there. */
static void write_bytes(const char *path, long from, const char *bytes, size_t count)
{
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    if (bytes) {
        assert_int_equal(fseek(file, from, SEEK_SET), 0);
        assert_int_equal(fwrite(bytes, 1, count, file), count);
    } else {
        assert_int_equal(ftruncate(fileno(file), from), 0);
    }
    fclose(file);
}

static void copy(const char *from, const char *to)
{
    char command[500];
    snprintf(command, sizeof command, "cp %s %s", from, to);
    assert_int_equal(system(command), 0);
}

/* Gives an altered study the digests that it would have if it had been written so. */
static void seal(const char *path)
{
    sqlite3 *handle;
    assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
    for (dt_table table = 0; table < DT_TABLE_DIGESTS; table++) {
        const bool two = table == DT_TABLE_RESULTS; /* columns of the key */
        const char *name = DT_TABLE_NAME[table];
        sqlite3_stmt *statement;
        sqlite3_str *updates = sqlite3_str_new(handle);
        char select[60];
        long long rows = 0;
        uint64_t sum = 0;
        snprintf(select, sizeof select, "SELECT * FROM %s", name);
        if (sqlite3_prepare_v2(handle, select, -1, &statement, NULL) == SQLITE_OK) {
            for (; sqlite3_step(statement) == SQLITE_ROW; rows++) {
                const uint64_t digest = dt_digest_of(table, statement);
                sqlite3_str_appendf(updates, "UPDATE %s SET digest = %lld WHERE %s = %Q", name,
                                    (long long)digest, sqlite3_column_name(statement, 0),
                                    sqlite3_column_text(statement, 0));
                if (two)
                    sqlite3_str_appendf(updates, " AND policy = %Q",
                                        sqlite3_column_text(statement, 1));
                sqlite3_str_appendall(updates, ";");
                sum += digest;
            }
        }
        sqlite3_finalize(statement);
        sqlite3_str_appendf(updates,
                            "UPDATE digests SET written = %lld, digest = %lld "
                            "WHERE name = %Q",
                            rows, (long long)sum, name);
        char *sql = sqlite3_str_finish(updates);
        assert_int_equal(sqlite3_exec(handle, sql, NULL, NULL, NULL), SQLITE_OK);
        sqlite3_free(sql);
    }
    sqlite3_close(handle);
}

/* ---- by hand ---- */

static void files_that_are_no_studies_are_not_read(void **state)
{
    (void)state;
    trial t;
    start(&t);
    run(&t, &(dt_study_plan){.seed = 3, .worlds = 400}, path_of("good"), NULL);
    copy(path_of("good"), path_of("bad"));
    alter(path_of("bad"), "PRAGMA application_id = 5");
    assert_unreadable(&t, path_of("bad"), "not-a-study", "it is another program's database");
    copy(path_of("good"), path_of("bad"));
    alter(path_of("bad"), "PRAGMA user_version = 9");
    assert_unreadable(&t, path_of("bad"), "study-schema",
                      "schema version 9; this program knows version 4");
    copy(path_of("good"), path_of("bad"));
    write_bytes(path_of("bad"), 40000, NULL, 0); /* within a page */
    assert_unreadable(&t, path_of("bad"), "study-damaged", "is damaged");
    write_bytes(path_of("bad"), 32768, NULL, 0);
    assert_unreadable(&t, path_of("bad"), "study-damaged", "is damaged");
    write_bytes(path_of("bad"), 0, "This is text, and no", 20);
    assert_unreadable(&t, path_of("bad"), "not-a-study", "it is no SQLite database");
    write_bytes(path_of("bad"), 0, NULL, 0);
    assert_unreadable(&t, path_of("bad"), "not-a-study", "it is empty");
    assert_unreadable(&t, path_of("missing"), "study-file", "No such file");
    assert_unreadable(&t, "", "study-file", "can't use ''");
    dt_model_free(t.model);
}

/* What is altered is told whatever it is; and if it has its digests, as nobody's accident would, it must
 * still make a study. */
static void altered_studies_are_not_read(void **state)
{
    (void)state;
    static const struct {
        const char *sql, *code, *message; /* with digests; NULL: can't have them */
    } altered[] = {
        {"DELETE FROM study WHERE key = 'seed'",                                 "study-damaged",          "'study' isn't complete"            },
        {"UPDATE study SET value = '-3' WHERE key = 'seed'",                     "study-damaged",
         "a number in the table 'study' is none"                                                                                               },
        {"UPDATE study SET value = '99999999999999999999' WHERE key = 'worlds'", "study-damaged",
         "a number in the table 'study' is none"                                                                                               },
        {"UPDATE study SET value = '3' WHERE key = 'worlds'",                    "study-damaged",
         "it calls itself complete, and has 401 of 4 worlds"                                                                                   },
        {"UPDATE study SET value = '7' WHERE key = 'deep'",                      "study-damaged",
         "its draws don't multiply to its worlds"                                                                                              },
        {"UPDATE study SET value = 'greek' WHERE key = 'design'",                "study-damaged",
         "a word that this program doesn't know"                                                                                               },
        {"UPDATE study SET value = 'model' WHERE key = 'text'",                  "expected study-damaged",
         "its model's text isn't one"                                                                                                          },
        {"UPDATE policies SET name = 'x' WHERE number = 1",                      "study-damaged",
         "its tables don't fit its model"                                                                                                      },
        {"DELETE FROM policies",                                                 "study-damaged",          "its tables don't fit its model"    },
        {"UPDATE parameters SET number = -number",                               "study-damaged",
         "its tables don't fit its model"                                                                                                      },
        {"DELETE FROM parameters WHERE number = 3",                              "study-damaged",
         "its tables don't fit its model"                                                                                                      },
        {"ALTER TABLE worlds DROP COLUMN p_p",                                   "study-damaged",
         "the table 'worlds' isn't there as"                                                                                                   },
        {"ALTER TABLE results DROP COLUMN o_high",                               "study-damaged",
         "the table 'results' isn't there as"                                                                                                  },
        {"DROP TABLE results",                                                   "study-damaged",          "the table 'results' isn't there as"},
        {"UPDATE worlds SET u_p = 'high' WHERE world = 4",                       "study-damaged",
         "a row of the table 'worlds'"                                                                                                         },
        {"UPDATE results SET policy = 'x' WHERE world = 4 AND policy = 'free'",  "study-damaged",
         "a row of the table 'results'"                                                                                                        },
        {"UPDATE results SET status = 'fine' WHERE world = 4",                   "study-damaged",
         "a row of the table 'results'"                                                                                                        },
        {"UPDATE results SET world = -1 WHERE world = 4",                        "study-damaged",
         "a row of the table 'results'"                                                                                                        },
        {"UPDATE results SET o_high = x'00' WHERE world = 4",                    "study-damaged",
         "a row of the table 'results'"                                                                                                        },
    };
    trial t;
    start(&t);
    run(&t, &(dt_study_plan){.seed = 3, .worlds = 400}, path_of("good"), NULL);
    for (size_t i = 0; i < sizeof altered / sizeof *altered; i++) {
        copy(path_of("good"), path_of("bad"));
        alter(path_of("bad"), altered[i].sql);
        assert_unreadable(&t, path_of("bad"), "study-damaged", " is damaged: ");
        if (!altered[i].code)
            continue;
        seal(path_of("bad"));
        assert_unreadable(&t, path_of("bad"), altered[i].code, altered[i].message);
    }
    dt_model_free(t.model);
}

static void an_unfinished_study_is_read(void **state)
{
    (void)state;
    trial t;
    start(&t);
    run(&t, &(dt_study_plan){.seed = 3, .worlds = 50}, path_of("begun"), NULL);
    alter(path_of("begun"), "DELETE FROM results WHERE world % 7 = 3 AND policy <> 'helped';"
                            "DELETE FROM worlds WHERE world % 5 = 1;"
                            "UPDATE study SET value = 'running' WHERE key = 'state'");
    seal(path_of("begun"));
    dt_study *study = read_study(&t, path_of("begun"));
    const dt_study_data *d = dt_study_read(study);
    assert_int_equal(d->done, 150 - 14);
    assert_int_equal(d->status[2], DT_NOT_DONE);
    assert_true(isnan(d->outcome[2]) && isnan(d->parameter[0]));
    dt_study_close(study);
    dt_model_free(t.model);
}

/* ---- bit by bit ---- */

/* Every byte that isn't zero, and of the others every 97th, has one of its bits turned over. */
static void a_flipped_bit_is_told_or_changes_nothing(void **state)
{
    (void)state;
    enum { MOST = 1 << 20 };
    trial t;
    start(&t);
    const char *path = path_of("flipped");
    run(&t, &(dt_study_plan){.seed = 3, .worlds = 6}, path, NULL);
    dt_study *whole = read_study(&t, path);
    static unsigned char bytes[MOST];
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    const size_t size = fread(bytes, 1, MOST, file);
    size_t told = 0, tried = 0;
    assert_true(size > 50000 && size < MOST);
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] == 0 && i % 97 != 0)
            continue;
        const unsigned char flipped = bytes[i] ^ (unsigned char)(1u << (i + i / 8) % 8);
        fseek(file, (long)i, SEEK_SET);
        fputc(flipped, file);
        fflush(file);
        dt_study *study;
        t.log = (play_log){0};
        const dt_status status = dt_study_open(path, &t.options, &study);
        if (status == DT_OK ? !same_studies(whole, study) : status != DT_FILE || !*t.log.codes)
            fail_msg("byte %zu, %02x for %02x: status %d, %s", i, flipped, bytes[i], status,
                     t.log.message);
        dt_study_close(study);
        fseek(file, (long)i, SEEK_SET);
        fputc(bytes[i], file);
        fflush(file);
        tried++;
        told += status != DT_OK;
    }
    fclose(file);
    assert_true(tried > 4000 && told > tried / 2);
    dt_study_close(whole);
    dt_model_free(t.model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_that_are_no_studies_are_not_read),
        cmocka_unit_test(altered_studies_are_not_read),
        cmocka_unit_test(an_unfinished_study_is_read),
        cmocka_unit_test(a_flipped_bit_is_told_or_changes_nothing),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
