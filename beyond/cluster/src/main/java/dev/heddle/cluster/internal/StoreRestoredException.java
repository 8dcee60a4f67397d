package dev.heddle.cluster.internal;

import dev.heddle.HeddleException;
import dev.heddle.cluster.Token;

/** The store was put back to an earlier state: it would give tokens again that it has given before. */
public final class StoreRestoredException extends HeddleException {

    private static final long serialVersionUID = 1L;

    StoreRestoredException(Token seen, long stamp, String entry) {
        super("the store has gone back: it is at " + stamp + ", and this node has seen it at " + seen.order()
                + ", so it was restored from a backup and would give the tokens of locks a second time. Leave the"
                + " cluster with all nodes, remove the entry " + entry + " from its store, and start them again: the"
                + " first one writes it anew, and all tokens are higher than before");
    }
}
