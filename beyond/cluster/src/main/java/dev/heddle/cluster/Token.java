package dev.heddle.cluster;

import java.util.Comparator;

/**
 * A fencing token: a number that only grows, over all nodes, with each grant of a lock or of leadership. Whoever guards a
 * resource remembers the highest that it has seen and refuses what comes with a lower one; so a holder that was paused
 * and comes back too late does no harm. The lock alone cannot see to that.
 *
 * @param incarnation which store has given it: the time, in milliseconds since 1970, at which the store was first used. It is
 *     another one after the store was wiped, and higher unless the clocks of those who first used it are apart by more than that
 * @param order rises within an incarnation
 * @see <a href="https://martin.kleppmann.com/2016/02/08/how-to-do-distributed-locking.html">How to do distributed
 *     locking</a>
 */
public record Token(long incarnation, long order) implements Comparable<Token> {

    private static final Comparator<Token> ORDER = Comparator.comparingLong(Token::incarnation)
            .thenComparingLong(Token::order);

    @Override
    public int compareTo(Token other) {
        return ORDER.compare(this, other);
    }
}
