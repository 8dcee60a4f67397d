package dev.heddle.cluster.sql;

import dev.heddle.HeddleException;

/** The session is over, or what it saw was taken back. */
final class StoreIsGone extends HeddleException {

    private static final long serialVersionUID = 1L;

    StoreIsGone(String message) {
        super(message, null);
    }
}
