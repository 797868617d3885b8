/* What a peer can be told to do. A verb takes its fields, acts, and shapes the reply. */
#pragma once
#include "command.h"

/* make.c: how objects come and go */
void verb_create(struct command *command);
void verb_open(struct command *command);
void verb_adopt(struct command *command);
void verb_handle(struct command *command);
void verb_pseudo_handle(struct command *command);
void verb_close(struct command *command);

/* use.c: what is done with them */
void verb_wait(struct command *command);
void verb_wait_any(struct command *command);
void verb_wait_all(struct command *command);
void verb_hold(struct command *command);
void verb_release(struct command *command);
void verb_set(struct command *command);
void verb_reset(struct command *command);
void verb_read(struct command *command);
void verb_write(struct command *command);

/* share.c: the specimen */
void verb_fill(struct command *command);
void verb_verify(struct command *command);
void verb_count_up(struct command *command);

/* run.c, bench.c */
void verb_run(struct command *command);
void verb_bench(struct command *command);

/* life.c: the peer itself, and other processes */
void verb_hello(struct command *command);
void verb_die(struct command *command);
void verb_exit(struct command *command);
void verb_execute(struct command *command);
void verb_suspend(struct command *command);
void verb_resume(struct command *command);
void verb_reap(struct command *command);
void verb_shift_clock(struct command *command);
void verb_vitals(struct command *command);
