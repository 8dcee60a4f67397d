package dev.heddle.cli.fetch;

import dev.heddle.cli.command.Lines;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * One URL to fetch.
 *
 * @param index its place in the input, from 0
 * @param url the URL as given
 * @param uri the same, taken apart
 */
public record FetchJob(long index, String url, URI uri) {

    /** Longest URL shown, in characters: an input may be no list of URLs at all. */
    private static final int MAX_SHOWN = 2048;

    /**
     * Checks a line of input.
     *
     * @throws IllegalArgumentException saying what is wrong with it
     */
    public static FetchJob of(long index, String line) {
        if (line.length() > Lines.MAX_BYTES) {
            throw new IllegalArgumentException("invalid URL: longer than " + Lines.MAX_BYTES + " bytes");
        }
        URI uri;
        try {
            uri = new URI(line);
        } catch (URISyntaxException e) {
            // The message repeats the URL, and may so repeat a password.
            throw new IllegalArgumentException("invalid URL: " + lower(e.getReason()) + " at " + (e.getIndex() + 1));
        }
        String scheme = uri.getScheme();
        if (!"http".equalsIgnoreCase(scheme) && !"https".equalsIgnoreCase(scheme)) {
            throw new IllegalArgumentException("invalid URL: it does not begin with http:// or https://");
        }
        String authority = uri.getRawAuthority();
        if (authority == null || authority.isEmpty()) {
            throw new IllegalArgumentException("invalid URL: it names no host");
        }
        if (authority.indexOf('@') >= 0) {
            throw new IllegalArgumentException("invalid URL: a name or password in it is not accepted");
        }
        return new FetchJob(index, line, uri);
    }

    /** What the limit for one host counts together: scheme, host and port. */
    public String host() {
        return uri.getScheme().toLowerCase(Locale.ROOT) + "://"
                + uri.getRawAuthority().toLowerCase(Locale.ROOT);
    }

    /** A line of input as it may be shown: without the password it may hold, and not endless. */
    public static String shown(String line) {
        String text = line;
        int from = line.indexOf("//");
        if (from >= 0) {
            int end = from + 2;
            while (end < line.length() && "/?#".indexOf(line.charAt(end)) < 0) {
                end++;
            }
            int at = line.lastIndexOf('@', end - 1);
            if (at > from) {
                text = line.substring(0, from + 2) + "***" + line.substring(at);
            }
        }
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "...";
    }

    private static String lower(String text) {
        return text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
    }
}
