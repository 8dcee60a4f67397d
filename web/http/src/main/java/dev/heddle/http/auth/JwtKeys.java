package dev.heddle.http.auth;

import dev.heddle.BrokenException;
import java.util.List;

/**
 * The keys whose tokens count: {@linkplain #of some that are known}, or {@link RemoteJwtKeys those of a provider}.
 *
 * <p>Threads: any. To test with it, make a key.
 */
@FunctionalInterface
public interface JwtKeys {

    /**
     * The keys that are tried for a token; may wait.
     *
     * @param algorithm what the token says it is signed with
     * @param id the key that it names; empty for none. It comes from a peer
     * @return few; those of another algorithm or id are left out of account
     * @throws BrokenException if they cannot be had now
     */
    List<JwtKey> find(JwtAlgorithm algorithm, String id);

    /** Keys that are known. */
    static JwtKeys of(JwtKey... keys) {
        List<JwtKey> all = List.of(keys);
        return (algorithm, id) -> all;
    }
}
