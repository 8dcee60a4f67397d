package dev.heddle.http.internal.cache;

import java.util.List;

/**
 * The scope of a cache: replies are kept for one user, or for all (RFC 9111, section 1).
 *
 * @param isShared whether for all
 * @param keyFields fields of requests that must be the same whatever Vary names, in lower case
 */
public record CacheScope(boolean isShared, List<String> keyFields) {

    /**
     * For one user. Credentials must be the same: a program that asks for many people would otherwise give one what is
     * another's. And the host, if a request says another than its URL.
     */
    public static final CacheScope PRIVATE = new CacheScope(false, List.of("authorization", "cookie", "host"));

    public CacheScope {
        keyFields = List.copyOf(keyFields);
    }

    /** For all; whose credentials are whose is the affair of {@link SharingRules}. */
    public static CacheScope shared(List<String> keyFields) {
        return new CacheScope(true, keyFields);
    }
}
