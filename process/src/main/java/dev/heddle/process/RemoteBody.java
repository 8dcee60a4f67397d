package dev.heddle.process;

import dev.heddle.internal.AheadBody;

/**
 * A body of a pool, encoded. It was encoded where it was submitted, so that errors come to the submitter, and values are those of then.
 *
 * @param <T> its result
 */
final class RemoteBody<T> extends Errand implements AheadBody<T> {

    /** Longer ones wait for their turn: what a child has early must fit into the socket. */
    private static final int LIGHT_BYTES = 2048;

    private final ProcessPool pool;
    private boolean called;

    /**
     * @param work encoded
     */
    RemoteBody(Output work, ProcessPool pool) {
        super(work);
        this.pool = pool;
    }

    @Override
    @SuppressWarnings({"unchecked", "NullAway"}) // a body may give null where its type lets it
    public T call() throws Exception {
        called = true;
        try {
            return (T) pool.runRemotely(this);
        } finally {
            forgetWork();
        }
    }

    @Override
    public boolean mayGoAhead() {
        return work().size() <= LIGHT_BYTES;
    }

    @Override
    public void forgo() {
        unwant();
    }

    @Override
    public void settle() {
        if (!called && isGiven()) {
            pool.settle(this);
        }
    }
}
