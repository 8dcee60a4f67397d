package dev.heddle.sync;

import dev.heddle.BrokenException;
import org.jspecify.annotations.Nullable;

/**
 * The reason for which something can not be waited for any more; each call that it concerns gets an exception of its
 * own.
 */
record Broken(String why, @Nullable Throwable cause) {

    BrokenException exception() {
        return new BrokenException(why, cause);
    }
}
