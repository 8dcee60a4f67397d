package dev.heddle.process.shared;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.process.SharedMemory;
import dev.heddle.process.internal.codec.Parcel;
import dev.heddle.sync.QueueStatistics;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The queue behind a shared one, in its manager: a {@link Ring} that processes put into and take from by themselves, and
 * what they cannot: waiting, elements that do not fit, the count of what is done, the end.
 *
 * <pre>
 *   put ─▶ behind it, in the manager ─▶ the ring ─▶ take
 *   put ───only while nothing is behind────┘
 * </pre>
 *
 * <p>What is behind moves up while takes make room. What is longer than the ring stays behind until the ring is empty, and
 * is taken through the manager.
 *
 * <p>Confined to the manager's loop.
 */
final class QueueObject implements QueueCalls, ManagerSession.Departure {

    /** How soon it is looked again whether a process has ended, or left a lock; then twice as late each time. */
    private static final Duration SOON = Duration.ofMillis(1);

    private static final Duration LATEST_LOOK = Duration.ofSeconds(1);

    private final int capacity;

    /** Null if the ring is of this process alone. */
    private final @Nullable SharedMemory memory;

    private final Ring ring;
    private final QueueLedger ledger;
    private final ArrayDeque<Parcel> behind = new ArrayDeque<>();
    private final QueueLine takers = new QueueLine("an element of a shared queue");
    private final QueueLine putters = new QueueLine("room in a shared queue");
    private final QueueLine finishers = new QueueLine("all elements of a shared queue to be done");
    private volatile boolean removed;

    /** Gives the memory back; must not fail. */
    private final Runnable release;

    private QueueObject(int capacity, @Nullable SharedMemory memory, MemorySegment segment, Runnable release) {
        this.capacity = capacity;
        this.release = release;
        this.memory = memory;
        this.ring = new Ring(segment, capacity);
        this.ledger = new QueueLedger(ring);
    }

    /** Makes one whose processes make calls only. */
    static QueueObject ofCalls(int capacity, long dataBytes) {
        var words = new long[(int) (Ring.bytes(dataBytes) / Long.BYTES)];
        return new QueueObject(capacity, null, MemorySegment.ofArray(words), () -> {});
    }

    /**
     * Makes one with a ring in memory that processes share.
     *
     * @param release gives the memory back; must not fail
     */
    static QueueObject in(SharedMemory memory, int capacity, Runnable release) {
        return new QueueObject(capacity, memory, memory.segment(), release);
    }

    /** No more calls come, and no process uses the ring from now on. Any thread. */
    void remove() {
        if (!removed) {
            removed = true;
            ring.shut();
        }
    }

    /** Lets go of the memory of one that was removed. On the loop, or behind its end. */
    void letGo() {
        if (memory != null && !memory.isClosed()) {
            release.run();
        }
    }

    @Override
    public Optional<Place> enter() {
        ManagerSession session = caller();
        if (memory == null || session == null || !session.isProcessKnown()) {
            return Optional.empty();
        }
        int account = ledger.open(session);
        if (account == RingAccounts.NOBODY) {
            return Optional.empty();
        }
        session.onEnd(this);
        return Optional.of(new Place(memory, capacity, account));
    }

    private static @Nullable ManagerSession caller() {
        return RemoteCaller.current().map(RemoteCaller::session).orElse(null);
    }

    /** Somebody has changed the ring, or the end of a process has. */
    void changed() {
        try {
            if (!removed) {
                moveUp();
            }
        } catch (BrokenException e) {
            // As each call finds.
        }
        takers.changed();
        putters.changed();
        finishers.changed();
    }

    private void requireThere() {
        if (removed) {
            throw new ClosedException("the queue was taken out of its manager");
        }
    }

    // ---- putting ----

    @Override
    public void put(Parcel element) {
        putters.tryUntilDone(waiting(() -> putOnce(element), Ring.Flag.ROOM));
    }

    @Override
    public boolean putWithin(Parcel element, Duration limit) {
        return putters.tryWithin(limit, waiting(() -> putOnce(element), Ring.Flag.ROOM)).isPresent();
    }

    @Override
    public boolean tryPut(Parcel element) {
        return putters.tryNow(() -> putOnce(element)) != null;
    }

    /** An attempt that has itself told of changes, before it fails. */
    private <R> Supplier<@Nullable R> waiting(Supplier<@Nullable R> attempt, Ring.Flag flag) {
        return () -> {
            R first = attempt.get();
            if (first != null) {
                return first;
            }
            ring.want(flag);
            return attempt.get();
        };
    }

    private @Nullable Boolean putOnce(Parcel element) {
        requireThere();
        Ring.Step step = behind.isEmpty() ? ring.put(Ring.MANAGER, element.bytes()) : Ring.Step.NO_ROOM;
        return switch (step) {
            case DONE -> {
                takers.changed();
                yield true;
            }
            case NO_ROOM -> putBehind(element);
            case CLOSED -> throw closed();
            case BUSY -> {
                putters.foundBusy();
                yield null;
            }
            case FULL, GATED, EMPTY -> null;
        };
    }

    private @Nullable Boolean putBehind(Parcel element) {
        ring.gate(true);
        if (ring.isClosed()) {
            throw closed();
        }
        if (ring.size() + behind.size() >= capacity) {
            moveUp();
            return null;
        }
        behind.add(element);
        moveUp();
        takers.changed();
        return true;
    }

