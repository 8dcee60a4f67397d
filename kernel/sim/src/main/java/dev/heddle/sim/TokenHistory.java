package dev.heddle.sim;

import java.util.HashMap;
import java.util.Map;

/**
 * The grants of a lock whose tokens only grow, and what was done with them: there is at most one holder in the order of
 * tokens, however late somebody learns that he is none any more. Fails at the call that breaks this.
 *
 * <p>Threads: tasks of one loop, or one thread.
 *
 * @param <T> a token
 */
public final class TokenHistory<T extends Comparable<? super T>> {

    private final Map<T, Object> holders = new HashMap<>();
    private final Map<Object, T> asked = new HashMap<>();
    private T highest;
    private T used;

    /** Begins with a token below all that are granted. */
    public TokenHistory(T lowest) {
        highest = lowest;
        used = lowest;
    }

    /** Somebody asks for the lock. */
    public void asks(Object holder) {
        asked.put(holder, highest);
    }

    /**
     * Somebody who has asked for the lock has it.
     *
     * @throws AssertionError if the token was granted before, or is not above all that were granted when he asked
     */
    public void granted(Object holder, T token) {
        Object other = holders.putIfAbsent(token, holder);
        if (other != null) {
            throw new AssertionError(token + " was granted to " + other + " and to " + holder);
        }
        T before = asked.remove(holder);
        if (before == null) {
            throw new AssertionError(holder + " was granted " + token + " without asking");
        }
        if (token.compareTo(before) <= 0) {
            throw new AssertionError(token + " was granted to " + holder + ", who asked when " + before + " was out");
        }
        if (token.compareTo(highest) > 0) {
            highest = token;
        }
    }

    /**
     * A resource that checks tokens is used; says whether it lets that be, as it does unless it was used with a higher
     * token.
     *
     * @throws AssertionError if the token was not granted to him
     */
    public boolean uses(Object holder, T token) {
        if (!holder.equals(holders.get(token))) {
            throw new AssertionError(holder + " uses " + token + ", which is that of " + holders.get(token));
        }
        if (token.compareTo(used) < 0) {
            return false;
        }
        used = token;
        return true;
    }
}
