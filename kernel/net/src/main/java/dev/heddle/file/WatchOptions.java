package dev.heddle.file;

import dev.heddle.internal.Checks;
import java.time.Duration;

/**
 * The options of watching a directory.
 */
public final class WatchOptions {

    /** The directory itself, nothing held back, 10,000 paths. */
    public static final WatchOptions DEFAULT = new WatchOptions(false, Duration.ZERO, 10_000);

    private final boolean recursive;
    private final Duration quiet;
    private final int maxPending;

    private WatchOptions(boolean recursive, Duration quiet, int maxPending) {
        Checks.notNegative("quiet", quiet);
        Checks.atLeast("maxPending", maxPending, 1);
        this.recursive = recursive;
        this.quiet = quiet;
        this.maxPending = maxPending;
    }

    /** Whether directories below it are watched too, also new ones; symbolic links are not followed. */
    public boolean recursive() {
        return recursive;
    }

    /**
     * Changes are held back until there was none for this long, or for ten times as long if they do not end; zero holds
     * nothing back. For those who do something big after any change.
     */
    public Duration quiet() {
        return quiet;
    }

    /**
     * Most paths with changes that were not taken yet, at least 1; with more they become one {@link
     * FileChange.Kind#OVERFLOWED}.
     */
    public int maxPending() {
        return maxPending;
    }

    /** These options with or without the directories below. */
    public WatchOptions withRecursive(boolean recursive) {
        return new WatchOptions(recursive, quiet, maxPending);
    }

    /** These options with another time of quiet. */
    public WatchOptions withQuiet(Duration quiet) {
        return new WatchOptions(recursive, quiet, maxPending);
    }

    /** These options with another bound of paths. */
    public WatchOptions withMaxPending(int maxPending) {
        return new WatchOptions(recursive, quiet, maxPending);
    }

    @Override
    public String toString() {
        return "WatchOptions[recursive=" + recursive + ", quiet=" + quiet + ", maxPending=" + maxPending + "]";
    }
}