    private static ClosedException closed() {
        return new ClosedException("the queue is closed");
    }

    /** Moves up what is behind, as far as there is room, and opens the gate behind it. */
    private void moveUp() {
        while (!behind.isEmpty() && ring.moveUp(behind.getFirst().bytes()) == Ring.Step.DONE) {
            behind.removeFirst();
        }
        if (behind.isEmpty()) {
            ring.gate(false);
        } else {
            ring.want(Ring.Flag.ROOM);
        }
    }

    // ---- taking ----

    @Override
    public Parcel take() {
        return takers.tryUntilDone(waiting(this::takeOrEnd, Ring.Flag.ELEMENT));
    }

    @Override
    public Optional<Parcel> takeWithin(Duration limit) {
        return takers.tryWithin(limit, waiting(this::takeOrEnd, Ring.Flag.ELEMENT));
    }

    @Override
    public Optional<Parcel> tryTake() {
        return Optional.ofNullable(takers.tryNow(this::takeOnce));
    }

    private @Nullable Parcel takeOrEnd() {
        requireThere();
        // Looked at before: what is put later is refused.
        boolean ended = ring.isClosed();
        Parcel element = takeOnce();
        if (element == null && ended && !takers.isBusy()) {
            throw closed();
        }
        return element;
    }

    private @Nullable Parcel takeOnce() {
        requireThere();
        ManagerSession session = caller();
        int account = ledger.account(session);
        byte[] bytes = ring.take(Ring.MANAGER, account);
        if (bytes == Ring.BUSY) {
            takers.foundBusy();
            return null;
        }
        Parcel element = bytes == null ? takeFromBehind(account) : new Parcel(bytes);
        if (element != null) {
            ledger.taken(session);
            if (session != null) {
                session.onEnd(this);
            }
            moveUp();
            putters.changed();
        }
        return element;
    }

    private @Nullable Parcel takeFromBehind(int account) {
        if (behind.isEmpty()) {
            return null;
        }
        Ring.Step step = ring.countTaken(account);
        if (step != Ring.Step.DONE) {
            takers.foundBusy();
            return null;
        }
        ledger.takenElsewhere();
        return behind.removeFirst();
    }

    // ---- keeping count ----

    @Override
    public void taskDone() {
        requireThere();
        if (!ledger.done(caller())) {
            throw new IllegalStateException("taskDone was called more often than elements were taken");
        }
        finishers.changed();
    }

    @Override
    public void awaitAllDone() {
        finishers.tryUntilDone(this::allDone);
    }

    @Override
    public boolean awaitAllDoneWithin(Duration limit) {
        return limit.isPositive()
                ? allDone() != null || Heddle.moveOnAfter(limit, this::awaitAllDone)
                : finishers.look(this::allDone) != null;
    }

    private @Nullable Boolean allDone() {
        requireThere();
        ring.want(Ring.Flag.ALL_DONE);
        long inRing = ring.unfinished();
        if (inRing < 0) {
            finishers.foundBusy();
            return null;
        }
        long unfinished = inRing + behind.size();
        if (unfinished > 0 && unfinished == ledger.lost()) {
            throw new BrokenException(ledger.loss() + "; put again what must be done, then call repair()");
        }
        return unfinished == 0 ? true : null;
    }

    @Override
    public long repair() {
        requireThere();
        long repaired = ledger.writeOff();
        finishers.changed();
        return repaired;
    }

    @Override
    public void departed(ManagerSession session) {
        untilDone(() -> !ledger.departed(session), Heddle.currentLoop(), SOON);
    }

    /** Makes attempts, each twice as late as the one before, until one is done or the queue is gone. */
    private void untilDone(BooleanSupplier attempt, Loop loop, Duration again) {
        if (removed) {
            return;
        }
        if (attempt.getAsBoolean()) {
            changed();
        } else {
            Duration later = again.multipliedBy(2);
            loop.callLater(
                    again, () -> untilDone(attempt, loop, later.compareTo(LATEST_LOOK) < 0 ? later : LATEST_LOOK));
        }
    }

    // ---- ending, and facts ----

    @Override
    public void close() {
        requireThere();
        ring.close();
        changed();
    }

    @Override
    public void abort() {
        requireThere();
        ring.close();
        behind.clear();
        if (takers.look(this::clear) == null) {
            untilDone(() -> clear() != null, Heddle.currentLoop(), SOON);
        }
        changed();
    }

    private @Nullable Boolean clear() {
        try {
            if (!removed && ring.clear() == Ring.Step.BUSY) {
                takers.foundBusy();
                return null;
            }
        } catch (BrokenException e) {
            // As each call finds.
        }
        return true;
    }

    @Override
    public boolean isClosed() {
        requireThere();
        return ring.isClosed();
    }

    @Override
    public QueueStatistics statistics() {
        requireThere();
        int size = ring.size() + behind.size();
        return new Statistics(
                capacity, size, size + ring.accounts().open(), putters.size(), takers.size(), ring.isClosed());
    }

    /** What the statistics are, at one moment. */
    record Statistics(int capacity, int size, long unfinished, int waitingPutters, int waitingTakers, boolean closed)
            implements
                QueueStatistics {}
}
