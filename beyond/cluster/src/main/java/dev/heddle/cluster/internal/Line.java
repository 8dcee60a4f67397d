package dev.heddle.cluster.internal;

import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.Handle;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.HeldResource;
import dev.heddle.Task;
import dev.heddle.cluster.internal.DirectoryView.Picture;
import dev.heddle.cluster.internal.Places.Place;
import dev.heddle.cluster.store.CommitOutcome;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.ReadConsistency;
import dev.heddle.cluster.store.SessionLostException;
import dev.heddle.cluster.store.StoreUnavailableException;
import dev.heddle.cluster.store.WatchEvent;
import dev.heddle.internal.Holders;
import dev.heddle.internal.Supervised;
import dev.heddle.internal.Throwables;
import dev.heddle.internal.sight.PartDetail;
import dev.heddle.internal.sight.PartDetail.Holder;
import dev.heddle.sync.Channel;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The line of all who want one of a number of places, over the cluster: the one idea behind its mutex, semaphore and
 * leader.
 *
 * <p>The line is a directory; who stands in it has an entry there that goes with its session. The places belong to the
 * entries with the lowest {@code created} stamps, which is therefore the token of the grant: later grants have higher
 * ones. One whose entry is deleted has left the line, wherever it stood. What becomes of them is said in {@link
 * Places}.
 *
 * <p>The calls of one node wait in a line of their own. They do not each stand in the line of the cluster: the node
 * does once for all of them (for as many as there are places, if these are several), and again, behind the others,
 * whenever it is served. So a node with a thousand tasks passes no other by, and the store holds one entry for them. As
 * the node stands in the line again while one of its tasks has the place, and if nobody of another node has come
 * between, the place goes from task to task within the node without a round trip: the next entry is its own and has a
 * higher stamp.
 *
 * <p>From one node to another a place goes by one commit and its signal. The entry of who waits, and with it its token,
 * was there before; what came before it is known, since it is in a picture of the directory, and nothing comes between
 * any more. So who hears that the last one before it is deleted has the place, and asks the store nothing.
 *
 * <p>One task of the node's loop, the clerk, does everything with the store, as long as somebody has a place or waits.
 * A cancelled call leaves the node's line at once; the clerk takes the entry back when nobody wants it any more.
 *
 * <p>What a node believes it has, it has until its lease is over: then all of its grants are lost, and those who wait
 * begin anew under the next lease.
 *
 * <p>Threads: any; its monitor is the one lock, never held while waiting.
 */
public final class Line implements HeldResource {

    /** How often the clerk looks whether a holder of whose end nobody tells is alive. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    /** How long the clerk stays when it has nothing to do: what was used once is mostly used again. */
    private static final Duration STAYS = Duration.ofSeconds(5);

    /** Whose line it is. Nobody may have it while it holds: as long as there is a clerk, there is one of its name. */
    @SuppressWarnings("unused")
    private final Object piece;

    private final Node node;
    private final String what;
    private final String directory;
    private final int count;
    private final @Nullable Consumer<Grant> ended;

    // ---- guarded by the monitor ----

    private final WaitingCalls<Call> calls = new WaitingCalls<>(this);
    private final Places places;
    private final Set<Grant> grants = new LinkedHashSet<>();
    private boolean served;
    private int failures;

    /** Whether it was told that a node counts otherwise. */
    private boolean told;

    /** While it is true, nothing is sent, since the last commit was not. */
    private boolean resting;

    private @Nullable Lease lease;

    /** What wakes the clerk; null while there is none. */
    private @Nullable Channel<Boolean> bell;

    /**
     * @param piece whose line it is: kept while somebody has a place
     * @param what is waited for, for people: {@code cluster mutex orders}
     * @param count how many may have one at a time, as this node says
     * @param ended told, on the clerk's task, of a holder that has ended without releasing; null if nobody need be told
     */
    public Line(
            Object piece, Node node, String what, String directory, int count, @Nullable Consumer<Grant> ended) {
        this.piece = piece;
        this.node = node;
        this.what = what;
        this.directory = directory;
        this.count = count;
        this.places = new Places(directory, node.name(), count);
        this.ended = ended;
    }

    /** One call that waits in the node's own line. */
    private static final class Call extends WaitingCalls.Call<Call> {

        private final Thread thread = Thread.currentThread();

        /** Whether it only tries: it waits for the store, but for nobody's release. */
        private final boolean tries;

        /** What it is given; written before it is woken. */
        private @Nullable Grant grant;

        private Call(Object waitingFor, boolean tries) {
            super(waitingFor);
            this.tries = tries;
        }
    }

    // ---- for callers ----

