package dev.heddle.internal.generators;

import java.io.Serial;

/** A body that stays as it is, and why. */
final class Refused extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1;

    Refused(String why) {
        super(why, null, false, false);
    }
}
