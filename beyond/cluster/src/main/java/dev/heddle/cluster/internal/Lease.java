package dev.heddle.cluster.internal;

import dev.heddle.Action;
import dev.heddle.Backoff;
import dev.heddle.FailureHandler;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.Loop;
import dev.heddle.Promise;
import dev.heddle.Task;
import dev.heddle.cluster.OutcomeUnknownException;
import dev.heddle.cluster.Token;
import dev.heddle.cluster.internal.DirectoryView.Picture;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Lifetime;
import dev.heddle.cluster.store.Listing;
import dev.heddle.cluster.store.Op;
import dev.heddle.cluster.store.ReadConsistency;
import dev.heddle.cluster.store.SessionLostException;
import dev.heddle.cluster.store.SessionOptions;
import dev.heddle.cluster.store.Store;
import dev.heddle.cluster.store.StoreEngine;
import dev.heddle.cluster.store.StoreState;
import dev.heddle.cluster.store.StoreUnavailableException;
import dev.heddle.internal.Durations;
import dev.heddle.internal.Supervised;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One session of a node with the store, from opening it until the node no longer believes in it. What the node owns, it
 * owns under a lease: locks, its membership, the bodies that run for others.
 *
 * <p>The store may take the session away without our hearing of it. So a lease ends by our own clock, earlier: when the
 * last call that the store has answered was sent longer ago than two thirds of the timeout.
 *
 * <pre>
 *   open ──▶ trusted ── no answer for 2/3 of the timeout, the store took it, close ──▶ over
 * </pre>
 *
 * <p>Threads: any.
 */
public final class Lease implements AutoCloseable {

    private static final Key INCARNATION = new Key("cluster", "incarnation");

    /** What a node has seen that was in no store before. */
    public static final Token NOTHING_SEEN = new Token(0, 0);

    private static final String OVER = "the node's session is over";

    /** Entries that were told as unreadable; of more, nothing is told. */
    private static final int MAX_SKIPPED = 1_000;

    private final Store store;
    private final Loop loop;
    private final Token first;
    private final Commits commits;
    private final Backoff backoff;
    private final Map<String, DirectoryView> views = new ConcurrentHashMap<>();
    private final Queue<Task<Void>> services = new ConcurrentLinkedQueue<>();
    private final AtomicLong names = new AtomicLong();
    private final GroupCommits groupCommits;
    private final Promise<String> over = new Promise<>();
    private final Set<Key> skipped = ConcurrentHashMap.newKeySet();

    private Lease(Store store, Backoff backoff, Token before) {
        this.store = store;
        this.loop = Heddle.currentLoop();
        this.backoff = backoff;
        this.commits = new Commits(store, loop, backoff);
        this.groupCommits = new GroupCommits(this);
        this.first = look(before);
    }

    /**
     * Opens a session.
     *
     * <p>Cancellation: a cancelled call leaves no session behind.
     *
     * @param before the {@link #newest()} of this node's last lease; {@link #NOTHING_SEEN} if it had none
     * @throws StoreUnavailableException if the store cannot be reached, or is not the one that it was before
     * @throws StoreRestoredException if it is the one that it was before, as it was earlier
     */
    public static Lease open(StoreEngine engine, SessionOptions options, Backoff backoff, Token before) {
        Store store = engine.open(options);
        boolean opened = false;
        try {
            Lease lease = new Lease(store, backoff, before);
            store.onState(state -> {
                if (state instanceof StoreState.Lost(String cause)) {
                    lease.end(cause);
                }
            });
            if (store.state() instanceof StoreState.Lost(String cause)) {
                throw new SessionLostException(cause);
            }
            lease.serve("a node's fence", lease::watchFence);
            opened = true;
            return lease;
        } finally {
            if (!opened) {
                Heddle.shield(store::close);
            }
        }
    }

    /**
     * Reads since when the store is used, or writes it if this is the first node of all. For a node it only rises, and
     * so do its tokens, whatever the clocks say: a node begins a wiped store later than the one it knows, and stays
     * away from one that was begun earlier, since it is another cluster's or the clock that began it is far behind. It
     * stays away from one that has gone back, too: a fresh listing is never older than what this node has seen.
     */
    private Token look(Token before) {
        long now = Math.max(loop.engine().now().toEpochMilli(), before.incarnation() + 1);
        while (true) {
            Listing listing = store.list(INCARNATION.directory(), ReadConsistency.FRESH).join();
            Optional<Entry> entry = listing.entries().stream()
                    .filter(each -> each.key().equals(INCARNATION))
                    .findFirst();
            if (entry.isPresent()) {
                Token found = new Token(Forms.number(entry.get()), listing.stamp());
                if (found.incarnation() < before.incarnation()) {
                    var another = new StoreUnavailableException("the store is not the one that it was: it is used "
                            + "since " + Instant.ofEpochMilli(found.incarnation())
                            + ", and before this node was in one that is used since "
                            + Instant.ofEpochMilli(before.incarnation())
                            + ": is it another cluster's, or was it wiped?");
                    FailureHandler.LOG.failed("the node stays apart from its cluster", another);
                    throw another;
                }
                if (found.compareTo(before) < 0) {
                    throw new StoreRestoredException(before, found.order(), INCARNATION.toString());
                }
                tellIfBegunAnew(before, found);
                return found;
            }
            Bytes value = Bytes.utf8(Long.toString(now));
            commits.commit(List.of(new Op.Create(INCARNATION, value, Lifetime.DURABLE)));
        }
    }

