package dev.heddle.http.server;

import dev.heddle.internal.Checks;

/**
 * The limits of a form that comes as {@code application/x-www-form-urlencoded}. What is beyond a limit gets 413.
 *
 * @param maxBytes longest body
 * @param maxPairs most names with their values
 * @param maxNameBytes longest name, decoded
 * @param maxValueBytes longest value, decoded
 */
public record FormLimits(int maxBytes, int maxPairs, int maxNameBytes, int maxValueBytes) {

    /** The defaults: see each {@code with} method. */
    public static final FormLimits DEFAULT = new FormLimits(1024 * 1024, 1000, 1024, 1024 * 1024);

    public FormLimits {
        Checks.atLeast("maxBytes", maxBytes, 0);
        Checks.atLeast("maxPairs", maxPairs, 0);
        Checks.atLeast("maxNameBytes", maxNameBytes, 0);
        Checks.atLeast("maxValueBytes", maxValueBytes, 0);
    }

    /** With another longest body in bytes; 1 MiB by default. */
    public FormLimits withMaxBytes(int maxBytes) {
        return new FormLimits(maxBytes, maxPairs, maxNameBytes, maxValueBytes);
    }

    /** With another most count of pairs; 1,000 by default. */
    public FormLimits withMaxPairs(int maxPairs) {
        return new FormLimits(maxBytes, maxPairs, maxNameBytes, maxValueBytes);
    }

    /** With another longest name in bytes; 1 KiB by default. */
    public FormLimits withMaxNameBytes(int maxNameBytes) {
        return new FormLimits(maxBytes, maxPairs, maxNameBytes, maxValueBytes);
    }

    /** With another longest value in bytes; 1 MiB by default. */
    public FormLimits withMaxValueBytes(int maxValueBytes) {
        return new FormLimits(maxBytes, maxPairs, maxNameBytes, maxValueBytes);
    }
}
