package dev.heddle.sim;

import dev.heddle.Promise;
import dev.heddle.cluster.store.CommitOutcome;
import dev.heddle.cluster.store.Op;
import dev.heddle.cluster.store.ReadConsistency;
import dev.heddle.cluster.store.SessionLostException;
import dev.heddle.cluster.store.StoreUnavailableException;
import dev.heddle.cluster.store.Watch;
import dev.heddle.cluster.store.internal.StoreTree;
import java.util.List;
import java.util.function.Function;

/** A call of a session of a simulated store that is under way. Below the tasks. */
abstract class StoreCall {

    /** Why a call ends without an answer. */
    enum Loss {
        UNSENT,
        UNANSWERED,
        SESSION
    }

    private final StoreSession client;
    private final long number;
    private final long sinceNanos;
    private boolean over;

    /** How often it was sent. */
    int sent;

    /** When it was sent last. */
    long sentAt;

    StoreCall(StoreSession client, long number, long sinceNanos) {
        this.client = client;
        this.number = number;
        this.sinceNanos = sinceNanos;
    }

    StoreSession client() {
        return client;
    }

    long sessionId() {
        return client.session().id();
    }

    long number() {
        return number;
    }

    long sinceNanos() {
        return sinceNanos;
    }

    boolean isOver() {
        return over;
    }

    /** Ends it, once; says whether this was the first time. */
    boolean end() {
        boolean first = !over;
        over = true;
        return first;
    }

    int bytes() {
        return StoreServer.SMALL;
    }

    /** Whether it is sent again if the connection that it was sent over breaks. */
    boolean isKept() {
        return true;
    }

    /** It has come to a server. */
    abstract void arrive(ServedClient at);

    abstract void fail(Loss loss, String cause);

    /** A commit. */
    static final class Commit extends StoreCall {

        private final List<Op> ops;
        private final Promise<CommitOutcome> promise;
        private final int bytes;
        private final boolean kept;

        /** Whether the connection is to break instead of an answer. */
        boolean losesAnswer;

        Commit(StoreSession client, long number, long sinceNanos, List<Op> ops, boolean kept,
                Promise<CommitOutcome> promise) {
            super(client, number, sinceNanos);
            this.ops = ops;
            this.kept = kept;
            this.promise = promise;
            bytes = StoreCommand.sizeOf(ops);
        }

        List<Op> ops() {
            return ops;
        }

        @Override
        int bytes() {
            return bytes;
        }

        @Override
        boolean isKept() {
            return kept;
        }

        @Override
        void arrive(ServedClient at) {
            at.commit(this);
        }

        void answered(CommitOutcome outcome) {
            // The first copy may have taken place in the session's last moments.
            boolean doubtful = outcome instanceof CommitOutcome.SessionLost && sent > 1;
            told(doubtful ? new CommitOutcome.Unknown("the session is over, and the commit was sent before") : outcome);
        }

        @Override
        void fail(Loss loss, String cause) {
            told(switch (loss) {
                case UNSENT -> new CommitOutcome.NotSent(cause);
                case UNANSWERED -> new CommitOutcome.Unknown(cause);
                case SESSION -> sent == 0 ? new CommitOutcome.SessionLost() : new CommitOutcome.Unknown(cause);
            });
        }

        private void told(CommitOutcome outcome) {
            client().tell(promise, outcome, switch (outcome) {
                case CommitOutcome.Committed _ -> StoreEvent.COMMITTED;
                case CommitOutcome.Refused _ -> StoreEvent.REFUSED;
                case CommitOutcome.NotSent _ -> StoreEvent.NOT_SENT;
                case CommitOutcome.Unknown _ -> StoreEvent.UNKNOWN;
                case CommitOutcome.SessionLost _ -> StoreEvent.SESSION_LOST;
            });
        }
    }

    /** A read or a listing. */
    static final class Query<T> extends StoreCall {

        private final Function<StoreTree, T> query;
        private final ReadConsistency freshness;
        private final Promise<T> promise;

        Query(StoreSession client, long number, long sinceNanos, Function<StoreTree, T> query,
                ReadConsistency freshness,
                Promise<T> promise) {
            super(client, number, sinceNanos);
            this.query = query;
            this.freshness = freshness;
            this.promise = promise;
        }

        boolean isFresh() {
            return freshness == ReadConsistency.FRESH;
        }

        @Override
        boolean isKept() {
            return false;
        }

        @Override
        void arrive(ServedClient at) {
            at.query(this);
        }

        /** What tells the client of the answer that a tree gives. */
        Runnable answer(StoreTree tree) {
            T value = query.apply(tree);
            return () -> client().tell(promise, value);
        }

        @Override
        void fail(Loss loss, String cause) {
            if (loss != Loss.SESSION) {
                client().store().count(StoreEvent.READ_FAILED);
            }
            client().tellFailure(promise, failure(loss, cause));
        }
    }

    /** A watch that is being set. */
    static final class Watching extends StoreCall {

        private final SimWatch watch;
        private final Promise<Watch> promise;

        Watching(StoreSession client, long number, long sinceNanos, SimWatch watch, Promise<Watch> promise) {
            super(client, number, sinceNanos);
            this.watch = watch;
            this.promise = promise;
        }

        @Override
        void arrive(ServedClient at) {
            at.watch(this, number(), watch.directory());
        }

        void answered() {
            client().established(number(), watch);
            client().tell(promise, watch);
        }

        @Override
        void fail(Loss loss, String cause) {
            client().tellFailure(promise, failure(loss, cause));
        }
    }

    /** The end of the session. */
    static final class Closing extends StoreCall {

        Closing(StoreSession client, long number, long sinceNanos) {
            super(client, number, sinceNanos);
        }

        @Override
        void arrive(ServedClient at) {
            at.close();
        }

        @Override
        void fail(Loss loss, String cause) {
            client().ended(cause);
        }
    }

    private static RuntimeException failure(Loss loss, String cause) {
        return loss == Loss.SESSION ? new SessionLostException(cause) : new StoreUnavailableException(cause);
    }
}
