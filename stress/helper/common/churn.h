/* How named objects come and go in the role `sets`. */
#pragma once
#include "kernel.h"

/*
 * Makes, opens and closes one of the objects whose names all players of the role share; which one goes by `round`. It fails only where
 * a call did.
 */
struct failure churn(int32_t stem, int64_t round);
