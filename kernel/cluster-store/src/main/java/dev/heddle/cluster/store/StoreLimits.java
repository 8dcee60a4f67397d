package dev.heddle.cluster.store;

/** The limits of what fits into a store. Every store takes this much; none more. */
public final class StoreLimits {

    /** Bytes of a value: 64 KiB. */
    public static final int MAX_VALUE = 64 * 1024;

    /** Operations of a commit. */
    public static final int MAX_OPS = 64;

    /** Bytes of all values of a commit: 512 KiB, half of what ZooKeeper takes as it is delivered. */
    public static final int MAX_COMMIT = 512 * 1024;

    /** Characters of a name. */
    public static final int MAX_NAME = 200;

    /** Characters of a directory. */
    public static final int MAX_DIRECTORY = 600;

    private StoreLimits() {}
}
