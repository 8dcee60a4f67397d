package dev.heddle.cluster;

import dev.heddle.Promise;
import dev.heddle.cluster.store.CommitOutcome;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Listing;
import dev.heddle.cluster.store.Op;
import dev.heddle.cluster.store.ReadConsistency;
import dev.heddle.cluster.store.Session;
import dev.heddle.cluster.store.Store;
import dev.heddle.cluster.store.StoreState;
import dev.heddle.cluster.store.Watch;
import dev.heddle.cluster.store.WatchEvent;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A session that passes all on to another: for those that change one thing of it. */
abstract class ForwardingStore implements Store {

    final Store store;

    ForwardingStore(Store store) {
        this.store = store;
    }

    @Override
    public Session session() {
        return store.session();
    }

    @Override
    public Promise<CommitOutcome> commit(List<Op> ops) {
        return store.commit(ops);
    }

    @Override
    public Promise<Optional<Entry>> read(Key key, ReadConsistency freshness) {
        return store.read(key, freshness);
    }

    @Override
    public Promise<Listing> list(String directory, ReadConsistency freshness) {
        return store.list(directory, freshness);
    }

    @Override
    public Promise<Watch> watch(String directory, Consumer<? super WatchEvent> listener) {
        return store.watch(directory, listener);
    }

    @Override
    public StoreState state() {
        return store.state();
    }

    @Override
    public void onState(Consumer<? super StoreState> listener) {
        store.onState(listener);
    }

    @Override
    public long heardAt() {
        return store.heardAt();
    }

    @Override
    public void close() {
        store.close();
    }
}