    /**
     * Waits for a place.
     *
     * @param limit null for none; zero or less only tries
     * @return the grant; null if there was none in time
     * @throws ClosedException if the node has left, or leaves meanwhile
     */
    public @Nullable Grant acquire(@Nullable Duration limit) {
        CancelScope.throwIfCancelled();
        node.requireOpen();
        boolean tries = limit != null && !limit.isPositive();
        Call call = new Call(this, tries);
        synchronized (this) {
            if (tries && (!node.isJoined() || isHopeless())) {
                return null;
            }
            calls.add(call);
            assign();
            if (call.grant == null) {
                callClerk();
            }
        }
        try {
            calls.await(call, tries ? null : limit);
        } finally {
            if (!call.waiter.isCompleted()) {
                ring(); // nobody may want the entry any more
            }
        }
        if (call.grant != null) {
            call.grant.taken = true;
        }
        return call.grant;
    }

    /** Gives a place up, lost or not; whether it was not given up before. Does not wait. */
    public synchronized boolean release(Grant grant) {
        if (!grants.remove(grant)) {
            return false;
        }
        places.release(grant);
        assign();
        ring();
        return true;
    }

    /** What tasks and threads of this node have been given and not released, lost or not, the oldest first. */
    public synchronized List<Grant> grants() {
        return List.copyOf(grants);
    }

    /** What a task or thread has been given and not released, lost or not. */
    public Optional<Grant> grantOf(Thread holder) {
        return grants().stream().filter(grant -> grant.holder() == holder).findFirst();
    }

    /** Who has places and how long the first call of this node has waited, for reports. */
    public PartDetail detail() {
        Stream<Holder> here = grants().stream().filter(grant -> !grant.isLost())
                .map(grant -> Holder.of(Holders.name(grant.holder()), grant.holder(), -1));
        Stream<Holder> there = holdersSeen().stream().filter(holder -> !holder.equals(node.name()))
                .map(holder -> new Holder("node " + holder, 0, -1, null));
        return new PartDetail(Stream.concat(here, there).limit(PartDetail.MAX_HOLDERS).toList(),
                PartDetail.waited(calls.firstWaiter()));
    }

    /** How many calls of this node wait. */
    public int waiting() {
        return calls.count();
    }

    /** The names of the nodes that have a place, the first of the line first, as this node has last heard. */
    public List<String> holdersSeen() {
        return places.holdersSeen();
    }

    /**
     * The names of the nodes that have a place, the first of the line first, as the store has it now. Waits for its
     * answer.
     *
     * @throws StoreUnavailableException if the store does not answer
     * @throws SessionLostException if the session is over
     * @throws ClosedException if the node has left
     */
    public List<String> askHolders() {
        return places.holders(node.lease().store().list(directory, ReadConsistency.FRESH).join().entries());
    }

    /** The names of the nodes that stand in a line, in its order, from the entries of its directory. */
    public static List<String> nodes(Collection<Entry> entries) {
        return Places.nodes(entries);
    }

    /** How many entries stand in the line, served ones among them, as this node has last heard. */
    public int lengthSeen() {
        return places.lengthSeen();
    }

    /** The threads of this node that have a place; those of others are none. */
    @Override
    public List<Thread> holders() {
        return grants().stream().filter(grant -> !grant.isLost()).map(Grant::holder).toList();
    }

    /** What a call here does: {@code acquiring cluster mutex orders, held by node b}. */
    @Override
    public String toString() {
        List<String> holders = holdersSeen();
        return "acquiring " + what + (holders.isEmpty() ? "" : ", held by node " + String.join(", ", holders));
    }

    // ---- behind the monitor ----

    /** Whether a call that tries need not even ask: somebody of this node waits, or has the last place. */
    private boolean isHopeless() {
        return !calls.isEmpty() || places.hasAll();
    }

    private void callClerk() {
        if (!served) {
            node.serve("the line of " + what, this::serve);
            node.uses(new Piece(directory, count));
            served = true;
        }
        ring();
    }

    private synchronized void ring() {
        if (bell != null) {
            bell.trySend(true);
        }
    }

    /** Gives places that this node has to its calls. */
    private void assign() {
        Lease mayGrant = lease;
        if (mayGrant == null) {
            return;
        }
        places.letGo();
        if (!calls.isEmpty() && mayGrant.isTrusted()) {
            places.served().forEach(place -> give(place, mayGrant));
        }
    }

    private void give(Place place, Lease under) {
        for (Call call = calls.poll(); call != null; call = calls.poll()) {
            Grant grant = new Grant(what, under, under.token(place.created()), call.thread);
            call.grant = grant;
            place.give(grant);
            grants.add(grant);
            if (call.waiter.complete()) {
                return;
            }
            grants.remove(grant);
            place.takeBack();
        }
    }

    /** Tells those who only try that they must wait; all of them, if there is no lease. */
    private void refuseTries(boolean all) {
        boolean refused = all || places.mustWait();
        Call next;
        for (Call call = calls.first(); call != null && refused; call = next) {
            next = call.next();
            if (call.tries) {
                calls.remove(call);
                call.waiter.complete();
            }
        }
    }

    // ---- the clerk ----

    private void serve() {
        RuntimeException failure = new ClosedException("the node has left the cluster " + node.cluster());
        var service = node.supervised("the line of " + what);
        boolean idle = false;
        try {
            Channel<Boolean> rung = Channel.of(1);
            open(rung);
            while (!idle) {
                idle = tryToServeUnder(node.lease(), rung, service);
            }
        } catch (ClosedException e) {
            failure = e;
        } finally {
            if (!idle) {
                leaveWith(failure);
            }
        }
    }

