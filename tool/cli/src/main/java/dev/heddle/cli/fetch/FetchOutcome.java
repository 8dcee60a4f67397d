package dev.heddle.cli.fetch;

import org.jspecify.annotations.Nullable;

/**
 * The outcome of fetching one URL.
 *
 * @param index the place of the URL in the input, from 0
 * @param url the URL as given, without a password
 * @param status the status of the last reply; 0 if there was none
 * @param bytes the bytes of the body that were received
 * @param nanos the time from the first attempt to the end
 * @param error why there is no whole reply; null if there is one
 * @param file the name of the saved body; null if none was saved
 */
public record FetchOutcome(
        long index,
        String url,
        int status,
        long bytes,
        long nanos,
        @Nullable String error,
        @Nullable String file) {

    /** A URL that was never asked for. */
    public static FetchOutcome refused(long index, String url, String error) {
        return new FetchOutcome(index, url, 0, 0, 0, error, null);
    }

    /** Whether the whole reply came, with a status below 400. */
    public boolean isFine() {
        return error == null && status < 400;
    }
}
