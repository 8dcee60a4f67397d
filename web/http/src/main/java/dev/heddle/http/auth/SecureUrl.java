package dev.heddle.http.auth;

import java.net.URI;

/** The rule for URLs that secrets go to, or trust comes from: https, but for this machine's own. */
final class SecureUrl {

    private SecureUrl() {}

    /**
     * Gives the URL back if it is one.
     *
     * @param what is fetched there, for the error
     * @throws IllegalArgumentException if it is not https, or has user information or no host
     */
    static String check(String what, String url) {
        URI parsed = URI.create(url);
        String host = parsed.getHost();
        boolean own = "localhost".equals(host) || "[::1]".equals(host)
                || (host != null && host.matches("127\\.\\d+\\.\\d+\\.\\d+"));
        if (host == null || !("https".equals(parsed.getScheme()) || ("http".equals(parsed.getScheme()) && own))
                || parsed.getRawUserInfo() != null) {
            throw new IllegalArgumentException(what + " fetched by https only, without a password");
        }
        return url;
    }
}
