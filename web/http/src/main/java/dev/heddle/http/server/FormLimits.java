package dev.heddle.http.server;

import dev.heddle.internal.Checks;

/**
 * The limits of a form that comes as {@code application/x-www-form-urlencoded}. What is beyond a limit gets 413.
 */
public final class FormLimits {

    /** The defaults: see each {@code with} method. */
    public static final FormLimits DEFAULT = new FormLimits(1024 * 1024, 1000, 1024, 1024 * 1024);

    private final int maxBytes;
    private final int maxPairs;
    private final int maxNameBytes;
    private final int maxValueBytes;

    private FormLimits(int maxBytes, int maxPairs, int maxNameBytes, int maxValueBytes) {
        Checks.atLeast("maxBytes", maxBytes, 0);
        Checks.atLeast("maxPairs", maxPairs, 0);
        Checks.atLeast("maxNameBytes", maxNameBytes, 0);
        Checks.atLeast("maxValueBytes", maxValueBytes, 0);
        this.maxBytes = maxBytes;
        this.maxPairs = maxPairs;
        this.maxNameBytes = maxNameBytes;
        this.maxValueBytes = maxValueBytes;
    }

    /** Longest body. */
    public int maxBytes() {
        return maxBytes;
    }

    /** Most names with their values. */
    public int maxPairs() {
        return maxPairs;
    }

    /** Longest name, decoded. */
    public int maxNameBytes() {
        return maxNameBytes;
    }

    /** Longest value, decoded. */
    public int maxValueBytes() {
        return maxValueBytes;
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

    @Override
    public String toString() {
        return "FormLimits[maxBytes=" + maxBytes + ", maxPairs=" + maxPairs + ", maxNameBytes=" + maxNameBytes
                + ", maxValueBytes=" + maxValueBytes + "]";
    }
}
