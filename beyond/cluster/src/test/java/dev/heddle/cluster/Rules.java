package dev.heddle.cluster;

import dev.heddle.sim.TokenHistory;
import org.jspecify.annotations.Nullable;

/**
 * What must be true all day long. What is broken first is kept, since the task that finds it may be cancelled before it
 * can tell.
 */
final class Rules {

    private @Nullable Throwable first;

    /** Something must be so. */
    void that(boolean holds, String otherwise) {
        if (!holds) {
            broken(new AssertionError(otherwise));
        }
    }

    /** A history must permit something. */
    void permits(Runnable call) {
        try {
            call.run();
        } catch (AssertionError e) {
            broken(e);
        }
    }

    /** Somebody who still believes in his token uses what it guards, so nobody with a higher one has. */
    void uses(TokenHistory<Token> resource, Object holder, Token token) {
        permits(() -> {
            if (!resource.uses(holder, token)) {
                throw new AssertionError(holder + " believes in " + token + ", and a higher one was used");
            }
        });
    }

    /** Somebody who has lost it goes on. */
    void usesLate(TokenHistory<Token> resource, Object holder, Token token) {
        permits(() -> resource.uses(holder, token));
    }

    /** Something is wrong. */
    void broken(Throwable failure) {
        if (first == null) {
            first = failure;
        }
    }

    /** Fails with what was broken first. */
    void check() throws Exception {
        switch (first) {
            case null -> {}
            case Exception e -> throw e;
            case Error e -> throw e;
            default -> throw new AssertionError(first);
        }
    }
}
