package dev.heddle.outside;

import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Promise;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.CommitOutcome;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.InMemoryStore;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Lifetime;
import dev.heddle.cluster.store.Listing;
import dev.heddle.cluster.store.Op;
import dev.heddle.cluster.store.ReadConsistency;
import dev.heddle.cluster.store.Refusal;
import dev.heddle.cluster.store.Session;
import dev.heddle.cluster.store.SessionOptions;
import dev.heddle.cluster.store.Store;
import dev.heddle.cluster.store.StoreEngine;
import dev.heddle.cluster.store.StoreState;
import dev.heddle.cluster.store.Watch;
import dev.heddle.cluster.store.WatchEvent;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A store from outside: the one in memory behind sessions that have one fault or none. */
final class OutsideStore implements StoreEngine {

    /** What its writer has got wrong. */
    enum Fault {
        NONE,
        REFUSED_COMMIT_CHANGES_SOMETHING,
        REFUSAL_NAMES_THE_LAST,
        SET_COMPARES_NO_VERSION,
        DELETE_COMPARES_NO_VERSION,
        CHECK_COMPARES_NO_VERSION,
        EPHEMERAL_IS_DURABLE,
        VALUE_IS_TEXT,
        LOCAL_READ_IS_OLD,
        FRESH_READ_IS_OLD,
        ANSWERS_GET_LOST,
        CREATION_MOVES,
        LISTING_IS_CUT,
        LISTING_HAS_NO_ORDER,
        LISTING_HAS_NO_STAMP,
        WATCH_TELLS_ONCE,
        DELETION_IS_NOT_TOLD,
        CHANGE_LOOKS_LIKE_A_DELETION,
        OWN_CHANGE_IS_NOT_TOLD,
        SIGNALS_COME_ONE_BY_ONE,
        LISTENER_THAT_THROWS_DEAFENS_OTHERS,
        END_OF_A_WATCH_IS_NOT_TOLD,
        LOSS_IS_TOLD_TWICE,
        LOSS_IS_NOT_TOLD,
        CLOSE_LEAVES_WHAT_IS_EPHEMERAL,
        IDS_COME_AGAIN,
        HEARD_AT_STANDS_STILL,
        CLUSTERS_SHARE_ALL
    }

    /** Most entries that a cut listing has. */
    private static final int CUT = 20;

    private static final Duration APART = Duration.ofMillis(2);

    private final InMemoryStore under = InMemoryStore.create();
    private final Fault fault;

    OutsideStore(Fault fault) {
        this.fault = fault;
    }

    @Override
    public Store open(SessionOptions options) {
        String cluster = fault == Fault.CLUSTERS_SHARE_ALL ? "all" : options.cluster();
        return new FaultySession(under.open(SessionOptions.of(cluster).withTimeout(options.timeout())), fault);
    }

    /** A session with the fault. */
    private static final class FaultySession implements Store {

        private final Store store;
        private final Fault fault;
        private final Loop loop = Heddle.currentLoop();
        private final long opened = loop.nanoTime();
        private final Map<Key, Promise<Optional<Entry>>> old = new HashMap<>();
        private int reads;
        private int told;
        private boolean committing;
        private boolean deaf;

        FaultySession(Store store, Fault fault) {
            this.store = store;
            this.fault = fault;
        }

        @Override
        public Session session() {
            return fault == Fault.IDS_COME_AGAIN ? new Session(1, store.session().timeout()) : store.session();
        }

        // ---- commits ----

        @Override
        public Promise<CommitOutcome> commit(List<Op> ops) {
            committing = fault == Fault.OWN_CHANGE_IS_NOT_TOLD;
            try {
                return switch (fault) {
                    case REFUSED_COMMIT_CHANGES_SOMETHING -> oneByOne(ops);
                    case REFUSAL_NAMES_THE_LAST -> with(store.commit(ops), outcome -> lastOf(ops, outcome));
                    default -> store.commit(ops.stream().map(this::spoiled).toList());
                };
            } finally {
                committing = false;
            }
        }

        private Promise<CommitOutcome> oneByOne(List<Op> ops) {
            for (Op op : ops.subList(0, ops.size() - 1)) {
                Promise<CommitOutcome> first = store.commit(List.of(op));
                if (!(first.join() instanceof CommitOutcome.Committed)) {
                    return first;
                }
            }
            return store.commit(List.of(ops.getLast()));
        }

        private static CommitOutcome lastOf(List<Op> ops, CommitOutcome outcome) {
            return outcome instanceof CommitOutcome.Refused(int _, Refusal reason)
                    ? new CommitOutcome.Refused(ops.size() - 1, reason)
                    : outcome;
        }

