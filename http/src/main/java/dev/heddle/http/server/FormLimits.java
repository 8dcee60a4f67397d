package dev.heddle.http.server;

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
        atLeast(0, maxBytes, "maxBytes");
        atLeast(0, maxPairs, "maxPairs");
        atLeast(0, maxNameBytes, "maxNameBytes");
        atLeast(0, maxValueBytes, "maxValueBytes");
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

    private static void atLeast(long least, long value, String name) {
        if (value < least) {
            throw new IllegalArgumentException(name + " is " + value + ", must be at least " + least);
        }
    }
}
