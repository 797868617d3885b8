/* What comes of an attempt to take an object. */
#pragma once

enum outcome {
    UNSIGNALLED,
    TAKEN,
    /* taken, and its last owner died with it */
    ABANDONED,
    /* this thread owns as many mutexes as the kernel would mark */
    REFUSED
};
