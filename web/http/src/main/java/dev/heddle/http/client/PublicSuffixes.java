package dev.heddle.http.client;

import java.util.List;

/**
 * The domains under which anybody can get a name, such as {@code com}, {@code co.uk} and {@code github.io}: a cookie
 * for all of one of them would go to strangers (RFC 6265bis, section 5.7.3.9).
 *
 * <p>Threads: any.
 */
@FunctionalInterface
public interface PublicSuffixes {

    /**
     * Whether names directly below this domain belong to different people.
     *
     * @param domain a name in lower-case ASCII without a dot at either end
     */
    boolean isPublicSuffix(String domain);

    /**
     * The list that comes with the JDK, as of its last update; where a JDK has none, every name without a dot and a
     * short list of well-known registries and hosts. The first call reads the file on its own thread: make it before
     * the loop has work to do.
     */
    static PublicSuffixes installed() {
        return InstalledSuffixes.LIST;
    }

    /**
     * A list in the format of publicsuffix.org: a rule in each line, {@code *.} for all below, {@code !} for an
     * exception, {@code //} for a comment. A name without a dot is a public suffix whatever the list says.
     *
     * @param lines the lines of the file
     */
    static PublicSuffixes of(List<String> lines) {
        return new SuffixRules(lines);
    }
}