    /** What was in the store that the node knew is gone, and nobody else would say so. */
    private static void tellIfBegunAnew(Token before, Token found) {
        if (before.incarnation() != NOTHING_SEEN.incarnation() && found.incarnation() > before.incarnation()) {
            FailureHandler.LOG.failed("the node goes on in a store that was begun anew", new HeddleException(
                    "the store is used since " + Instant.ofEpochMilli(found.incarnation())
                            + ", and before this node was in one that is used since "
                            + Instant.ofEpochMilli(before.incarnation()) + ": unless somebody has removed its entry "
                            + INCARNATION + ", it was wiped, and jobs, schedules and values are lost. Restart the"
                            + " nodes, which say their schedules again"));
        }
    }

    /** Since when the store is used, in milliseconds by the clock of the first node of all. */
    public long incarnation() {
        return first.incarnation();
    }

    /** The highest token of what this node has seen: of its own commits, and of the directories that it follows. */
    public Token newest() {
        long stamp = Math.max(first.order(), commits.newest());
        for (DirectoryView view : views.values()) {
            stamp = Math.max(stamp, view.picture().map(Picture::stamp).orElse(0L));
        }
        return token(stamp);
    }

    /** The session. */
    public Store store() {
        return store;
    }

    /** Commits of this session. */
    public Commits commits() {
        return commits;
    }

    /** Commits of this session, several of which may travel as one. */
    public GroupCommits groupCommits() {
        return groupCommits;
    }

    /** How long to wait between tries while the store does not answer. */
    public Backoff backoff() {
        return backoff;
    }

    /** The loop whose tasks do what the node does by itself. */
    public Loop loop() {
        return loop;
    }

    /** The wall clock, for people: milliseconds since 1970. */
    public long wallMillis() {
        return loop.engine().now().toEpochMilli();
    }

    /** The fencing token of what was created with a stamp. */
    public Token token(long stamp) {
        return new Token(incarnation(), stamp);
    }

    /** A name that nobody else gives an entry. */
    public String uniqueName() {
        return Long.toHexString(store.session().id()) + '-' + names.incrementAndGet();
    }

    /** A directory that is followed from the first call on until the lease is over. */
    public DirectoryView view(String directory) {
        return views.computeIfAbsent(directory, this::openView);
    }

    /** The last picture of a directory, if it is followed; does not wait, and follows nothing. */
    public Optional<Picture> seen(String directory) {
        return Optional.ofNullable(views.get(directory)).flatMap(DirectoryView::picture);
    }

    /** A directory that is followed for the caller alone, until it is closed or the lease is over. */
    public DirectoryView openView(String directory) {
        DirectoryView view = new DirectoryView(store, over, directory, backoff);
        view.followIn(serve("the directory " + directory + " of a cluster", view::follow));
        return view;
    }

    /**
     * Runs a body on the node's loop, which is cancelled when the lease is over. A failure is told, and the body begins
     * anew.
     */
    public Task<Void> serve(String name, Action body) {
        Task<Void> service = loop.spawn(name, () -> supervised(name).run(body, over::isDone));
        services.add(service);
        if (over.isDone()) {
            service.cancel(OVER); // close may have looked before
        }
        service.onDone(services::remove);
        return service;
    }

    /** A service of the node under this lease. */
    public Supervised supervised(String name) {
        return new Supervised(name, backoff, Lease::isOfStore);
    }

    /** Whether a failure is what the store does to every node: silence, and the end of a session. */
    public static boolean isOfStore(Throwable failure) {
        return failure instanceof StoreUnavailableException
                || failure instanceof SessionLostException
                || failure instanceof OutcomeUnknownException;
    }

    /** Tells people, once under this lease, of an entry that is not what this version can read and is passed over. */
    public void skip(Key key) {
        if (skipped.size() < MAX_SKIPPED && skipped.add(key)) {
            Supervised.tell(loop, new HeddleException("the entry " + key + " of the store is not what this version of "
                    + "Heddle can read, and is passed over: has another program written it?"));
        }
    }

    /** Whether what the session owns is surely still its own: by this clock, and if its steps are not too slow. */
    public boolean isTrusted() {
        return !over.isDone() && trustedFor().isPositive();
    }

    /** For how long the session may be believed in if the store is not heard of any more; may be negative. */
    public Duration trustedFor() {
        long trust = store.session().timeout().toNanos() / 3 * 2;
        return Duration.ofNanos(store.heardAt() + trust - loop.nanoTime());
    }

    /** Completed with the cause when the lease is over. */
    public Promise<String> over() {
        return over;
    }

    private void watchFence() {
        while (!over.isDone()) {
            Duration left = trustedFor();
            if (left.isPositive()) {
                Heddle.sleep(left);
            } else {
                end("the store has not answered for two thirds of the session's timeout of "
                        + Durations.words(store.session().timeout()));
            }
        }
    }

    /** Ends it: what the node owns by it is no more its own, and the node joins again under another. Does not wait. */
    public void end(String cause) {
        over.tryComplete(cause);
    }

    /**
     * Ends it, gives up what it owns in the store, and waits for that, at most for the session's timeout.
     *
     * <p>Cancellation: does not heed it.
     */
    @Override
    public void close() {
        end("the node has left the cluster");
        Heddle.shield(() -> {
            for (Task<Void> service : services) {
                service.cancel(OVER);
            }
            for (Task<Void> service : services) {
                service.awaitOutcome();
            }
            store.close();
        });
    }
}
