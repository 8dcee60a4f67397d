package dev.heddle.sim;

import java.time.Duration;

/** The checks of arguments that all options share. */
final class Checks {

    private Checks() {}

    static void chance(String name, double value, double most) {
        // Negated, so that NaN is refused too.
        if (!(value >= 0 && value <= most)) {
            throw new IllegalArgumentException(name + " is " + value + ", must be 0 to " + most);
        }
    }

    static void atLeast(String name, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " is " + value + ", must be at least " + least);
        }
    }

    static void notNegative(String name, Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException(name + " is " + value + ", must not be negative");
        }
    }

    static void atMost(String name, Duration value, Duration most) {
        if (value.compareTo(most) > 0) {
            throw new IllegalArgumentException(name + " is " + value + ", must be at most " + most);
        }
    }

    static void positive(String name, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException(name + " is " + value + ", must be positive");
        }
    }
}
