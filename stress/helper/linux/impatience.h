/* What a waiter does about an owner that has been in its way for long. */
#pragma once
#include "layout.h"

/* After a look at an object that could not be taken: an owner that has ended unmarked leaves what it owned. */
void look_on(struct shared *object);