    private synchronized void open(Channel<Boolean> rung) {
        bell = rung;
        if (!node.isJoined()) {
            refuseTries(true);
        }
    }

    /** A failure ends the lease: its entries in the line, of which nobody knows any more, go with it. */
    private boolean tryToServeUnder(Lease now, Channel<Boolean> rung, Supervised service) {
        try {
            return serveUnder(now, rung);
        } catch (CancelledException e) {
            throw e;
        } catch (RuntimeException | Error e) {
            Duration pause = service.failed(e);
            now.end(Throwables.text("the line of " + what + " failed", e));
            Heddle.sleep(pause);
            return false;
        }
    }

    /** Serves until nothing is left to do, or the lease is over; whether it is the former. */
    private boolean serveUnder(Lease now, Channel<Boolean> rung) {
        boolean left = false;
        Handle over = now.over().onDone(_ -> rung.trySend(true));
        try (DirectoryView view = now.openView(directory)) {
            begin(now);
            view.onPicture(seen -> see(now, seen));
            view.onDeleted(deletion -> hear(now, deletion));
            while (!left && !now.over().isDone()) {
                if (work(now)) {
                    left = rung.receiveWithin(STAYS).isEmpty() && leave();
                } else if (mustLook()) {
                    rung.receiveWithin(LOOK_EVERY);
                } else {
                    rung.receive();
                }
                releaseOfEnded();
            }
            return left;
        } finally {
            over.cancel(); // a lease lives longer than many clerks
            if (!left) {
                lose(now.over().isDone() ? now.over().join() : "this node serves the line no more");
            }
        }
    }

    private synchronized void begin(Lease now) {
        lease = now;
    }

    private synchronized void see(Lease under, Picture seen) {
        if (lease == under) {
            places.see(seen, under::skip);
            look();
        }
    }

    /** An entry is deleted: who stands behind it does not wait for the picture without it. */
    private synchronized void hear(Lease under, WatchEvent.Changed deletion) {
        if (lease == under && places.hear(deletion.key().name(), deletion.stamp())) {
            look();
        }
    }

    private void look() {
        tellOfOtherCount();
        assign();
        ring();
    }

    /** Sends what there is to send. Whether there is nothing to do at all. */
    private boolean work(Lease now) {
        Places.Change change;
        synchronized (this) {
            assign();
            refuseTries(false);
            if (resting) {
                return false;
            }
            change = places.next(calls.size(), now::uniqueName);
            if (change.ops().isEmpty()) {
                return places.isEmpty() && calls.isEmpty();
            }
        }
        now.commits().start(change.ops()).onDone(known -> answered(now, change, known.join()));
        return false;
    }

    private synchronized void answered(Lease under, Places.Change change, CommitOutcome outcome) {
        if (lease != under) {
            return; // the places are forgotten already
        }
        switch (outcome) {
            case CommitOutcome.Committed(long stamp) -> {
                failures = 0;
                places.done(change, stamp);
            }
            case CommitOutcome.Refused(int index, var _) -> places.undo(change, index);
            case CommitOutcome.NotSent _ -> {
                places.undo(change, -1);
                rest(under);
            }
            case CommitOutcome.Unknown _,CommitOutcome.SessionLost _ -> {} // the lease is over
        }
        ring();
    }

    private void rest(Lease under) {
        resting = true;
        node.loop().callLater(under.backoff().delay(++failures), () -> {
            synchronized (this) {
                resting = false;
                ring();
            }
        });
    }

    private boolean mustLook() {
        return ended != null && grants().stream()
                .anyMatch(grant -> !grant.isLost() && (!grant.taken || Task.ofThread(grant.holder()).isEmpty()));
    }

    private void releaseOfEnded() {
        if (ended == null) {
            return;
        }
        for (Grant grant : grants()) {
            if (Holders.hasEnded(grant.holder())) {
                ended.accept(grant);
            }
        }
    }

    /** Goes, unless something has come in the last moment. The next call finds no clerk, and calls one. */
    private synchronized boolean leave() {
        if (!places.isEmpty() || !calls.isEmpty()) {
            return false;
        }
        forget();
        served = false;
        bell = null;
        return true;
    }

    /** The lease is over: nothing here is ours any more. */
    private synchronized void lose(String why) {
        forget();
        for (Grant grant : grants) {
            grant.lose(why);
        }
        refuseTries(true);
    }

    private void forget() {
        lease = null;
        places.forget();
        failures = 0;
    }

    private synchronized void leaveWith(RuntimeException failure) {
        served = false;
        bell = null;
        calls.failAll(failure);
    }

    private void tellOfOtherCount() {
        if (!told && !calls.isEmpty()) {
            places.whoCountsOtherwise().ifPresent(other -> {
                told = true;
                Supervised.tell(node.loop(), new HeddleException(
                        what + " has another number of permits on node " + other + " than the " + count + " here"));
            });
        }
    }
}
