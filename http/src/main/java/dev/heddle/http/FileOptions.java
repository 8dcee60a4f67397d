package dev.heddle.http;

import java.util.Objects;

/**
 * How a server shows the files below a directory.
 *
 * @param index the file that stands for its directory
 * @param listing whether a directory without such a file is listed
 * @param dotFiles whether names that start with a dot are shown; {@code .well-known} always is
 * @param maxListed most names in a listing; a longer one says that it is cut
 */
public record FileOptions(String index, boolean listing, boolean dotFiles, int maxListed) {

    /** {@code index.html}, no listings, no dot files, 1,000 names. */
    public static final FileOptions DEFAULT = new FileOptions("index.html", false, false, 1_000);

    public FileOptions {
        Objects.requireNonNull(index);
        if (maxListed < 1) {
            throw new IllegalArgumentException("maxListed is " + maxListed + ", must be at least 1");
        }
    }

    /** With another name of the file that stands for its directory. */
    public FileOptions withIndex(String index) {
        return new FileOptions(index, listing, dotFiles, maxListed);
    }

    /** With listings, or without. */
    public FileOptions withListing(boolean listing) {
        return new FileOptions(index, listing, dotFiles, maxListed);
    }

    /** With names that start with a dot, or without. */
    public FileOptions withDotFiles(boolean dotFiles) {
        return new FileOptions(index, listing, dotFiles, maxListed);
    }

    /** With another bound for listings. */
    public FileOptions withMaxListed(int maxListed) {
        return new FileOptions(index, listing, dotFiles, maxListed);
    }
}
