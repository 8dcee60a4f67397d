package dev.heddle.http.server;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The store of sessions: see {@link Sessions}. There are two here, a third over the nodes of a cluster in {@code
 * heddle-cluster}, and programs may have others, such as one over a database.
 *
 * <p>A token stands for a session in the cookie of the peer. Whoever has it has the session, so it must not be guessed:
 * {@link Sessions} gives ids of 192 random bits to be used as tokens. Cookies allow visible ASCII without quotes,
 * commas, semicolons and backslashes.
 *
 * <p>Calls may wait; a cancelled one has done all of its work or nothing. The texts are any, and few: {@link
 * Sessions#withMaxBytes}.
 *
 * <p>Threads: tasks of all loops that serve. To test a store, put it under {@link Sessions} and ask with two clients.
 */
public interface SessionStore {

    /** What was kept under a token, if it is still there; empty for a token that never was one. */
    Optional<Map<String, String>> load(String token);

    /**
     * Keeps a new session.
     *
     * @param id fresh, for the store to use
     * @param values to be copied
     * @param idle how long it is kept from now on
     * @return its token, as a rule the id
     */
    String create(String id, Map<String, String> values, Duration idle);

    /**
     * Keeps other values for a session and lets it live on.
     *
     * @return its token from now on; empty if the session has ended meanwhile, which must not come to life again
     */
    Optional<String> update(String token, Map<String, String> values, Duration idle);

    /** Ends a session, if it is there. */
    void delete(String token);

    /**
     * A store in the memory of this process, for one server that may forget when it starts again.
     *
     * @param maxSessions most sessions; beyond them the one that was not used for longest is forgotten
     */
    static SessionStore inMemory(int maxSessions) {
        return new MemorySessions(maxSessions);
    }

    /**
     * A store in the cookies themselves, signed: nothing is kept, so any server with the keys can serve the next
     * request. The peer can read what is remembered. A session cannot be ended before its time: a token that was
     * stolen, or kept from before a {@link Session#clear}, is good until it is idle for too long or older than the
     * signer's age.
     *
     * <p>Cookies are short: about 2,900 bytes, {@link IllegalArgumentException} beyond.
     */
    static SessionStore inCookie(CookieSigner signer) {
        return new CookieSessions(signer);
    }
}