        private Op spoiled(Op op) {
            return switch (op) {
                case Op.Set(Key key, Bytes value, long _) when fault == Fault.SET_COMPARES_NO_VERSION ->
                    new Op.Set(key, value, Op.ANY_VERSION);
                case Op.Delete(Key key, long _) when fault == Fault.DELETE_COMPARES_NO_VERSION ->
                    new Op.Delete(key, Op.ANY_VERSION);
                case Op.Check(Key key, long _) when fault == Fault.CHECK_COMPARES_NO_VERSION ->
                    new Op.Check(key, Op.ANY_VERSION);
                case Op.Create(Key key, Bytes value, Lifetime _) when fault == Fault.EPHEMERAL_IS_DURABLE ->
                    new Op.Create(key, value, Lifetime.DURABLE);
                case Op.Create(Key key, Bytes value, Lifetime life) when fault == Fault.VALUE_IS_TEXT ->
                    new Op.Create(key, Bytes.utf8(value.utf8()), life);
                default -> op;
            };
        }

        // ---- reads ----

        @Override
        public Promise<Optional<Entry>> read(Key key, ReadConsistency freshness) {
            reads++;
            return switch (fault) {
                case LOCAL_READ_IS_OLD -> read(key, freshness, ReadConsistency.LOCAL);
                case FRESH_READ_IS_OLD -> read(key, freshness, ReadConsistency.FRESH);
                case ANSWERS_GET_LOST -> reads % CUT == 0 ? new Promise<>() : store.read(key, freshness);
                case CREATION_MOVES -> with(store.read(key, freshness), found -> found.map(FaultySession::moved));
                default -> store.read(key, freshness);
            };
        }

        private Promise<Optional<Entry>> read(Key key, ReadConsistency freshness, ReadConsistency stale) {
            return freshness == stale
                    ? old.computeIfAbsent(key, each -> store.read(each, freshness))
                    : store.read(key, freshness);
        }

        private static Entry moved(Entry entry) {
            return new Entry(
                    entry.key(), entry.value(), entry.version(), entry.changed(), entry.changed(), entry.owner());
        }

        @Override
        public Promise<Listing> list(String directory, ReadConsistency freshness) {
            Promise<Listing> listing = store.list(directory, freshness);
            return switch (fault) {
                case LISTING_IS_CUT -> with(listing, all -> new Listing(
                        all.entries().subList(0, Math.min(CUT, all.entries().size())), all.stamp()));
                case LISTING_HAS_NO_ORDER -> with(listing, all -> new Listing(all.entries().reversed(), all.stamp()));
                case LISTING_HAS_NO_STAMP -> with(listing, all -> new Listing(all.entries(), 0));
                default -> listing;
            };
        }

        private static <T> Promise<T> with(Promise<T> right, UnaryOperator<T> change) {
            var wrong = new Promise<T>();
            right.onDone(done -> done.failure()
                    .ifPresentOrElse(wrong::fail, () -> wrong.complete(change.apply(done.join()))));
            return wrong;
        }

        // ---- watches ----

        @Override
        public Promise<Watch> watch(String directory, Consumer<? super WatchEvent> listener) {
            boolean[] begun = new boolean[1];
            return store.watch(directory, signal -> {
                boolean first = !begun[0];
                begun[0] = true;
                if (!isForgotten(signal, first)) {
                    tell(signal, listener);
                }
            });
        }

        private boolean isForgotten(WatchEvent signal, boolean first) {
            boolean isChange = signal instanceof WatchEvent.Changed;
            return switch (fault) {
                case WATCH_TELLS_ONCE -> isChange && !first;
                case DELETION_IS_NOT_TOLD -> signal instanceof WatchEvent.Changed change && change.deleted();
                case END_OF_A_WATCH_IS_NOT_TOLD -> signal instanceof WatchEvent.Closed;
                default -> isChange && (committing || deaf);
            };
        }

        private void tell(WatchEvent signal, Consumer<? super WatchEvent> listener) {
            if (fault == Fault.SIGNALS_COME_ONE_BY_ONE) {
                int before = told++;
                loop.spawn(() -> {
                    Heddle.sleep(APART.multipliedBy(before));
                    listener.accept(signal);
                });
            } else
                if (fault == Fault.CHANGE_LOOKS_LIKE_A_DELETION
                        && signal instanceof WatchEvent.Changed(Key key, long stamp, boolean _)) {
                            listener.accept(new WatchEvent.Changed(key, stamp, true));
                        } else {
                            tellOrDeafen(signal, listener);
                        }
        }

        private void tellOrDeafen(WatchEvent signal, Consumer<? super WatchEvent> listener) {
            try {
                listener.accept(signal);
            } catch (RuntimeException e) {
                deaf = fault == Fault.LISTENER_THAT_THROWS_DEAFENS_OTHERS;
                throw e;
            }
        }

        // ---- the session ----

        @Override
        public StoreState state() {
            return store.state();
        }

        @Override
        public void onState(Consumer<? super StoreState> listener) {
            if (fault != Fault.LOSS_IS_NOT_TOLD) {
                store.onState(listener);
            }
            if (fault == Fault.LOSS_IS_TOLD_TWICE) {
                store.onState(listener);
            }
        }

        @Override
        public long heardAt() {
            return fault == Fault.HEARD_AT_STANDS_STILL ? opened : store.heardAt();
        }

        @Override
        public void close() {
            if (fault != Fault.CLOSE_LEAVES_WHAT_IS_EPHEMERAL) {
                store.close();
            }
        }
    }
}
